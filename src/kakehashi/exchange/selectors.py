"""Reads of the room: which side we are, what waits, what came and went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from kakehashi.exchange.domain.kinds import kinds
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import (
    FileCheck,
    IncomingBundle,
    IncomingItem,
    ItemState,
    Outcome,
    OutgoingBundle,
    OutgoingItem,
    Peer,
)

__all__ = [
    "Standing",
    "came_through",
    "is_split",
    "known_until",
    "missing_sequences",
    "open_items",
    "our_side",
    "peer",
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
