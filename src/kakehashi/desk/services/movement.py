"""How a consultation moves: compare and set its state, move its case, write the event, all in one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kakehashi.cases.services import move_case
from kakehashi.desk.domain.states import WAITING_ON, ConsultationState, case_phase, may_move, state_label
from kakehashi.desk.models import Consultation, Wait
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.search.services import index_text

SUBJECT = "desk.consultation"


@dataclass(frozen=True, slots=True)
class Waiting:
    """On whom a consultation waits, in words, and when the answer is expected."""

    who: str = ""
    answer_on: date | None = None


def move(
    actor: Actor,
    consultation: Consultation,
    target: ConsultationState,
    code: str,
    *,
    act_id: UUID | None = None,
    payload: dict[str, Any] | None = None,
    waiting: Waiting | None = None,
    **changes: Any,
) -> Consultation:
    """Bring a consultation to another state with its changes, in the caller's transaction; the clock of waiting follows.

    Raises DomainError when the road has no such step, Stale when somebody else moved it first.
    """
    source = consultation.status
    if not may_move(source, target):
        message = f"「{consultation.state_label}」の相談は、「{state_label(target)}」にできません。"
        raise DomainError(message, code="wrong_state")
    changes |= {"state": target.value}
    # A cycle of the same state changes nothing in the state column, so its number is compared too.
    moved = Consultation.objects.filter(id=consultation.id, state=source.value, cycle=consultation.cycle).update(
        **changes
    )
    if not moved:
        raise Stale
    for name, value in changes.items():
        setattr(consultation, name, value)
    act = act_id or uuid7()
    if consultation.case is not None:
        move_case(
            actor=actor,
            case=consultation.case,
            phase=case_phase(target),
            state_label=consultation.state_label,
            waiting_on=(waiting.who if waiting else "") or WAITING_ON.get(target, ""),
            act_id=act,
        )
    _clock(consultation, source, target, waiting)
    record_event(
        actor=actor,
        code=code,
        subject_kind=SUBJECT,
        subject_id=consultation.id,
        payload={"state": consultation.state_label, **(payload or {})},
        act_id=act,
    )
    index(consultation)
    return consultation


def _clock(
    consultation: Consultation, source: ConsultationState, target: ConsultationState, waiting: Waiting | None
) -> None:
    """Stop the clock that runs, start one where the consultation waits now; waiting on for the same goes on."""
    if source not in WAITING_ON and target not in WAITING_ON:
        return
    if source is target and waiting is None:
        return
    Wait.objects.filter(consultation=consultation, until__isnull=True).update(until=clock.now())
    if target in WAITING_ON:
        asked = waiting or Waiting()
        Wait.objects.create(
            consultation=consultation,
            kind=target.value,
            who=asked.who[:100],
            answer_on=asked.answer_on,
            since=clock.now(),
        )


def index(consultation: Consultation) -> None:
    """Let colleagues find a consultation, as it stands now, in the search of everything."""
    names = ("problem", "purpose", "desired_state", "cause", "what_was_done", "what_failed")
    index_text(
        government_id=consultation.government_id,
        kind=SUBJECT,
        object_id=consultation.id,
        title=consultation.task,
        fields={name: getattr(consultation, name) for name in names},
    )
