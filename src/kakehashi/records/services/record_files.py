"""簿冊 made and described by hand: a further volume, name and place, the schedule (レコードスケジュール), a chosen start."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.records.domain.retention import Anchor, PeriodKind
from kakehashi.records.models import Disposition, Document, Medium, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors import standard_file_for
from kakehashi.records.services.retention import locked_file, recalculate
from kakehashi.records.services.texts import index_document_soon

BY_HAND = "records.by_hand"


@dataclass(frozen=True, kw_only=True)
class Description:
    """What may be said anew of a record file: none of it moves a date."""

    name: str
    public_name: str
    place: str
    medium: Medium
    disposition: Disposition


@service
def create_record_file(
    *, actor: Actor, class_code: str, fiscal_year: int, department: Department, name: str, idempotency_key: UUID
) -> RecordFile:
    """簿冊を作る: a further volume of a class, year and section, such as one for a contract. The key makes a double click one.

    Raises DomainError when no standard file of the class is in force. Event `records.file.opened`.
    """
    require(actor, RecordsPermission.FILE)
    known = RecordFile.objects.filter(id=idempotency_key).first()
    if known is not None:
        return known
    standard = standard_file_for(class_code, clock.today())
    if standard is None:
        raise DomainError(f"分類「{class_code}」の標準文書ファイルがありません。", field="class_code")
    # Two people at once: the second waits for the first at the standard file, and takes the volume after it.
    type(standard).objects.select_for_update().get(id=standard.id)
    same = RecordFile.objects.filter(standard_file=standard, record_fiscal_year=fiscal_year, department=department)
    volume = (same.aggregate(last=Max("volume"))["last"] or 0) + 1
    made: RecordFile = RecordFile.objects.create(
        id=idempotency_key,
        standard_file=standard,
        record_class=standard.record_class,
        record_fiscal_year=fiscal_year,
        department=department,
        volume=max(volume, 2),
        name=name.strip() or f"{fiscal_year_label(fiscal_year)} {standard.name} 第{volume}冊",
        creator_label=department.name,
        anchor=standard.anchor,
        period_kind=standard.period_kind,
        period_years=standard.period_years,
        clause=standard.clause,
        start_window_years=standard.start_window_years,
        disposition=standard.disposition,
    )
    _record(actor, "opened", made, {"name": made.name, "class": class_code})
    return made


@service
def add_document(
    *,
    actor: Actor,
    record_file: RecordFile,
    title: str,
    created_on: dt.date,
    idempotency_key: UUID,
    completed_on: dt.date | None = None,
    document_number: str = "",
) -> Document:
    """文書を加える: a document that came through no other room, such as an old paper. Event `records.document.filed`.

    The file's anchor day follows as by automatic filing: the first document created or completed. Raises DomainError for days that
    cannot be, and Stale for a file that was disposed of.
    """
    require(actor, RecordsPermission.FILE)
    known = Document.objects.filter(source_kind=BY_HAND, source_id=idempotency_key).first()
    if known is not None:
        return known
    if created_on > clock.today() or (completed_on and not created_on <= completed_on <= clock.today()):
        raise DomainError("作成日と完結日は、順に、今日までの日にしてください。", field="created_on")
    locked = locked_file(record_file)
    made: Document = Document.objects.create(
        record_file=locked,
        title=title.strip(),
        document_number=document_number,
        source_kind=BY_HAND,
        source_id=idempotency_key,
        created_on=created_on,
        completed_on=completed_on,
        filed_by_label=actor.label,
    )
    day = {Anchor.CREATED: created_on, Anchor.COMPLETED: completed_on}.get(Anchor(locked.anchor))
    if day is not None and (locked.anchor_on is None or day < locked.anchor_on):
        locked.anchor_on = day
        recalculate(locked)
    index_document_soon(made)
    record_event(
        actor=actor,
        code="records.document.filed",
        subject_kind="records.document",
        subject_id=made.id,
        payload={"record_file": str(locked.id), "document_number": document_number, "by_hand": True},
    )
    return made


@service
def describe_file(*, actor: Actor, record_file: RecordFile, description: Description) -> RecordFile:
    """Name, place, medium and what shall become of it (レコードスケジュール) said anew; no date moves. Event `records.file.described`."""
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(record_file)
    new = asdict(description)
    changed = {key: [getattr(locked, key), str(value)] for key, value in new.items() if getattr(locked, key) != value}
    for key, value in new.items():
        setattr(locked, key, value)
    locked.save(update_fields=[*new])
    if changed:
        _record(actor, "described", locked, {"changed": changed})
    return locked


@service
def choose_start(*, actor: Actor, record_file: RecordFile, start_on: dt.date | None) -> RecordFile:
    """The proviso of the start (施行令8条6項ただし書): another day within the window of the rule; None goes back to 4月1日.

    Raises DomainError outside the window and for a period that has no start. Event `records.file.start_chosen`.
    """
    require(actor, RecordsPermission.MANAGE)
    locked = locked_file(record_file)
    if locked.period_kind not in {PeriodKind.YEARS, PeriodKind.UNDER_ONE_YEAR}:
        raise DomainError("この簿冊に、起算日を選ぶ余地はありません。", field="start_on")
    locked.chosen_start_on = start_on
    recalculate(locked)
    _record(actor, "start_chosen", locked, {"start_on": str(start_on or "")})
    return locked


@service
def fold_names(*, limit: int = 5000) -> int:
    """Fill in the folded names of files an earlier version wrote; how many. No official act."""
    rows = list(RecordFile.objects.filter(words="").order_by("id")[:limit])
    for row in rows:
        row.save(update_fields=["name"])
    return len(rows)


def _record(actor: Actor, verb: str, record_file: RecordFile, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code=f"records.file.{verb}",
        subject_kind="records.file",
        subject_id=record_file.id,
        payload=payload,
    )
