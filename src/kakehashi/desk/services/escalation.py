"""Handing a question up, with the reason; the answer; and a nudge where waiting has become long."""

from __future__ import annotations

from uuid import UUID, uuid5

from kakehashi.desk.domain.states import ConsultationState, may_move
from kakehashi.desk.models import Consultation, Escalation, Wait
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.work import escalation_line
from kakehashi.desk.services.movement import SUBJECT, Waiting, move
from kakehashi.desk.services.support import tell
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.business_days import business_days_between
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import acting_staff

S = ConsultationState
REMIND_AFTER_DAYS = 5


@service
def escalate_consultation(*, actor: Actor, consultation: Consultation, to: Person, reason: str) -> Escalation:
    """Hand a question up to somebody of the asker's line, or of the whole body, with the reason; they are told.

    Where the work has begun it waits for them from now, and its clock runs on their name. Raises DomainError without a reason
    or for somebody who stands in no line, Stale while the same person has not answered yet.
    """
    require(actor, DeskPermission.SUPPORT)
    if not reason.strip():
        raise DomainError("上に相談する理由を書いてください。", field="reason", code="required")
    rung = next((rung for rung in escalation_line(consultation) if rung.person.id == to.id), None)
    if rung is None:
        raise DomainError("この人は、相談した課の上にいません。", field="to", code="not_in_line")
    if Escalation.objects.filter(consultation=consultation, to=to, answered_at__isnull=True).exists():
        raise Stale("この人には、もう相談しています。返事を待っています。")
    escalation: Escalation = Escalation.objects.create(
        consultation=consultation, to=to, post_name=rung.post_name[:100], reason=reason.strip()[:500], asked_by=acting_staff(actor)
    )  # fmt: skip
    act, payload = uuid7(), {"to": f"{rung.post_name} {to.name}", "reason": escalation.reason[:300]}
    if may_move(consultation.status, S.WAITING_MANAGER):
        waiting = Waiting(f"{rung.post_name} {to.name}"[:60])
        move(
            actor, consultation, S.WAITING_MANAGER, "desk.consultation.escalated", act_id=act, payload=payload, waiting=waiting
        )  # fmt: skip
    else:
        record_event(
            actor=actor, code="desk.consultation.escalated", subject_kind=SUBJECT, subject_id=consultation.id,
            payload=payload, act_id=act,
        )  # fmt: skip
    words = f"「{consultation.task}」の相談について、判断をお願いします。\n理由：{escalation.reason}"
    tell(actor, consultation, "desk.escalated", to.id, to.name, f"判断をお願いします：{consultation.task}", words, act)
    return escalation


@service
def answer_escalation(*, actor: Actor, escalation: Escalation, answer: str) -> Escalation:
    """Answer what was handed up; only who was asked may. The supporter is told and the work can go on.

    Raises PermissionRefused for anybody else, DomainError without a word, Stale the second time.
    """
    require(actor, DeskPermission.READ)
    if escalation.to_id != actor.id:
        raise PermissionRefused(DeskPermission.READ)
    if not answer.strip():
        raise DomainError("返事を書いてください。", field="answer", code="required")
    changes = {"answer": answer.strip()[:500], "answered_at": clock.now()}
    if not Escalation.objects.filter(id=escalation.id, answered_at__isnull=True).update(**changes):
        raise Stale
    escalation.answer, escalation.answered_at = answer.strip()[:500], clock.now()
    consultation, act = escalation.consultation, uuid7()
    payload = {"answer": escalation.answer[:300]}
    if consultation.status is S.WAITING_MANAGER:
        target = S.IN_CYCLE if consultation.cycle else S.ASSIGNED
        move(actor, consultation, target, "desk.consultation.escalation_answered", act_id=act, payload=payload)
    else:
        record_event(
            actor=actor, code="desk.consultation.escalation_answered", subject_kind=SUBJECT,
            subject_id=consultation.id, payload=payload, act_id=act,
        )  # fmt: skip
    asked = escalation.asked_by
    words = f"{actor.label}から返事がありました。\n{escalation.answer}"
    tell(
        actor,
        consultation,
        "desk.escalated",
        asked.id,
        asked.name,
        f"返事がありました：{consultation.task}",
        words,
        act,
    )
    return escalation


@service
def remind_waits(*, government_id: UUID) -> int:
    """Tell supporters of what has waited five business days or whose answer is overdue, once each; return how many.

    Waiting is a fact, and the next act is named: ask again, or hand it up.
    """
    today, told = clock.today(), 0
    rows = Wait.objects.filter(until__isnull=True, reminded_at__isnull=True).select_related("consultation__supporter")
    for wait in rows.order_by("since")[:200]:
        days = business_days_between(wait.since.astimezone(clock.JST).date(), today)
        overdue = wait.answer_on is not None and wait.answer_on < today
        supporter = wait.consultation.supporter
        if supporter is None or (days < REMIND_AFTER_DAYS and not overdue):
            continue
        Wait.objects.filter(id=wait.id).update(reminded_at=clock.now())
        send_notice(
            actor=system_actor(government_id, "相談窓口"), kind="desk.waits_long",
            to=Recipient(person_id=supporter.id, name=supporter.name),
            subject=f"{days}営業日待っています：{wait.consultation.task}",
            body_text=f"{wait}の返事を待って{days}営業日です。もう一度聞くか、上に相談できます。",
            url=absolute_url(get_government(government_id), "desk-staff:consultation", wait.consultation_id),
            idempotency_key=uuid5(wait.id, "desk.waits_long"),
        )  # fmt: skip
        told += 1
    return told
