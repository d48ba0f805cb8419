"""収受: an incoming document gets its number, its scans, its section, its case and its place in a record file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast
from uuid import UUID

from kakehashi.cases.models import Case
from kakehashi.cases.services import move_case, open_case
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Department
from kakehashi.records.hooks import take_receipt_number
from kakehashi.records.models import (
    Confidentiality,
    Document,
    IncomingMail,
    MailPart,
    Receipt,
    ReceiptCorrection,
    ReceiptFile,
    RecordFile,
    Way,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services.documents import FiledContent, complete_document, file_document
from kakehashi.records.services.papers import register_paper
from kakehashi.records.services.texts import GONE, index_receipt
from kakehashi.search.services import remove_texts

RECEIPT = "records.receipt"
"""Under this name incoming documents are filed, opened as cases and found in search."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is written down of an incoming document. `place` says where its paper lies (empty: there is none)."""

    title: str
    sender: str
    received_on: dt.date
    way: Way = Way.POST
    sender_number: str = ""
    document_on: dt.date | None = None
    confidentiality: Confidentiality = Confidentiality.ORDINARY
    due_on: dt.date | None = None
    note: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Placing:
    """Where a receipt goes at once: an existing case or a new one, and the class of its record file (empty: later)."""

    case: Case | None = None
    opens_case: bool = False
    class_code: str = ""


LATER = Placing()


@service
def receive_document(
    *,
    actor: Actor,
    letter: Letter,
    department: Department,
    idempotency_key: UUID,
    files: Sequence[FiledContent] = (),
    placing: Placing = LATER,
) -> Receipt:
    """Register what came in (収受) and return it with its number; a second call with the same key returns the first.

    Raises DomainError for a day in the future and for a class without a standard file. Event `records.receipt.registered`.
    """
    require(actor, RecordsPermission.RECEIVE)
    known = Receipt.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    _check(letter)
    receipt = Receipt(
        department=department,
        idempotency_key=idempotency_key,
        registered_by_label=actor.label,
        case=placing.case,
        **asdict(letter),
    )
    # The series is locked from here to the commit: what came at the same moment waits, and no number is lost.
    receipt.number = take_receipt_number(department, letter.received_on)
    receipt.save(force_insert=True)
    ReceiptFile.objects.bulk_create([_file_row(receipt, file) for file in files])
    if placing.opens_case and placing.case is None:
        _open_case(actor, receipt)
    if placing.class_code:
        _file(actor, receipt, placing.class_code)
    index_receipt(receipt)
    facts = {"number": receipt.number, "files": [file.sha256 for file in files], "way": letter.way}
    _record(actor, "registered", receipt, facts)
    return receipt


@service
def link_receipt(*, actor: Actor, receipt: Receipt, case: Case | None) -> Receipt:
    """Bind a receipt to a case, or open one of its own for it (None). Event `records.receipt.linked`."""
    require(actor, RecordsPermission.RECEIVE)
    locked = _locked(receipt)
    if case is None:
        _open_case(actor, locked)
    else:
        locked.case = case
        locked.save(update_fields=["case"])
    _record(actor, "linked", locked, {"case": str(locked.case_id)})
    return locked


@service
def distribute_receipt(*, actor: Actor, receipt: Receipt, department: Department) -> Receipt:
    """配布: hand a receipt to the section that deals with it; its number stays. Event `records.receipt.distributed`."""
    require(actor, RecordsPermission.RECEIVE)
    locked = _locked(receipt)
    if locked.document_id is not None:
        raise DomainError("簿冊に整理した文書の課は変えられません。", field="department")
    before = str(locked.department_id)
    locked.department = department
    locked.save(update_fields=["department"])
    index_receipt(locked)
    _record(actor, "distributed", locked, {"from": before, "to": str(department.id)})
    return locked


@service
def file_receipt(*, actor: Actor, receipt: Receipt, class_code: str = "", into: RecordFile | None = None) -> Document:
    """Put a receipt into the record file of its class, year and section, or into one volume of them; once.

    A second call returns the first document. Raises DomainError for a volume of another class, year or section.
    """
    require(actor, RecordsPermission.FILE)
    locked = _locked(receipt)
    if locked.document is not None:
        return cast("Document", locked.document)
    return _file(actor, locked, into.record_class.code if into else class_code, into)


@service
def complete_receipt(*, actor: Actor, receipt: Receipt, completed_on: dt.date) -> Receipt:
    """完結: its handling ended on a day. Closes a case of its own. Event `records.receipt.completed`."""
    require(actor, RecordsPermission.RECEIVE)
    locked = _locked(receipt)
    if locked.completed_on is not None:
        return locked
    if not locked.received_on <= completed_on <= clock.today():
        raise DomainError("完結日は、収受した日から今日までの日にしてください。", field="completed_on")
    locked.completed_on = completed_on
    locked.save(update_fields=["completed_on"])
    if locked.document is not None:
        complete_document(actor=actor, document=locked.document, completed_on=completed_on)
    own = Case.objects.filter(kind=RECEIPT, source_id=locked.id, closed_at__isnull=True).first()
    if own is not None:
        move_case(actor=actor, case=own, phase="done", state_label="完結")
    _record(actor, "completed", locked, {"completed_on": completed_on.isoformat()})
    return locked


def forget_receipts(receipt_ids: Sequence[UUID]) -> None:
    """What goes with a destroyed record file: names of files, the note, the words of its mail. The line of the 収受簿 stays."""
    ReceiptFile.objects.filter(receipt_id__in=receipt_ids).update(name=GONE)
    Receipt.objects.filter(id__in=receipt_ids).update(title=GONE, sender=GONE, note="")
    ReceiptCorrection.objects.filter(receipt_id__in=receipt_ids).update(before={}, reason=GONE, salt="")
    IncomingMail.objects.filter(receipt_id__in=receipt_ids).update(body="", subject=GONE, sender=GONE)
    MailPart.objects.filter(mail__receipt_id__in=receipt_ids).update(name=GONE, file_id=None)
    remove_texts(government_id=current_government_id(), kind=RECEIPT, object_ids=receipt_ids)


def _check(letter: Letter) -> None:
    if letter.received_on > clock.today():
        raise DomainError("収受した日に、先の日は入れられません。", field="received_on")
    if not letter.title.strip():
        raise DomainError("件名を記入してください。", field="title")


def _locked(receipt: Receipt) -> Receipt:
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("department", "document")
    locked: Receipt = rows.get(id=receipt.id)
    if locked.voided_on is not None:
        raise DomainError("この収受番号は欠番です。")
    return locked


def _file(actor: Actor, receipt: Receipt, class_code: str, into: RecordFile | None = None) -> Document:
    document = file_document(
        actor=actor,
        title=receipt.title,
        class_code=class_code,
        created_on=receipt.received_on,
        completed_on=receipt.completed_on,
        source_kind=RECEIPT,
        source_id=receipt.id,
        department=receipt.department,
        document_number=receipt.number,
        into=into,
        confidentiality=Confidentiality(receipt.confidentiality),
        files=[_Content(f.file_id, f.name, f.sha256, f.size, f.media_type) for f in receipt.files.all()],
    )
    if receipt.place:
        register_paper(actor=actor, document=document, place=receipt.place)
    receipt.document = document
    receipt.save(update_fields=["document"])
    return document


@dataclass(frozen=True)
class _Content:
    """A receipt's file as a document takes it: under the id of its stored file."""

    id: UUID
    name: str
    sha256: str
    size: int
    media_type: str


def _open_case(actor: Actor, receipt: Receipt) -> None:
    receipt.case = open_case(
        actor=actor,
        kind=RECEIPT,
        subject=receipt.title,
        source_id=receipt.id,
        department=receipt.department,
        requester_name=receipt.sender,
        due_on=receipt.due_on,
    )
    receipt.save(update_fields=["case"])


def _file_row(receipt: Receipt, file: FiledContent) -> ReceiptFile:
    return ReceiptFile(
        receipt=receipt,
        file_id=file.id,
        name=file.name,
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
    )


def _record(actor: Actor, verb: str, receipt: Receipt, payload: dict[str, Any]) -> None:
    code = f"records.receipt.{verb}"
    record_event(actor=actor, code=code, subject_kind=RECEIPT, subject_id=receipt.id, payload=payload)
