"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, QuerySet

from kakehashi.journal.domain.event_records import FIELDS
from kakehashi.journal.models import Event, Leaf, Seal
from kakehashi.kernel import clock

BATCH = 5000
# A transaction that commits later than this after its event was made is only found by a full search.
_LONGEST_TRANSACTION = timedelta(minutes=15)


@dataclass(frozen=True)
class SealStatus:
    """How far the log is sealed. `root` is 64 hex digits; `lag` is how long the oldest unsealed event has waited."""

    size: int
    root: str
    signed_at: datetime | None
    waiting: int
    lag: timedelta


def events_for(subject_id: UUID) -> QuerySet[Event]:
    """The acts on one thing, oldest first."""
    events: QuerySet[Event] = Event.objects.filter(subject_id=subject_id).order_by("id")
    return events


def events_for_many(subject_ids: Iterable[UUID]) -> QuerySet[Event]:
    """The acts on several things, such as a case and its application, oldest first."""
    events: QuerySet[Event] = Event.objects.filter(subject_id__in=list(subject_ids)).order_by("id")
    return events


def find_events(
    *,
    code: str = "",
    who: str = "",
    since: date | None = None,
    until: date | None = None,
    subject: UUID | None = None,
) -> QuerySet[Event]:
    """Events of the open government that match every given condition; days are Japan's, both ends included."""
    events: QuerySet[Event] = Event.objects.all()
    if code:
        events = events.filter(code=code)
    if who:
        events = events.filter(actor_label__icontains=who)
    if since:
        events = events.filter(occurred_at__gte=_midnight(since))
    if until:
        events = events.filter(occurred_at__lt=_midnight(until + timedelta(days=1)))
    if subject:
        events = events.filter(subject_id=subject)
    return events.order_by("-id")


def places_of(event_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The index of each sealed event in the log; unsealed ones are missing."""
    return dict(Leaf.objects.filter(event_id__in=list(event_ids)).values_list("event_id", "index"))


def last_position() -> int:
    """The index of the newest sealed event of the open government; -1 when nothing is sealed."""
    seal = last_seal()
    return seal.size - 1 if seal else -1


def sealed_events_after(position: int, *, limit: int) -> tuple[list[tuple[int, Event]], int]:
    """At most `limit` places of the log behind `position` with their events, oldest first, and the last place looked at.

    This is the only order without gaps: places are given after events were committed, by one sealer at a time, so that nothing
    appears before a place that was read already, however late a transaction commits. A destroyed event has a place and no row.
    """
    places = list(Leaf.objects.filter(index__gt=position).order_by("index").values_list("index", "event_id")[:limit])
    events = Event.objects.defer("salt").in_bulk([event_id for _, event_id in places])
    found = [(index, events[event_id]) for index, event_id in places if event_id in events]
    return found, places[-1][0] if places else position


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.JST)


def last_seal() -> Seal | None:
    """The newest seal of the open government."""
    seal: Seal | None = Seal.objects.order_by("-size").first()
    return seal


def unsealed_events(*, everywhere: bool = True) -> QuerySet[Event]:
    """Events of the open government that have no leaf yet, oldest first.

    Never "id > last": a transaction that commits late would be left out for ever. With `everywhere=False` only events
    made since shortly before the newest seal are searched, which is quick in a log of any length.
    """
    events: QuerySet[Event] = Event.objects.exclude(
        Exists(Leaf.objects.filter(event_id=OuterRef("id"), government_id=OuterRef("government_id")))
    ).order_by("id")
    first = None if everywhere else first_id_near_the_seal()
    return events if first is None else events.filter(id__gte=first)


def first_id_near_the_seal() -> UUID | None:
    """The smallest id an event made shortly before the newest seal, or later, can have; None when nothing is sealed."""
    newest = last_seal()
    return _first_id_at(newest.signed_at - _LONGEST_TRANSACTION) if newest else None


def seal_status() -> SealStatus:
    """The state of the open government's log, without searching all of it."""
    seal, waiting = last_seal(), unsealed_events(everywhere=False)
    oldest = waiting.aggregate(oldest=Min("occurred_at"))["oldest"]
    lag = max(clock.now() - oldest, timedelta()) if oldest else timedelta()
    if seal is None:
        return SealStatus(0, "", None, waiting.count(), lag)
    return SealStatus(seal.size, bytes(seal.root).hex(), seal.signed_at, waiting.count(), lag)


def leaves_in_order() -> Iterator[tuple[int, UUID, bytes]]:
    """Every leaf of the open government as (index, event id, commitment), read in batches."""
    after = -1
    while True:
        rows = list(
            Leaf.objects.filter(index__gt=after)
            .order_by("index")
            .values_list("index", "event_id", "commitment")[:BATCH]
        )
        for index, event_id, commitment in rows:
            yield index, event_id, bytes(commitment)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def event_values(event_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The columns of events by id, the salt included; ids without a row are missing."""
    rows = Event.objects.filter(id__in=list(event_ids)).values(*FIELDS, "salt")
    return {row["id"]: row for row in rows}


def _first_id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
