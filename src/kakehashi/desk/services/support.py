"""From a confirmed purpose to a result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse

from kakehashi.cases.services import assign_case, post_message
from kakehashi.desk.domain.states import WAITING_ON, ConsultationState
from kakehashi.desk.models import Consultation, Lesson, OodaCycle
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.manuals import ask_for_manual
from kakehashi.desk.services.movement import Waiting, move
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person

S = ConsultationState
NO_PURPOSE = "先に、目的と目指す状態を確認してください。道具や担当の話はその後です。"


@service
def assign_supporter(*, actor: Actor, consultation: Consultation, supporter: Person, reason: str) -> Consultation:
    """Decide who supports a consultation, with the reason that was shown, and tell both.

    Raises DomainError before the purpose is confirmed, and when the person has left.
    """
    require(actor, DeskPermission.SUPPORT)
    require_purpose(consultation)
    if not supporter.is_active:
        raise DomainError("この職員は在籍していません。", field="supporter")
    act = uuid7()
    move(
        actor, consultation, S.ASSIGNED, "desk.consultation.supporter_assigned", act_id=act,
        payload={"supporter": supporter.name, "reason": reason[:300]}, supporter_id=supporter.id, supporter_reason=reason[:300],
    )  # fmt: skip
    consultation.supporter = supporter
    if consultation.case is not None:
        assign_case(actor=actor, case=consultation.case, handler=supporter, act_id=act)
    words = f"「{consultation.task}」の相談は、{supporter.name}さんが支援します。"
    for person_id, name in ((supporter.id, supporter.name), (consultation.asked_by_id, consultation.asked_by.name)):
        tell(
            actor,
            consultation,
            "desk.assigned",
            person_id,
            name,
            f"支援担当が決まりました：{consultation.task}",
            words,
            act,
        )
    return consultation


@service
def record_cycle(*, actor: Actor, consultation: Consultation, line: str, decision: str, learned: str = "") -> OodaCycle:
    """Write one turn of observe, orient, decide, act: one line and what was decided; who stops says what was learned.

    Raises DomainError before the purpose is confirmed, without a line, for an unknown decision, for stopping without a lesson.
    """
    require(actor, DeskPermission.SUPPORT)
    require_purpose(consultation)
    if not line.strip():
        raise DomainError("見たこと・したことを一行で書いてください。", field="line", code="required")
    if decision not in OodaCycle.Decision.values:
        raise DomainError("次にどうするかを選んでください。", field="decision", code="required")
    if decision == OodaCycle.Decision.STOP and not learned.strip():
        raise DomainError("やめるときは、分かったことを一行残してください。", field="learned", code="required")
    number = consultation.cycle + 1
    move(
        actor, consultation, S.IN_CYCLE, "desk.consultation.cycle_recorded", cycle=number,
        payload={"number": number, "line": line.strip()[:300], "decision": decision},
    )  # fmt: skip
    cycle: OodaCycle = OodaCycle.objects.create(
        consultation=consultation, number=number, line=line.strip()[:300], decision=decision, written_by=actor.label
    )
    _learn(actor, consultation, learned)
    return cycle


def _learn(actor: Actor, consultation: Consultation, learned: str) -> None:
    if learned.strip():
        Lesson.objects.create(consultation=consultation, text=learned.strip()[:500], written_by=actor.label[:200])


@service
def wait_for(
    *,
    actor: Actor,
    consultation: Consultation,
    waiting: str,
    note: str = "",
    who: str = "",
    answer_on: date | None = None,
) -> Consultation:
    """Say what the work waits for: `waiting_manager`, `waiting_rule` or `waiting_vendor`; it goes on with `record_cycle`.

    `who` names whom, `answer_on` when the answer is expected; the clock runs from now. Waiting is a fact with a date, not a
    reproach. Raises DomainError for another state.
    """
    require(actor, DeskPermission.SUPPORT)
    if waiting not in WAITING_ON:
        raise DomainError("何を待つかを選んでください。", field="waiting", code="required")
    move(
        actor, consultation, S(waiting), "desk.consultation.waits",
        payload={"waiting_on": who.strip() or WAITING_ON[S(waiting)], "note": note.strip()[:300]},
        waiting=Waiting(who.strip()[:60], answer_on),
    )  # fmt: skip
    if note.strip() and consultation.case is not None:
        post_message(actor=actor, case=consultation.case, thread="internal", body=note.strip())
    return consultation


@service
def resolve_consultation(
    *,
    actor: Actor,
    consultation: Consultation,
    cause: str,
    what_was_done: str,
    what_failed: str,
    after_minutes: Decimal | None,
    after_cases: int | None,
    before_sheets: int | None = None,
    after_sheets: int | None = None,
    migration_hours: Decimal | None = None,
    is_discontinued: bool = False,
    learned: str = "",
) -> Consultation:
    """Close a consultation as solved, with what was done, what it changed and what was learned.

    Minutes and sheets are for one case, `after_cases` for a year, `migration_hours` the one-time work of changing over.
    `is_discontinued`: the task itself was given up, so nothing is left of it. Raises DomainError without a word on what
    was done, or on negative numbers.
    """
    require(actor, DeskPermission.SUPPORT)
    require_purpose(consultation)
    if not what_was_done.strip():
        raise DomainError("何をしたかを書いてください。", field="what_was_done", code="required")
    numbers = {
        "after_minutes": Decimal(0) if is_discontinued else after_minutes,
        "after_cases": 0 if is_discontinued else after_cases,
        "before_sheets": before_sheets,
        "after_sheets": 0 if is_discontinued and before_sheets is not None else after_sheets,
        "migration_hours": migration_hours,
    }
    for field, value in numbers.items():
        if value is not None and value < 0:
            raise DomainError("0以上の数を書いてください。", field=field)
    changes: dict[str, Any] = {
        **numbers, "cause": cause.strip(), "what_was_done": what_was_done.strip(),
        "what_failed": what_failed.strip(), "resolved_at": clock.now(),
    }  # fmt: skip
    for name, value in changes.items():
        setattr(consultation, name, value)
    act, effect = uuid7(), consultation.effect
    move(
        actor, consultation, S.DISCONTINUED_TASK if is_discontinued else S.RESOLVED, "desk.consultation.resolved",
        act_id=act, payload={"hours_released": str(effect.hours_released) if effect else None}, **changes,
    )  # fmt: skip
    ask_for_manual(actor=actor, consultation=consultation)
    _learn(actor, consultation, learned)
    tell(
        actor, consultation, "desk.resolved", consultation.asked_by_id, consultation.asked_by.name,
        f"相談が解決しました：{consultation.task}", consultation.what_was_done, act,
    )  # fmt: skip
    return consultation


def require_purpose(consultation: Consultation) -> None:
    """The purpose gate. Raises DomainError while purpose or wished state is not written."""
    if not consultation.has_purpose:
        raise DomainError(NO_PURPOSE, field="purpose", code="no_purpose")


def tell(
    actor: Actor, consultation: Consultation, kind: str, person_id: UUID, name: str, subject: str, words: str, act: UUID
) -> None:
    """Tell one person of an act on a consultation, once."""
    send_notice(
        actor=actor,
        kind=kind,
        to=Recipient(person_id=person_id, name=name),
        subject=subject,
        body_text=words,
        url=reverse("desk-staff:consultation", args=[consultation.id]),
        # One act tells one person once, whatever is sent twice.
        idempotency_key=uuid5(act, f"{kind}:{person_id}"),
    )
