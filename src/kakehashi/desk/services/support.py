"""From a confirmed purpose to a result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse

from kakehashi.cases.services import assign_case, post_message
from kakehashi.desk.domain.states import WAITING_ON, ConsultationState
from kakehashi.desk.hooks import get_promotion
from kakehashi.desk.models import Consultation, OodaCycle
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.manuals import ask_for_manual
from kakehashi.desk.services.movement import SUBJECT, move
from kakehashi.governments.selectors import room_is_on
from kakehashi.journal.services import record_event
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
    _require_purpose(consultation)
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
        _tell(
            actor,
            consultation,
            "desk.assigned",
            person_id,
            name,
            f"支援担当が決まりました:{consultation.task}",
            words,
            act,
        )
    return consultation


@service
def record_cycle(*, actor: Actor, consultation: Consultation, line: str, decision: str) -> OodaCycle:
    """Write one turn of observe, orient, decide, act: one line and what was decided.

    Raises DomainError before the purpose is confirmed, without a line, or for an unknown decision.
    """
    require(actor, DeskPermission.SUPPORT)
    _require_purpose(consultation)
    if not line.strip():
        raise DomainError("見たこと・したことを一行で書いてください。", field="line", code="required")
    if decision not in OodaCycle.Decision.values:
        raise DomainError("次にどうするかを選んでください。", field="decision", code="required")
    number = consultation.cycle + 1
    move(
        actor, consultation, S.IN_CYCLE, "desk.consultation.cycle_recorded", cycle=number,
        payload={"number": number, "line": line.strip()[:300], "decision": decision},
    )  # fmt: skip
    cycle: OodaCycle = OodaCycle.objects.create(
        consultation=consultation, number=number, line=line.strip()[:300], decision=decision, written_by=actor.label
    )
    return cycle


@service
def wait_for(*, actor: Actor, consultation: Consultation, waiting: str, note: str = "") -> Consultation:
    """Say what the work waits for: `waiting_manager`, `waiting_rule` or `waiting_vendor`; it goes on with `record_cycle`.

    Waiting is a fact with a date, not a reproach. Raises DomainError for another state.
    """
    require(actor, DeskPermission.SUPPORT)
    if waiting not in WAITING_ON:
        raise DomainError("何を待つかを選んでください。", field="waiting", code="required")
    move(
        actor, consultation, S(waiting), "desk.consultation.waits",
        payload={"waiting_on": WAITING_ON[S(waiting)], "note": note.strip()[:300]},
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
) -> Consultation:
    """Close a consultation as solved, with what was done and what it changed.

    Minutes and sheets are for one case, `after_cases` for a year, `migration_hours` the one-time work of changing over.
    `is_discontinued`: the task itself was given up, so nothing is left of it. Raises DomainError without a word on what
    was done, or on negative numbers.
    """
    require(actor, DeskPermission.SUPPORT)
    _require_purpose(consultation)
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
    _tell(
        actor, consultation, "desk.resolved", consultation.asked_by_id, consultation.asked_by.name,
        f"相談が解決しました:{consultation.task}", consultation.what_was_done, act,
    )  # fmt: skip
    return consultation


@service
def promote_consultation(*, actor: Actor, consultation: Consultation, kind: str) -> str:
    """Turn a consultation into a thing of another room, such as a procedure; return the path of its page.

    A second call returns the first thing. Raises DomainError before the purpose is confirmed, UnknownKey for a kind nobody
    registered.
    """
    require(actor, DeskPermission.SUPPORT)
    _require_purpose(consultation)
    # Two people press at once: the second waits here, and then finds what the first has made.
    locked = Consultation.objects.select_for_update().get(id=consultation.id)
    if locked.promoted_url:
        consultation.promoted_url, consultation.promoted_kind = locked.promoted_url, locked.promoted_kind
        return consultation.promoted_url
    promotion = get_promotion(kind)
    require(actor, promotion.permission)
    if not room_is_on(consultation.government_id, kind.partition(".")[0]):
        raise DomainError(
            f"この団体では「{promotion.label}」の機能を使っていません。今の方法で進め、相談の記録に書きとめてください。"
        )
    consultation.promoted_url = promotion.start(actor, consultation)
    consultation.promoted_kind = kind
    consultation.save(update_fields=["promoted_url", "promoted_kind"])
    record_event(
        actor=actor,
        code="desk.consultation.promoted",
        subject_kind=SUBJECT,
        subject_id=consultation.id,
        payload={"kind": kind, "url": consultation.promoted_url},
    )
    return consultation.promoted_url


def _require_purpose(consultation: Consultation) -> None:
    if not consultation.has_purpose:
        raise DomainError(NO_PURPOSE, field="purpose", code="no_purpose")


def _tell(
    actor: Actor, consultation: Consultation, kind: str, person_id: UUID, name: str, subject: str, words: str, act: UUID
) -> None:
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
