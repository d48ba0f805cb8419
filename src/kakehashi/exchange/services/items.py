"""一件ずつ取り込む: attachments are checked and stored, then the owning room applies the thing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from kakehashi.exchange.adapters.quarantine import keep_in_quarantine
from kakehashi.exchange.adapters.sanitising import check_file
from kakehashi.exchange.domain.kinds import PEER, Arrived, NotYet, item_kind
from kakehashi.exchange.domain.payload import CarriedFile, Item
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import FileCheck, IncomingItem, ItemState
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import open_items, our_side
from kakehashi.files.domain.names import extension_of
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, KakehashiError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["retry_items", "retry_open_items", "take_item"]

_TRIED_AGAIN = 500
UNKNOWN_KIND = "この版のかけはしが知らない種類です。新しい版にすると取り込めます。"
BROKEN = "中身が正しくないため、取り込めません。"


def take_item(*, actor: Actor, item: Item, contents: Mapping[str, bytes], side: Side) -> str:
    """Take in one thing; gives applied, waiting, refused, or known for one that is here already."""
    known: IncomingItem | None = (
        IncomingItem.objects.select_for_update().filter(kind=item.kind, item_id=item.item_id).first()
    )
    if known is not None and known.revision >= item.revision and known.state == ItemState.APPLIED:
        return "known"
    if known is not None and known.revision > item.revision:
        return "known"
    row = known or IncomingItem(kind=item.kind, item_id=item.item_id)
    row.revision, row.made_at = item.revision, item.made_at
    changed: list[str] = []
    for file in item.files:
        changed += _take_file(actor, item, file, contents[file.sha256], side)
    row.data = {"data": item.data, "files": [str(each.id) for each in item.files], "changed": changed}
    return _apply(actor, row, side)


def _apply(actor: Actor, row: IncomingItem, side: Side) -> str:
    """Let the owning room take it in, in a savepoint of its own: one bad thing never stops the others."""
    how = item_kind(row.kind)
    if how is None or side.other not in how.origins:
        return _keep(actor, row, ItemState.REFUSED, UNKNOWN_KIND)
    arrived = Arrived(
        government_id=current_government_id(), item_id=row.item_id, revision=row.revision, made_at=row.made_at,
        data=row.data["data"], file_ids=[UUID(each) for each in row.data["files"]], changed_files=row.data["changed"],
    )  # fmt: skip
    try:
        with transaction.atomic():
            how.apply(arrived)
    except NotYet as reason:
        return _keep(actor, row, ItemState.WAITING, str(reason))
    except DomainError as error:
        return _keep(actor, row, ItemState.REFUSED, error.message)
    except (KakehashiError, KeyError, TypeError, ValueError, AttributeError, IntegrityError, DataError):
        # The other side may be in anybody's hands: whatever it wrote, it must not stop what others sent.
        return _keep(actor, row, ItemState.REFUSED, BROKEN)
    return _keep(actor, row, ItemState.APPLIED, "")


def _keep(actor: Actor, row: IncomingItem, state: ItemState, reason: str) -> str:
    was_refused = row.state == ItemState.REFUSED
    row.state, row.reason = state.value, reason[:300]
    if state is ItemState.APPLIED:
        row.data = {}
    row.save()
    if state is ItemState.REFUSED and not was_refused:
        record_event(
            actor=actor, code="exchange.item.refused", subject_kind=PEER, subject_id=row.item_id,
            payload={"kind": row.kind, "revision": row.revision},
        )  # fmt: skip
    return state.value


def _take_file(actor: Actor, item: Item, file: CarriedFile, content: bytes, side: Side) -> list[str]:
    """Store one attachment under its own id, once. What comes from outside is checked; our own letters go out as they are."""
    if StoredFile.objects.filter(id=file.id).exists():
        return list(FileCheck.objects.filter(file_id=file.id).values_list("what", flat=True))
    if side is Side.PUBLIC:
        store_file(actor=actor, name=file.name, content=content, purpose=file.purpose, file_id=file.id)
        return []
    checked = check_file(content)
    if not checked.is_refused:
        name = _named(file.name, checked.extension)
        try:
            store_file(actor=actor, name=name, content=checked.content or b"", purpose=file.purpose, file_id=file.id)
        except DomainError as error:
            return _quarantined(actor, item, file, content, (error.message,))
        return _told(actor, item, file, checked.changes, quarantine="") if checked.changes else []
    return _quarantined(actor, item, file, content, checked.changes)


def _quarantined(actor: Actor, item: Item, file: CarriedFile, content: bytes, why: tuple[str, ...]) -> list[str]:
    """The original goes into quarantine, sealed; in its place stands a text that says so."""
    place = keep_in_quarantine(get_government(current_government_id()).code, file.id, content)
    lines = _told(actor, item, file, why, quarantine=place)
    text = f"{lines[0]}\n原本は封をして隔離しています。開くには情報システムの担当に相談してください。\n"
    name = f"{file.name.rpartition('.')[0] or file.name}（隔離しました）.txt"
    store_file(actor=actor, name=name, content=text.encode(), purpose=file.purpose, file_id=file.id)
    return lines


def _named(name: str, extension: str) -> str:
    if not extension or extension_of(name) in {extension, "jpeg"}:
        return name
    return f"{name.rpartition('.')[0] or name}.{extension}"


def _told(actor: Actor, item: Item, file: CarriedFile, what: tuple[str, ...], *, quarantine: str) -> list[str]:
    words = "、".join(what)[:200]
    line = f"{file.name[:80]}：{f'取り込めないため隔離した（{words}）' if quarantine else words}"[:300]
    FileCheck.objects.create(
        file_id=file.id, item_kind=item.kind, item_id=item.item_id, name=file.name[:200], sha256=file.sha256,
        size=file.size, is_refused=bool(quarantine), what=line, quarantine=quarantine,
    )  # fmt: skip
    record_event(
        actor=actor, code="exchange.file.checked", subject_kind=PEER, subject_id=item.item_id,
        payload={"file": str(file.id), "sha256": file.sha256, "quarantined": bool(quarantine)},
    )  # fmt: skip
    return [line]


def retry_open_items(*, actor: Actor) -> int:
    """Try again what waited, as long as something goes in; gives how many were taken in."""
    side = _side()
    applied = 0
    while True:
        found = 0
        waiting = open_items().filter(state=ItemState.WAITING).select_for_update()
        for row in waiting[:_TRIED_AGAIN]:
            found += _apply(actor, row, side) == ItemState.APPLIED
        applied += found
        if not found:
            return applied


def _side() -> Side:
    side = our_side()
    if side is None:
        raise DomainError("この団体は、公開側と職員側に分かれていません。", code="not_split")
    return side


@service
def retry_items(*, actor: Actor) -> int:
    """もう一度取り込む: try everything that waits or was refused, after its reason was mended; gives how many went in."""
    require(actor, ExchangePermission.CARRY)
    side, applied = _side(), 0
    for row in open_items().select_for_update()[:_TRIED_AGAIN]:
        applied += _apply(actor, row, side) == ItemState.APPLIED
    return applied
