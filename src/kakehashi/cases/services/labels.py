"""Labels of a section, and laying them on cases."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.cases.models import Case, CaseLabel, Label, Tone
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.services.cases import SUBJECT_KIND
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department

LABEL = "cases.label"
MOST = 60


@service
def write_label(
    *, actor: Actor, name: str, tone: str, department: Department | None, label: Label | None = None
) -> Label:
    """Make a label of a section (None: of the whole government), or change one. Raises `DomainError` beside `name`."""
    require(actor, CasePermission.HANDLE)
    word = name.strip()[:20]
    if not word:
        raise DomainError("ラベルの言葉を書いてください。", field="name", code="required")
    if label is None and Label.objects.filter(retired_at__isnull=True).count() >= MOST:
        raise DomainError(f"ラベルは{MOST}個までです。使わないものをやめてください。", field="name")
    row = label or Label(department=department)
    row.name, row.tone, row.retired_at = word, Tone(tone).value, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _again(actor, word, tone, department)
    payload = {"name": word, "tone": row.tone, "department": str(row.department_id or "")}
    record_event(actor=actor, code="cases.label.written", subject_kind=LABEL, subject_id=row.id, payload=payload)
    return row


def _again(actor: Actor, word: str, tone: str, department: Department | None) -> Label:
    """The word was there before and retired: it is taken up again with its cases."""
    old: Label | None = Label.objects.filter(department=department, name=word, retired_at__isnull=False).first()
    if old is None:
        raise DomainError(f"「{word}」というラベルがもうあります。", field="name")
    return write_label(actor=actor, name=word, tone=tone, department=department, label=old)


@service
def retire_label(*, actor: Actor, label: Label) -> Label:
    """Offer the label no more; cases that carry it keep it. Doing it twice changes nothing."""
    require(actor, CasePermission.HANDLE)
    if label.retired_at is None:
        label.retired_at = clock.now()
        label.save(update_fields=["retired_at"])
        record_event(
            actor=actor,
            code="cases.label.retired",
            subject_kind=LABEL,
            subject_id=label.id,
            payload={"name": label.name},
        )
    return label


@service
def set_labels(*, actor: Actor, case: Case, labels: Sequence[Label], act_id: UUID | None = None) -> bool:
    """Lay exactly these labels on a case; return whether anything changed. A closed case may be labelled too."""
    require(actor, CasePermission.HANDLE)
    before = dict(CaseLabel.objects.filter(case=case).values_list("label_id", "label__name"))
    wanted = {label.id: label.name for label in labels}
    gone, new = before.keys() - wanted.keys(), wanted.keys() - before.keys()
    if not gone and not new:
        return False
    CaseLabel.objects.filter(case=case, label_id__in=gone).delete()
    CaseLabel.objects.bulk_create([CaseLabel(case=case, label_id=each) for each in new], ignore_conflicts=True)
    record_event(
        actor=actor,
        code="cases.case.labelled",
        subject_kind=SUBJECT_KIND,
        subject_id=case.id,
        payload={"added": sorted(wanted[each] for each in new), "removed": sorted(before[each] for each in gone)},
        act_id=act_id,
    )
    return True


@service
def add_label(*, actor: Actor, case: Case, label: Label, act_id: UUID | None = None) -> bool:
    """Lay one label on a case beside the others; return False when it was there."""
    there = list(Label.objects.filter(id__in=CaseLabel.objects.filter(case=case).values("label_id")))
    return set_labels(actor=actor, case=case, labels=[*there, label], act_id=act_id)


@service
def drop_label(*, actor: Actor, case: Case, label: Label, act_id: UUID | None = None) -> bool:
    """Take one label off a case; return False when it was not there."""
    there = Label.objects.filter(id__in=CaseLabel.objects.filter(case=case).values("label_id"))
    return set_labels(actor=actor, case=case, labels=list(there.exclude(id=label.id)), act_id=act_id)
