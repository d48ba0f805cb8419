"""Reads of the room: which side we are, what waits, what came and went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from kakehashi.exchange.domain.coexistence import Handover, handovers
from kakehashi.exchange.domain.kinds import kinds
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import (
    FileCheck,
    IncomingBundle,
    IncomingItem,
    ItemState,
    Layout,
    Outcome,
    OutgoingBundle,
    OutgoingItem,
    OutsideNumber,
    Peer,
)
from kakehashi.kernel.folding import fold

__all__ = [
    "Standing",
    "came_through",
    "find_outside_numbers",
    "is_split",
    "known_until",
    "layout_of",
    "missing_sequences",
    "open_items",
    "our_side",
    "outside_numbers_of",
    "page_of_number",
    "peer",
    "remembered_headers",
    "standing",
    "unsent",
    "waiting_counts",
]

Row = TypeVar("Row", bound=Any)
_NUMBERS_LOOKED_AT = 1_000
_MOST_MISSING = 200


def peer() -> Peer | None:
    """The other half of the open government's installation; None when it is not split."""
    found: Peer | None = Peer.objects.first()
    return found


def our_side() -> Side | None:
    """Which half we are for the open government; None when it is not split."""
    value = Peer.objects.values_list("our_side", flat=True).first()
    return Side(value) if value else None


def is_split() -> bool:
    """Whether this government's residents and staff are on databases that never connect."""
    return our_side() is not None


def known_until() -> dt.datetime | None:
    """The moment up to which this side knows the other one; None when it is not split or nothing has come yet."""
    found: dt.datetime | None = Peer.objects.values_list("their_made_at", flat=True).first()
    return found


def unsent(rows: QuerySet[Row], kind: str, mark: Combinable | None = None) -> QuerySet[Row]:
    """The rows that have not been sent as they stand now: never, or with another `mark`, or in a bundle that was lost."""
    sent = OutgoingItem.objects.filter(kind=kind, item_id=OuterRef("pk"), is_waiting=False)
    if mark is None:
        return rows.filter(~Exists(sent))
    marked: QuerySet[Row] = rows.alias(exchange_mark=mark)
    return marked.filter(~Exists(sent.filter(mark=OuterRef("exchange_mark"))))


def came_through(kind: str, rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows that came from the other side, such as the applications that residents filed there."""
    arrived = IncomingItem.objects.filter(kind=kind, item_id=OuterRef("pk"), state=ItemState.APPLIED)
    return rows.filter(Exists(arrived))


def waiting_counts(side: Side) -> list[tuple[str, int]]:
    """How many things of each kind wait to be sent, by their Japanese names; kinds with none are left out."""
    counted = [(how.label, how.count()) for _, how in kinds() if side in how.origins]
    return [(label, count) for label, count in counted if count]


def missing_sequences(given_up: list[int]) -> list[int]:
    """Numbers between those that came which never came, and which the peer has not written again under another number."""
    read = IncomingBundle.objects.filter(outcome=Outcome.READ).order_by("-sequence")
    came = sorted(set(read.values_list("sequence", flat=True)[:_NUMBERS_LOOKED_AT]))
    if not came:
        return []
    # Older numbers than we look at are long settled.
    first = 1 if len(came) < _NUMBERS_LOOKED_AT else came[0]
    return sorted(set(range(first, came[-1])) - set(came) - set(given_up))[:_MOST_MISSING]


def open_items() -> QuerySet[IncomingItem]:
    """Things that came and are not taken in yet, oldest first."""
    rows: QuerySet[IncomingItem] = IncomingItem.objects.exclude(state=ItemState.APPLIED).order_by("id")
    return rows


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page 「外との受け渡し」 and the command line tell."""

    peer: Peer
    waiting: list[tuple[str, int]]
    on_the_way: int
    missing: list[int]
    held: int
    refused: int

    @property
    def waiting_total(self) -> int:
        """How many things wait to be sent."""
        return sum(count for _, count in self.waiting)


def standing() -> Standing | None:
    """How the exchange of the open government stands; None when it is not split."""
    other = peer()
    if other is None:
        return None
    return Standing(
        peer=other,
        waiting=waiting_counts(other.side),
        on_the_way=OutgoingBundle.objects.filter(acknowledged_at__isnull=True, given_up_at__isnull=True).count(),
        missing=missing_sequences(other.given_up),
        held=IncomingItem.objects.filter(state=ItemState.WAITING).count(),
        refused=IncomingItem.objects.filter(state=ItemState.REFUSED).count()
        + FileCheck.objects.filter(is_refused=True).count(),
    )


def layout_of(code: str, how: Handover) -> tuple[list[tuple[str, str]], str]:
    """The (key, header) pairs of a handover's list in order, and its encoding: the town's own layout, else the usual one."""
    known = dict(how.fields())
    saved: Layout | None = Layout.objects.filter(code=code).first()
    if saved is None:
        return [(key, known[key]) for key in how.usual if key in known], "utf-8-sig"
    return [(each["key"], each["header"]) for each in saved.columns if each["key"] in known], saved.encoding


def remembered_headers(code: str) -> dict[str, str]:
    """The headers that were confirmed for an intake before, by our keys."""
    saved: Layout | None = Layout.objects.filter(code=code).first()
    return {each["key"]: each["header"] for each in saved.columns} if saved else {}


def find_outside_numbers(text: str, limit: int = 50) -> list[OutsideNumber]:
    """Things of ours by a number of another system, or a part of it, however it is typed; newest first."""
    key = fold(text.replace("\x00", ""))[:100]
    if not key:
        return []
    return list(OutsideNumber.objects.filter(search_key__contains=key).order_by("-recorded_at")[:limit])


def page_of_number(number_id: UUID) -> str:
    """The page of the thing that a number of another system belongs to; empty when there is none."""
    row = OutsideNumber.objects.filter(id=number_id).first()
    if row is None:
        return ""
    return next((how.url(row.subject_id) for _, how in handovers() if how.subject_kind == row.subject_kind), "")


def outside_numbers_of(subject_kind: str, subject_id: UUID) -> list[OutsideNumber]:
    """The outside numbers of one thing: 決裁番号, 文書番号, 簿冊."""
    return list(OutsideNumber.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("kind"))
