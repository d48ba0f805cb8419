"""業務マニュアル: write, revise, retire; and the duty that a solved consultation leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid5

from django.urls import reverse

from kakehashi.desk.models import BusinessManual, Consultation, ManualDuty, ManualRevision
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.manuals import MANUAL_KIND, open_duties
from kakehashi.files.models import StoredFile
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Department
from kakehashi.search.services import index_text, remove_text

__all__ = [
    "ask_for_manual",
    "remind_of_manuals",
    "retire_manual",
    "revise_manual",
    "settle_duty",
    "write_manual",
]

SUBJECT, NOTICE = "desk.manual", "desk.manual"
REMIND_AFTER = timedelta(days=7)


@service
def write_manual(
    *,
    actor: Actor,
    task: str,
    title: str,
    body: str,
    department: Department | None,
    consultation: Consultation | None = None,
    file: StoredFile | None = None,
) -> BusinessManual:
    """Write the first revision of a manual; `consultation` names the solved one it comes from, whose duty ends with it.

    Raises DomainError without a task, a title or the steps.
    """
    require(actor, DeskPermission.MANUAL_WRITE)
    for field, value, message in (
        ("task", task, "業務の名前を書いてください。"), ("title", title, "題名を書いてください。"), ("body", body, "手順を書いてください。"),
    ):  # fmt: skip
        if not value.strip():
            raise DomainError(message, field=field, code="required")
    manual: BusinessManual = BusinessManual.objects.create(
        task=task.strip()[:100], title=title.strip()[:120], body=body.strip(), department=department
    )
    _add(actor, manual, "はじめの版", consultation, file)
    return manual


@service
def revise_manual(
    *,
    actor: Actor,
    manual: BusinessManual,
    body: str,
    why: str,
    expected: int,
    consultation: Consultation | None = None,
    file: StoredFile | None = None,
) -> ManualRevision:
    """Write the next revision. `expected` is the revision that was on the screen.

    Raises DomainError without a reason or without a change, Stale when a colleague was faster.
    """
    require(actor, DeskPermission.MANUAL_WRITE)
    if not body.strip():
        raise DomainError("手順を書いてください。", field="body", code="required")
    if not why.strip():
        raise DomainError("何がなぜ変わったかを一言書いてください。", field="why", code="required")
    if body.strip() == manual.body and file is None:
        raise DomainError("前の版と同じです。変えたところがありません。", field="body", code="same")
    changes = {"body": body.strip(), "revision": expected + 1, "changed_at": clock.now()}
    rows = BusinessManual.objects.filter(id=manual.id, revision=expected, retired_at__isnull=True)
    if not rows.update(**changes):
        raise Stale("ほかの人が先に直しました。新しい版を読んでから、もう一度直してください。")
    for name, value in changes.items():
        setattr(manual, name, value)
    return _add(actor, manual, why.strip()[:300], consultation, file)


@service
def retire_manual(*, actor: Actor, manual: BusinessManual, reason: str) -> None:
    """Take a manual out of use, because the work is gone; its revisions stay readable. Raises DomainError without a reason."""
    require(actor, DeskPermission.MANUAL_WRITE)
    if not reason.strip():
        raise DomainError("使わなくなった理由を書いてください。", field="reason", code="required")
    if not BusinessManual.objects.filter(id=manual.id, retired_at__isnull=True).update(retired_at=clock.now()):
        raise Stale
    remove_text(government_id=manual.government_id, kind=MANUAL_KIND, object_id=manual.id)
    _record(actor, "desk.manual.retired", manual, {"title": manual.title, "reason": reason.strip()[:300]})


@service
def ask_for_manual(*, actor: Actor, consultation: Consultation) -> ManualDuty:
    """Note that a solved consultation changed the work, so that its manual is to be changed; twice is once."""
    duty, _ = ManualDuty.objects.get_or_create(consultation=consultation)
    made: ManualDuty = duty
    return made


@service
def settle_duty(*, actor: Actor, duty: ManualDuty, reason: str) -> ManualDuty:
    """Say that no manual has to change, and why. Raises DomainError without a reason, Stale when it was settled before."""
    require(actor, DeskPermission.MANUAL_WRITE)
    if not reason.strip():
        raise DomainError("マニュアルを直さない理由を書いてください。", field="reason", code="required")
    _settle(actor, duty, reason=reason.strip()[:300])
    record_event(
        actor=actor, code="desk.manual.not_needed", subject_kind="desk.consultation", subject_id=duty.consultation_id,
        payload={"reason": duty.reason},
    )  # fmt: skip
    return duty


@service
def remind_of_manuals(*, actor: Actor) -> int:
    """Remind, once, whoever asked that the changed work is not yet in a manual; return how many. Run by the worker."""
    late, count = open_duties().filter(reminded_at__isnull=True, asked_at__lte=clock.now() - REMIND_AFTER), 0
    for duty in late[:200]:
        ManualDuty.objects.filter(id=duty.id).update(reminded_at=clock.now())
        asked = duty.consultation
        send_notice(
            actor=actor,
            kind=NOTICE,
            to=Recipient(person_id=asked.asked_by_id, name=asked.asked_by.name),
            subject=f"業務マニュアルを直してください：{asked.task}",
            body_text=f"「{asked.task}」の進め方が変わりました。マニュアルを新しくするか、直すものがなければその理由を書いてください。",
            url=reverse("desk-staff:consultation", args=[asked.id]),
            idempotency_key=uuid5(duty.id, "late"),
        )
        count += 1
    return count


def _add(
    actor: Actor, manual: BusinessManual, why: str, consultation: Consultation | None, file: StoredFile | None
) -> ManualRevision:
    revision: ManualRevision = ManualRevision.objects.create(
        manual=manual, number=manual.revision, body=manual.body, why=why, consultation=consultation, file=file,
        written_by=actor.label[:200],
    )  # fmt: skip
    for duty in ManualDuty.objects.filter(consultation=consultation, settled_at__isnull=True) if consultation else ():
        _settle(actor, duty, revision=revision)
    index_text(
        government_id=manual.government_id,
        kind=MANUAL_KIND,
        object_id=manual.id,
        title=manual.title,
        fields={"task": manual.task, "body": manual.body},
    )
    payload = {"title": manual.title, "revision": manual.revision, "why": why}
    _record(actor, "desk.manual.written", manual, payload)
    return revision


def _settle(actor: Actor, duty: ManualDuty, **changes: Any) -> None:
    changes |= {"settled_at": clock.now(), "settled_by": actor.label[:200]}
    values = {name: value.id if name == "revision" else value for name, value in changes.items()}
    if not ManualDuty.objects.filter(id=duty.id, settled_at__isnull=True).update(**values):
        raise Stale("もう済んでいます。")
    for name, value in changes.items():
        setattr(duty, name, value)


def _record(actor: Actor, code: str, manual: BusinessManual, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=manual.id, payload=payload)
