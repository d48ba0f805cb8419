"""訂正と欠番: what was written down wrongly of a receipt is put right, and what was no receipt is voided. The number stays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

from kakehashi.cases.models import Case
from kakehashi.cases.services import move_case
from kakehashi.journal.domain.canonical import canonical_json
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.records.models import Document, FileState, Receipt, ReceiptCorrection
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services.receiving import RECEIPT, Letter
from kakehashi.records.services.texts import index_document_soon, index_receipt
from kakehashi.search.services import remove_texts

FIELD_WORDS = {
    "title": "件名",
    "sender": "差出人",
    "received_on": "収受した日",
    "way": "届いた方法",
    "sender_number": "相手の文書番号",
    "document_on": "文書の日付",
    "confidentiality": "取扱い",
    "due_on": "回答の期限",
    "note": "備考",
    "place": "紙の保管場所",
}


@service
def correct_receipt(*, actor: Actor, receipt: Receipt, letter: Letter, reason: str) -> Receipt:
    """訂正: write down anew what a receipt says; its number stays, and what it said before stays readable with the reason.

    Nothing changed, nothing happens. A filed document follows in title and 取扱い. Raises DomainError without a reason, for a
    voided receipt or one whose record file is gone, for a day of another fiscal year (the number belongs to it) or in the future,
    and for another day once it is filed (the retention counts from it). Event `records.receipt.corrected`.
    """
    require(actor, RecordsPermission.RECEIVE)
    locked = _open(receipt)
    new = asdict(letter)
    before = {name: _plain(getattr(locked, name)) for name, value in new.items() if getattr(locked, name) != value}
    if not before:
        return locked
    _check(locked, letter, reason)
    for name in before:
        setattr(locked, name, new[name])
    locked.save(update_fields=[*before])
    made = ReceiptCorrection(receipt=locked, before=before, reason=reason.strip(), made_by_label=actor.label)
    made.digest = sha256(made.salt.encode() + canonical_json(before)).hexdigest()
    made.save(force_insert=True)
    _follow(locked)
    index_receipt(locked)
    facts = {"correction": str(made.id), "fields": sorted(before), "digest": made.digest}
    _record(actor, "corrected", locked, facts)
    return locked


@service
def void_receipt(*, actor: Actor, receipt: Receipt, reason: str) -> Receipt:
    """欠番にする: what was registered by mistake, such as twice. The line and its number stay, with the reason; no number is used again.

    A case of its own is closed. Raises DomainError without a reason, once it is filed or completed, and a second time. Event
    `records.receipt.voided`.
    """
    require(actor, RecordsPermission.RECEIVE)
    locked = _open(receipt)
    if not reason.strip():
        raise DomainError("欠番にする理由を記入してください。", field="reason")
    if locked.document_id is not None or locked.completed_on is not None:
        raise DomainError("簿冊に整理した文書、完結した文書は、欠番にできません。", field="reason")
    locked.voided_on, locked.void_reason, locked.voided_by_label = clock.today(), reason.strip(), actor.label
    locked.save(update_fields=["voided_on", "void_reason", "voided_by_label"])
    own = Case.objects.filter(kind=RECEIPT, source_id=locked.id, closed_at__isnull=True).first()
    if own is not None:
        move_case(actor=actor, case=own, phase="done", state_label="欠番")
    remove_texts(government_id=current_government_id(), kind=RECEIPT, object_ids=[locked.id])
    _record(actor, "voided", locked, {"number": locked.number})
    return locked


def _open(receipt: Receipt) -> Receipt:
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("document__record_file", "department")
    locked: Receipt = rows.get(id=receipt.id)
    if locked.voided_on is not None:
        raise DomainError("この収受番号は欠番です。")
    if locked.document is not None and locked.document.record_file.state != FileState.KEPT:
        raise DomainError("廃棄・移管した文書は訂正できません。")
    return locked


def _check(locked: Receipt, letter: Letter, reason: str) -> None:
    if not reason.strip():
        raise DomainError("訂正の理由を記入してください。", field="reason")
    if not letter.title.strip():
        raise DomainError("件名を記入してください。", field="title")
    if letter.received_on == locked.received_on:
        return
    if letter.received_on > clock.today() or fiscal_year(letter.received_on) != fiscal_year(locked.received_on):
        raise DomainError("収受した日は、番号の年度の中の、今日までの日にしてください。", field="received_on")
    if locked.document_id is not None:
        raise DomainError("簿冊に整理した文書の収受した日は訂正できません（起算日のもとです）。", field="received_on")


def _follow(locked: Receipt) -> None:
    """The filed document says what the receipt says."""
    if locked.document is not None:
        document: Document = locked.document
        document.title, document.confidentiality = locked.title, locked.confidentiality
        document.save(update_fields=["title", "confidentiality"])
        index_document_soon(document)


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _record(actor: Actor, verb: str, receipt: Receipt, payload: dict[str, Any]) -> None:
    code = f"{RECEIPT}.{verb}"
    record_event(actor=actor, code=code, subject_kind=RECEIPT, subject_id=receipt.id, payload=payload)
