"""執行: approved items are carried out in pieces; holds and expiry are looked at again in the very transaction that destroys."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from kakehashi.files.services import store_file
from kakehashi.governments.models import Government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service
from kakehashi.kernel.tables import as_csv
from kakehashi.kernel.wareki import format_wareki
from kakehashi.records.hooks import word
from kakehashi.records.models import (
    DisposalCertificate,
    DisposalItem,
    DisposalList,
    ItemState,
    ListState,
    Measure,
    RecordFile,
    Tombstone,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services.destroying import erase_content, why_not_now
from kakehashi.records.services.retention import lengthen
from kakehashi.records.services.transferring import pack_file

PIECE = 50
CERTIFICATE = "records.certificate"
_HEADERS = ["簿冊", "措置", "状態", "文書数", "ファイル数", "紙", "指紋（SHA-256）", "理由・中止の理由"]


@service
def execute_list(*, actor: Actor, disposal_list: DisposalList) -> DisposalList:
    """Begin to carry out what is approved on a list; the worker does it piece by piece. Event `records.disposal_list.execution_begun`.

    Raises DomainError when nothing is approved.
    """
    require(actor, RecordsPermission.MANAGE)
    locked: DisposalList = DisposalList.objects.select_for_update().get(id=disposal_list.id)
    due = DisposalItem.objects.filter(disposal_list=locked, state=ItemState.APPROVED).count()
    if locked.state != ListState.OPEN or not due:
        raise DomainError("執行できるものがありません。すべての段階が済んだものだけを執行できます。")
    locked.state, locked.due, locked.done, locked.executor_id = ListState.EXECUTING, due, 0, actor.id
    locked.run += 1
    locked.moved_at = clock.now()
    locked.save()
    enqueue("records.execute_disposal_list", government_id=locked.government_id, list_id=locked.id, label=actor.label)
    record_event(
        actor=actor,
        code="records.disposal_list.execution_begun",
        subject_kind="records.disposal_list",
        subject_id=locked.id,
        payload={"items": due},
    )
    return locked


@service
def execute_piece(*, disposal_list: DisposalList, label: str, size: int = PIECE) -> bool:
    """Carry out the next approved items in this transaction; False after the last, when the certificate is made.

    `label` names who began the execution. An item that a hold, a later expiry or another act stops is kept, with the reason.
    """
    locked: DisposalList = DisposalList.objects.select_for_update().get(id=disposal_list.id)
    if locked.state != ListState.EXECUTING:
        return False
    actor = system_actor(locked.government_id, label=f"{label}（執行）")
    items = DisposalItem.objects.filter(disposal_list=locked, state=ItemState.APPROVED).order_by("record_file_id", "id")
    batch = list(items.select_for_update()[:size])
    for item in batch:
        item.run = locked.run
        carry_out(actor=actor, item=item)
    locked.done += len(batch)
    locked.moved_at = clock.now()
    if len(batch) < size:
        make_certificate(actor=actor, disposal_list=locked)
        waits = DisposalItem.objects.filter(
            disposal_list=locked, state__in=[ItemState.WAITING, ItemState.REVIEWING, ItemState.PACKED]
        )
        locked.state = ListState.OPEN if waits.exists() else ListState.CLOSED
    locked.save()
    return locked.state == ListState.EXECUTING


def carry_out(*, actor: Actor, item: DisposalItem) -> None:
    """Do what was approved for one item, or stop it. The file stays locked to the end of the transaction: a hold waits or wins."""
    record_file = RecordFile.objects.select_for_update().get(id=item.record_file_id)
    why_not = why_not_now(record_file)
    if item.measure != Measure.EXTEND and why_not:
        item.state, item.stopped_why = ItemState.STOPPED, why_not
        item.save(update_fields=["state", "stopped_why", "run"])
        _record(actor, "stopped", record_file, {"item": str(item.id), "why": why_not})
        return
    if item.measure == Measure.EXTEND:
        lengthen(actor=actor, record_file=record_file, years=item.extend_years, reason=item.reason)
        item.state = ItemState.DONE
    elif item.measure == Measure.TRANSFER:
        pack_file(actor=actor, item=item, record_file=record_file)
        item.state = ItemState.PACKED
    else:
        stone = erase_content(actor=actor, item=item, record_file=record_file)
        item.state = ItemState.DONE
        _record(actor, "destroyed", record_file, {"item": str(item.id), "digest": stone.digest, "files": stone.files})
    item.save(update_fields=["state", "run"])


def make_certificate(*, actor: Actor, disposal_list: DisposalList) -> DisposalCertificate:
    """廃棄・移管の証明書: the rows of the list that were carried out or stopped, as CSV, and one page that names their digest."""
    ended = DisposalItem.objects.filter(disposal_list=disposal_list, run=disposal_list.run)
    items = list(ended.select_related("record_file").order_by("id"))
    stones = {s.item_id: s for s in Tombstone.objects.filter(item__disposal_list=disposal_list)}
    rows = as_csv(_HEADERS, [_row(item, stones.get(item.id)) for item in items])
    number = (DisposalCertificate.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    stopped = sum(1 for item in items if item.state == ItemState.STOPPED)
    digest = sha256(rows).hexdigest()
    page = _page(disposal_list, number, items, stopped, digest, actor)
    kept = store_file(actor=actor, name=f"証明書_第{number}号.csv", content=rows, purpose=CERTIFICATE)
    paper = store_file(actor=actor, name=f"証明書_第{number}号.pdf", content=page, purpose=CERTIFICATE)
    made: DisposalCertificate = DisposalCertificate.objects.create(
        number=number,
        disposal_list=disposal_list,
        count=len(items) - stopped,
        stopped=stopped,
        digest=digest,
        rows_file_id=kept.id,
        file_id=paper.id,
        made_by_label=actor.label,
    )
    record_event(
        actor=actor,
        code="records.certificate.made",
        subject_kind="records.disposal_list",
        subject_id=disposal_list.id,
        payload={"number": number, "rows": len(items), "stopped": stopped, "digest": digest},
    )
    return made


def _row(item: DisposalItem, stone: Tombstone | None) -> list[object]:
    state = item.get_state_display()
    if stone is None:
        return [
            item.record_file.name,
            item.get_measure_display(),
            state,
            "",
            "",
            "",
            "",
            item.stopped_why or item.reason,
        ]
    why = stone.grounds.replace("\n", " ／ ")
    return [
        item.record_file.name,
        item.get_measure_display(),
        state,
        stone.documents,
        stone.files,
        stone.papers,
        stone.digest,
        why,
    ]


def _page(
    disposal_list: DisposalList, number: int, items: Sequence[DisposalItem], stopped: int, digest: str, actor: Actor
) -> bytes:
    government = Government.objects.get(id=disposal_list.government_id)
    by_measure = {m.label: sum(1 for i in items if i.measure == m and i.state != ItemState.STOPPED) for m in Measure}
    document = ReceiptDocument(
        title="廃棄・移管等の証明書",
        issued_on=format_wareki(clock.today()),
        addressee="",
        issuer=f"{government.name}　{word('chief_records_officer')}",
        issuer_name=government.name,
        text=f"次のとおり、保存期間の満了した{word('record_file')}について、規程に定める段階を経て措置を執行したことを証明します。",
        rows=(
            ("証明書の番号", f"第{number}号"),
            ("対象", f"{format_wareki(disposal_list.cutoff_on)}より前に保存期間が満了したもの"),
            *((label, f"{count}冊") for label, count in by_measure.items()),
            ("中止（保留など）", f"{stopped}冊"),
            ("執行した人", actor.label),
            ("明細（CSV）の指紋（SHA-256）", digest),
        ),
        note="明細のCSVとともに保存してください。明細の指紋がこの紙と同じなら、明細は変わっていません。",
        footer=f"第{number}号",
    )
    return render_pdf(document, made_at=clock.now())


def _record(actor: Actor, verb: str, record_file: RecordFile, payload: dict[str, object]) -> None:
    record_event(
        actor=actor,
        code=f"records.file.{verb}",
        subject_kind="records.file",
        subject_id=record_file.id,
        payload=payload,
    )
