"""Filing: a document enters the record file of its class, year and department, which is opened if need be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from django.db.models import Min

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.records.domain.retention import Anchor
from kakehashi.records.models import Confidentiality, Document, DocumentFile, FileState, RecordFile, StandardFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors import document_for, holds_on, standard_file_for
from kakehashi.records.services.retention import recalculate
from kakehashi.records.services.texts import index_document_soon


class FiledContent(Protocol):
    """A stored file as records need it; `files.StoredFile` is one."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def media_type(self) -> str: ...


@service
def file_document(
    *,
    actor: Actor,
    title: str,
    class_code: str,
    created_on: dt.date,
    source_kind: str,
    source_id: UUID,
    department: Department,
    files: Sequence[FiledContent] = (),
    completed_on: dt.date | None = None,
    document_number: str = "",
    disclosure: str = "open",
    confidentiality: Confidentiality = Confidentiality.ORDINARY,
    record_fiscal_year: int | None = None,
    into: RecordFile | None = None,
    act_id: UUID | None = None,
) -> Document:
    """File a document; a second call for the same source returns the first document.

    `record_fiscal_year` defaults from the date the rule counts from (accounting papers of April and
    May name the closing year). `into` is the volume (冊) of that class, year and section, where there are several; without it the
    first. Raises DomainError when no standard file of the class is in force, and for a volume of anything else.
    """
    require(actor, RecordsPermission.FILE)
    filed = document_for(source_kind, source_id)
    if filed is not None:
        return filed
    standard = standard_file_for(class_code, created_on)
    if standard is None:
        raise DomainError(f"分類「{class_code}」の標準文書ファイルがありません。分類表を確かめてください。")
    anchor_on = _anchor_day(standard, created_on, completed_on)
    year = record_fiscal_year if record_fiscal_year is not None else fiscal_year(anchor_on or created_on)
    if into is not None and (into.standard_file_id, into.record_fiscal_year, into.department_id) != (
        standard.id, year, department.id,
    ):  # fmt: skip
        raise DomainError("選んだ冊は、この文書の分類・年度・課のものではありません。", field="class_code")
    record_file = _open_file(standard, department, year, anchor_on, into.volume if into else 1)
    document = Document.objects.create(
        record_file=record_file,
        title=title,
        document_number=document_number,
        source_kind=source_kind,
        source_id=source_id,
        created_on=created_on,
        completed_on=completed_on,
        disclosure=disclosure,
        confidentiality=confidentiality,
        filed_by_label=actor.label,
    )
    rows = DocumentFile.objects.bulk_create(_content_rows(document, files))
    index_document_soon(document)
    record_event(
        actor=actor,
        code="records.document.filed",
        subject_kind="records.document",
        subject_id=document.id,
        act_id=act_id,
        payload={
            "record_file": str(record_file.id),
            "class": class_code,
            "document_number": document_number,
            "starts_on": _iso(record_file.starts_on),
            "expires_on": _iso(record_file.expires_on),
            "clause": record_file.clause,
            # Names of files name people: they stand in the document's own rows, which go when it is destroyed. The id leads there.
            "files": [{"id": str(row.id), "sha256": row.sha256} for row in rows],
        },
    )
    return document


@service
def move_document(*, actor: Actor, document: Document, into: RecordFile) -> Document:
    """冊を移す: put a document into another volume of the same class, year and section. Event `records.document.moved`.

    The period is the same in both. Raises DomainError for any other file, for one that is held, expired or gone.
    """
    require(actor, RecordsPermission.FILE)
    ids = sorted([document.record_file_id, into.id])
    files = {row.id: row for row in RecordFile.objects.select_for_update().filter(id__in=ids).order_by("id")}
    old, new = files[document.record_file_id], files[into.id]
    kind = ("standard_file_id", "record_fiscal_year", "department_id", "period_kind", "period_years")
    if old.id == new.id or any(getattr(old, name) != getattr(new, name) for name in kind):
        raise DomainError("同じ分類・年度・課の、ほかの冊を選んでください。", field="into")
    if any(row.state != FileState.KEPT or (row.expires_on and row.expires_on < clock.today()) for row in (old, new)):
        raise DomainError("満了・廃棄・移管した簿冊の文書は移せません。", field="into")
    if holds_on(old).exists():
        raise DomainError("廃棄の保留がある簿冊の文書は、保留が解けるまで移せません。", field="into")
    Document.objects.filter(id=document.id).update(record_file=new)
    for row in (old, new):
        _anchor_anew(row)
    document.record_file = new
    index_document_soon(document)
    record_event(
        actor=actor,
        code="records.document.moved",
        subject_kind="records.document",
        subject_id=document.id,
        payload={"from": str(old.id), "into": str(new.id)},
    )
    return document


def _anchor_anew(record_file: RecordFile) -> None:
    """The first day among the documents that are in a file now; an event's day stays."""
    column = {Anchor.CREATED: "created_on", Anchor.COMPLETED: "completed_on"}.get(Anchor(record_file.anchor))
    if column is not None:
        found = Document.objects.filter(record_file=record_file).aggregate(first=Min(column))
        record_file.anchor_on = found["first"]
        recalculate(record_file)


@service
def number_document(*, document_id: UUID, document_number: str) -> None:
    """Write the 文書番号 on a filed document. Part of the act that took the number; a number is written once."""
    Document.objects.filter(id=document_id, document_number="").update(document_number=document_number)


@service
def complete_document(*, actor: Actor, document: Document, completed_on: dt.date) -> Document:
    """完結: record the day handling ended. Raises DomainError before the day the document was made."""
    require(actor, RecordsPermission.FILE)
    if completed_on < document.created_on:
        raise DomainError("完結日は、作成日より前にはできません。", field="completed_on")
    document.completed_on = completed_on
    document.save(update_fields=["completed_on"])
    record_file = RecordFile.objects.select_for_update().get(id=document.record_file_id)
    if record_file.anchor == Anchor.COMPLETED and record_file.anchor_on is None:
        record_file.anchor_on = completed_on
        recalculate(record_file)
    record_event(
        actor=actor,
        code="records.document.completed",
        subject_kind="records.document",
        subject_id=document.id,
        payload={"completed_on": completed_on.isoformat()},
    )
    return document


def _anchor_day(standard: StandardFile, created_on: dt.date, completed_on: dt.date | None) -> dt.date | None:
    return {Anchor.CREATED: created_on, Anchor.COMPLETED: completed_on, Anchor.EVENT: None}[Anchor(standard.anchor)]


def _open_file(
    standard: StandardFile, department: Department, year: int, anchor_on: dt.date | None, volume: int
) -> RecordFile:
    """The file of that kind, year and department; a new one inherits the terms of its standard file."""
    record_file, _ = RecordFile.objects.get_or_create(
        standard_file=standard,
        record_fiscal_year=year,
        department=department,
        volume=volume,
        defaults={
            "record_class": standard.record_class,
            "name": f"{fiscal_year_label(year)} {standard.name}",
            "creator_label": department.name,
            "anchor": standard.anchor,
            "period_kind": standard.period_kind,
            "period_years": standard.period_years,
            "clause": standard.clause,
            "start_window_years": standard.start_window_years,
            "disposition": standard.disposition,
        },
    )
    record_file = RecordFile.objects.select_for_update().get(id=record_file.id)
    if record_file.state != FileState.KEPT:
        raise DomainError(f"「{record_file.name}」は{record_file.get_state_display()}です。ここには整理できません。")
    if anchor_on is not None and (record_file.anchor_on is None or anchor_on < record_file.anchor_on):
        # ファイル作成日: the earliest day on which a document was put together in it (施行令8条8項).
        record_file.anchor_on = anchor_on
        recalculate(record_file)
    return record_file


def _content_rows(document: Document, files: Sequence[FiledContent]) -> list[DocumentFile]:
    return [
        DocumentFile(
            document=document,
            file_id=file.id,
            name=file.name,
            sha256=file.sha256,
            size=file.size,
            media_type=file.media_type,
        )
        for file in files
    ]


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
