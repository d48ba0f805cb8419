"""Merging consultations that are one, and splitting one that is two. No message is moved, changed or lost."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kakehashi.cases.models import Message
from kakehashi.desk.domain.states import ConsultationState, is_open
from kakehashi.desk.models import CarriedMessage, Consultation, Intake, Merge, Split
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.joining import thread_of
from kakehashi.desk.services.consultations import file_draft, keep_answers
from kakehashi.desk.services.movement import SUBJECT, move
from kakehashi.desk.services.origins import intake_of
from kakehashi.desk.services.support import tell
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

S = ConsultationState


@service
def merge_consultations(*, actor: Actor, source: Consultation, target: Consultation, reason: str) -> Merge:
    """Let `source` go on in `target`: it is closed as 統合済み, its thread and files show there, its asker is told.

    Both must be open. Raises DomainError for one that is not or for merging with itself, and without a reason.
    """
    require(actor, DeskPermission.SUPPORT)
    if not reason.strip():
        raise DomainError("統合する理由を書いてください。", field="reason", code="required")
    # In one order, so that two who merge the same pair both ways cannot lock each other out.
    locked = {
        row.id: row
        for row in Consultation.objects.select_for_update(of=("self",))
        .select_related("case", "asked_by")
        .filter(id__in=[source.id, target.id])
        .order_by("id")
    }
    if len(locked) != 2:
        raise DomainError("別の相談を選んでください。", field="joins", code="same")
    if not all(is_open(row.status) for row in locked.values()):
        raise DomainError("終わった相談は統合できません。", field="joins", code="wrong_state")
    source, target, act = locked[source.id], locked[target.id], uuid7()
    merge: Merge = Merge.objects.create(
        source=source, target=target, reason=reason.strip()[:300], merged_by=actor.label[:200]
    )
    move(
        actor, source, S.MERGED, "desk.consultation.merged", act_id=act,
        payload={"into": str(target.id), "task": target.task, "reason": merge.reason},
    )  # fmt: skip
    record_event(
        actor=actor, code="desk.consultation.took_in", subject_kind=SUBJECT, subject_id=target.id,
        payload={"from": str(source.id), "task": source.task, "reason": merge.reason}, act_id=act,
    )  # fmt: skip
    words = f"「{source.task}」の相談は、同じ内容の「{target.task}」といっしょに進めます。\n理由：{merge.reason}"
    asker = source.asked_by
    tell(actor, target, "desk.joined", asker.id, asker.name, f"いっしょに進めます：{source.task}", words, act)
    return merge


@service
def split_consultation(
    *,
    actor: Actor,
    consultation: Consultation,
    part_id: UUID,
    task: str,
    problem: str,
    reason: str,
    message_ids: Sequence[UUID] = (),
) -> Consultation:
    """Take a second trouble out of a consultation into one of its own, for the same asker; return it. Twice is once.

    The chosen messages show there too and stay here. Raises DomainError without task, trouble or reason, for a closed
    consultation and for messages of another thread.
    """
    require(actor, DeskPermission.SUPPORT)
    earlier = Split.objects.select_related("part").filter(part_id=part_id, origin=consultation).first()
    if earlier is not None:
        made: Consultation = earlier.part
        return made
    if not reason.strip():
        raise DomainError("分ける理由を書いてください。", field="reason", code="required")
    if not is_open(consultation.status):
        raise DomainError("終わった相談は分けられません。", code="wrong_state")
    if consultation.case is None:
        raise NotFound
    shown = {entry.message.id for entry in thread_of(consultation) if entry.message is not None}
    if not set(message_ids) <= shown:
        raise DomainError("この相談の連絡から選んでください。", field="messages", code="foreign")
    answers = {
        "task": task.strip(), "problem": problem.strip(), "frequency": consultation.frequency, "rule": consultation.rule,
        "manager_knows": consultation.manager_knows,
    }  # fmt: skip
    part = keep_answers(consultation.asked_by, part_id, answers, department_id=consultation.department_id)
    origin = intake_of(consultation)
    Intake.objects.update_or_create(
        consultation=part,
        defaults={
            name: getattr(origin, name)
            for name in (
                "channel",
                "window",
                "came_from",
                "came_at",
                "boss",
                "due_wish",
                "zone",
                "has_personal_data",
                "system",
            )
        }
        | {"received_by": actor.label[:200]},
    )
    part = file_draft(actor, part)
    split = Split.objects.create(
        origin=consultation, part=part, reason=reason.strip()[:300], split_by=actor.label[:200]
    )
    messages = Message.objects.filter(id__in=message_ids).order_by("id")
    CarriedMessage.objects.bulk_create([CarriedMessage(split=split, message=message) for message in messages])
    record_event(
        actor=actor, code="desk.consultation.split", subject_kind=SUBJECT, subject_id=consultation.id,
        payload={"part": str(part.id), "task": part.task, "reason": split.reason, "messages": len(message_ids)},
    )  # fmt: skip
    return part
