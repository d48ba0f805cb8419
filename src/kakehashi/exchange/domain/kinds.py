"""What travels: the registry of kinds and the shapes in which a thing leaves and arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kakehashi.exchange.domain.sides import Side
from kakehashi.kernel.registry import Registry

__all__ = [
    "EVENTS",
    "PEER",
    "Arrived",
    "ItemKind",
    "NotYet",
    "Waiting",
    "Written",
    "item_kind",
    "kinds",
    "register_kind",
]

PEER = "exchange.peer"
"""Subject kind of the room's events."""

EVENTS = {
    "exchange.side.introduced": "受け渡しの鍵を作った",
    "exchange.side.paired": "受け渡しの相手と鍵を組にした",
    "exchange.bundle.written": "受け渡しの包みを作った",
    "exchange.bundle.read": "受け渡しの包みを取り込んだ",
    "exchange.bundle.refused": "受け渡しの包みを断った",
    "exchange.bundle.repeated": "同じ包みがもう一度届いた（何も変えていない）",
    "exchange.bundle.given_up": "包みの中身を送り直すことにした",
    "exchange.item.refused": "届いた一件を取り込めなかった",
    "exchange.file.checked": "届いた添付を検査で直した・隔離した",
    "exchange.handover.made": "今のシステムへ渡す一覧と書類を作った",
    "exchange.intake.applied": "今のシステムの結果を取り込んだ",
    "exchange.layout.saved": "渡す一覧の並びを決めた",
    "exchange.number.recorded": "外部の番号を記録した",
    "exchange.webhook.made": "Webhookの送り先を作った",
    "exchange.webhook.changed": "Webhookの送り先を変えた",
    "exchange.webhook.dropped": "Webhookの送り先を消した",
    "exchange.webhook.paused": "Webhookの送り先を止めた",
    "exchange.webhook.resumed": "Webhookの送り先を再開した",
    "exchange.webhook.stopped": "Webhookの送り先が自動で止まった",
    "exchange.webhook.secret_changed": "Webhookの秘密の鍵を替えた",
    "exchange.webhook.old_secret_ended": "Webhookの前の秘密の鍵を使えなくした",
    "exchange.webhook.replayed": "Webhookの知らせを送り直した",
}


class NotYet(Exception):
    """An item needs another one first, such as a message its application; it waits and is tried again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that has to go out: its id, and the mark of its content (empty for a thing that never changes)."""

    item_id: UUID
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A thing as it travels: JSON data, the moment it happened, and rows of `files.StoredFile`."""

    data: Mapping[str, Any]
    made_at: dt.datetime
    files: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A thing that came. `changed_files` says what the check did to its attachments, in Japanese lines."""

    government_id: UUID
    item_id: UUID
    revision: int
    made_at: dt.datetime
    data: Mapping[str, Any]
    file_ids: Sequence[UUID] = ()
    changed_files: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ItemKind:
    """How one kind of thing travels.

    `origins` are the sides that send it. `pending(limit)` finds rows that wait to be sent (see `selectors.unsent`),
    `count()` how many; `write(id)` gives None for one that has gone meanwhile. `apply` must be idempotent, must not care
    for order, raises NotYet when something has to come first and DomainError for what can never be taken in.
    Kinds travel in the order of `order`, so that what others need comes first.
    """

    label: str
    order: int
    origins: frozenset[Side]
    pending: Callable[[int], Sequence[Waiting]]
    count: Callable[[], int]
    write: Callable[[UUID], Written | None]
    apply: Callable[[Arrived], None]


_kinds: Registry[ItemKind] = Registry("exchange kinds")


def register_kind(kind: str, how: ItemKind) -> None:
    """Register `<room>.<thing>` in `apps.ready()`. Raises DuplicateKey the second time."""
    _kinds.register(kind, how)


def item_kind(kind: str) -> ItemKind | None:
    """How a kind travels, None for one nobody here knows (a newer release on the other side)."""
    return _kinds.get(kind) if kind in _kinds else None


def kinds() -> list[tuple[str, ItemKind]]:
    """All kinds in the order in which they travel."""
    return sorted(_kinds.items(), key=lambda pair: pair[1].order)


# What files that only pass through are kept for while they come in.
BUNDLE_FILE = "exchange.bundle"
TABLE_FILE = "exchange.table"
