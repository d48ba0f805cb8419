"""移管: a package for the archives, kept until they say that they have it; only then the town's own copy goes."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.files.services import store_file
from kakehashi.governments.models import Government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tables import as_csv
from kakehashi.records.adapters.bags import Bag, safe_name
from kakehashi.records.adapters.pdfa import rendition
from kakehashi.records.hooks import source_of
from kakehashi.records.models import (
    DisposalAct,
    DisposalItem,
    DisposalList,
    Document,
    DocumentFile,
    ItemState,
    ListState,
    RecordFile,
    TransferPackage,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors import why_this_date
from kakehashi.records.services.copies import office_reading_copy
from kakehashi.records.services.destroying import erase_content, why_not_now

TRANSFER = "records.transfer"
_HEADERS = [
    "番号",
    "件名",
    "文書番号",
    "作成日",
    "完結日",
    "もとのファイル",
    "包みの中の場所",
    "PDF/A",
    "大きさ",
    "指紋（SHA-256）",
]


def pack_file(*, actor: Actor, item: DisposalItem, record_file: RecordFile) -> TransferPackage:
    """Make the bag of a record file: original bits, PDF/A beside them, lists and reasons. Event `records.file.packed`."""
    target = io.BytesIO()
    bag = Bag(target, safe_name(f"{record_file.name}_{str(record_file.id)[-8:]}"), clock.now())
    rows = [row for number, one in enumerate(_documents(record_file), 1) for row in _put(bag, number, one)]
    bag.add("metadata/documents.csv", as_csv(_HEADERS, rows))
    bag.add("metadata/file.json", json.dumps(_describe(item, record_file), ensure_ascii=False, indent=1).encode())
    government = Government.objects.get(id=record_file.government_id)
    bag.close(
        {
            "Source-Organization": government.name,
            "External-Identifier": str(record_file.id),
            "External-Description": record_file.name,
            "Internal-Sender-Description": f"{record_file.record_class}",
        }
    )
    stored = store_file(
        actor=actor, name=f"移管_{safe_name(record_file.name)}.zip", content=target.getvalue(), purpose=TRANSFER
    )
    made, _ = TransferPackage.objects.update_or_create(
        item=item, defaults={"file_id": stored.id, "sha256": stored.sha256, "size": stored.size}
    )
    _record(actor, "packed", record_file, {"item": str(item.id), "sha256": stored.sha256, "size": stored.size})
    return made


@service
def accept_package(
    *, actor: Actor, package: TransferPackage, accepted_by: str, accepted_on: dt.date, reference: str
) -> RecordFile:
    """受入れ: the archives have the bag; the town's copy goes and its tombstone stays. Event `records.file.transferred`.

    Holds are looked at again in this transaction. Raises DomainError while one lies on the file, and Stale for a second time.
    """
    require(actor, RecordsPermission.MANAGE)
    item: DisposalItem = DisposalItem.objects.select_for_update().get(id=package.item_id)
    if item.state != ItemState.PACKED:
        raise Stale("この移管は、すでに受入れを記録しています。")
    if not accepted_by.strip() or accepted_on > clock.today():
        raise DomainError("受け入れた機関と、今日までの受入れの日を記入してください。", field="accepted_by")
    record_file: RecordFile = RecordFile.objects.select_for_update().get(id=item.record_file_id)
    if why := why_not_now(record_file):
        raise DomainError(f"いまは移管できません。{why}")
    package.accepted_by, package.accepted_on, package.reference = accepted_by.strip(), accepted_on, reference.strip()
    package.save(update_fields=["accepted_by", "accepted_on", "reference"])
    stone = erase_content(actor=actor, item=item, record_file=record_file, went_to=accepted_by.strip())
    item.state = ItemState.DONE
    item.save(update_fields=["state"])
    _close_if_done(item)
    facts = {"item": str(item.id), "digest": stone.digest, "to": accepted_by.strip(), "package": package.sha256}
    _record(actor, "transferred", record_file, facts)
    return record_file


def _close_if_done(item: DisposalItem) -> None:
    open_states = [ItemState.WAITING, ItemState.REVIEWING, ItemState.APPROVED, ItemState.PACKED]
    if not DisposalItem.objects.filter(disposal_list_id=item.disposal_list_id, state__in=open_states).exists():
        DisposalList.objects.filter(id=item.disposal_list_id).update(state=ListState.CLOSED)


def _documents(record_file: RecordFile) -> list[Document]:
    return list(Document.objects.filter(record_file=record_file).order_by("created_on", "id"))


def _put(bag: Bag, number: int, document: Document) -> list[list[object]]:
    """The files of one document with their renditions, and the papers its source makes; a row for each."""
    folder = f"{number:04d}"
    source = source_of(document.source_kind)
    rows = []
    for file in DocumentFile.objects.filter(document=document).order_by("id"):
        stored = StoredFile.objects.filter(id=file.file_id).first()
        if stored is None:
            rows.append(_row(number, document, file.name, "（ありません）", "", file.size, file.sha256))
            continue
        content = read_file(stored)
        place = bag.add(f"{folder}/original/{safe_name(file.name)}", content)
        at = _put_rendition(bag, folder, file.name, content, stored)
        rows.append(_row(number, document, file.name, place, at, file.size, file.sha256))
    for name, content in source.papers(document.source_id) if source else ():
        place = bag.add(f"{folder}/pdfa/{safe_name(name)}", content)
        rows.append(_row(number, document, name, place, place, len(content), ""))
    return rows or [_row(number, document, "", "", "", 0, "")]


def _put_rendition(bag: Bag, folder: str, name: str, content: bytes, stored: StoredFile) -> str:
    """The PDF/A beside the original bits, or the reading copy of an office file's words, marked as such; where it lies, or why not."""
    made_at = clock.now()
    drawn = rendition(content, stored.media_type, made_at=made_at)
    if drawn:
        return bag.add(f"{folder}/pdfa/{safe_name(name)}.pdf", drawn)
    copy = office_reading_copy(content, stored.media_type, name=name)
    return bag.add(f"{folder}/pdfa/{safe_name(copy[0])}", copy[1]) if copy else _no_rendition(stored)


def _no_rendition(stored: StoredFile) -> str:
    return "（もとがPDF/A）" if stored.media_type == "application/pdf" else "（作れません。もとのファイルだけ）"


def _row(number: int, document: Document, name: str, place: str, pdfa: str, size: int, digest: str) -> list[object]:
    facts = [number, document.title, document.document_number, document.created_on, document.completed_on]
    return [*facts, name, place, pdfa, size, digest]


def _describe(item: DisposalItem, record_file: RecordFile) -> dict[str, Any]:
    """The registry row, every reason and every stage, for the archives' own catalogue."""
    return {
        "id": str(record_file.id),
        "name": record_file.name,
        "class": [record_file.record_class.large, record_file.record_class.middle, record_file.record_class.small],
        "fiscal_year": record_file.record_fiscal_year,
        "creator": record_file.creator_label,
        "department": record_file.department.name,
        "period": record_file.period_label,
        "starts_on": str(record_file.starts_on),
        "expires_on": str(record_file.expires_on),
        "medium": record_file.medium,
        "reasons": [{"text": r.text, "clause": r.clause} for r in why_this_date(record_file).reasons],
        "stages": [
            {"name": a.name, "clause": a.clause, "by": a.actor_label, "at": a.acted_at.isoformat()}
            for a in DisposalAct.objects.filter(item=item)
        ],
    }


def _record(actor: Actor, verb: str, record_file: RecordFile, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor,
        code=f"records.file.{verb}",
        subject_kind="records.file",
        subject_id=record_file.id,
        payload=payload,
    )
