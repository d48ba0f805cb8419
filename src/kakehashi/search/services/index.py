"""Keeping the index: the sweep that numbers waiting entries, and compaction that drops what is dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Max

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.domain.analysis import analyse
from kakehashi.search.domain.postings import LIVE, PLACE, POSTING, SEGMENT, pack_place, pack_posting
from kakehashi.search.models import (
    Audience,
    Entry,
    Posting,
    Retirement,
    Segment,
    SharedEntry,
    SharedPosting,
    SharedSegment,
    VectorBlock,
)

# Compaction rewrites a segment when this share of its places is dead: rarer, and the work outweighs what it frees.
DEAD_SHARE = 0.25
DEAD_AT_LEAST = 200


@dataclass(frozen=True, slots=True)
class _Tables:
    """The three tables of one index, and the column that says whose a row is."""

    owner: str
    entry: type[Entry | SharedEntry]
    posting: type[Posting | SharedPosting]
    segment: type[Segment | SharedSegment]
    lock: str
    conflict: tuple[str, ...]


_OWN = _Tables("government_id", Entry, Posting, Segment, "own", ("government_id", "term", "segment"))
_SHARED = _Tables("origin_id", SharedEntry, SharedPosting, SharedSegment, "shared", ("term", "origin_id", "segment"))


@service
def index_pending(*, limit: int = 4000) -> int:
    """Index the entries of the open scope that wait for it, oldest first; return how many.

    One worker at a time per government: it numbers the entries and appends them to the postings. A second one waits.
    Places of entries that were removed or written anew are marked dead in the same go.
    """
    own, shared, retired = (
        Entry.objects.filter(number__isnull=True).exists(),
        _rows(_SHARED).filter(number__isnull=True).exists(),
        Retirement.objects.exists(),
    )
    if shared:
        index_shared()
    if not own and not retired:
        return 0
    _lock_index(_OWN)
    _bury()
    return _index(_OWN, limit) if own else 0


def index_shared() -> int:
    """Index the open scope's published texts that wait; return how many."""
    _lock_index(_SHARED)
    count = 0
    while done := _index(_SHARED, 1000):
        count += done
    return count


def retire_shared(kind: str, object_id: UUID) -> None:
    """Mark the place of a published text dead at once; only its origin ever writes the segment."""
    number = _rows(_SHARED).filter(kind=kind, object_id=object_id).values_list("number", flat=True).first()
    if number is not None:
        _lock_index(_SHARED)
        _mark_dead(_SHARED, [number])


@service
def compact_index(*, force: bool = False) -> int:
    """Rewrite the segments in which much is dead; return how many dead places were dropped. With `force` every one.

    The living entries of such a segment get new numbers at the end, their terms are copied over, not analysed again. All
    in one transaction: a search sees the old or the new, never both.
    """
    _lock_index(_OWN)
    _bury()
    dropped = 0
    for row in Segment.objects.filter(dead__gt=0).order_by("segment"):
        size = len(row.data) // PLACE.itemsize
        if force or (row.dead >= DEAD_AT_LEAST and row.dead >= DEAD_SHARE * size):
            dropped += row.dead
            _rewrite(row)
    return dropped


def lock_own_index() -> None:
    """Hold the open scope's own index for the rest of the transaction."""
    _lock_index(_OWN)


def _rows(tables: _Tables) -> Any:
    """Return the entries of the open scope in one of the two indexes."""
    return tables.entry._default_manager.filter(**{tables.owner: current_government_id()})


def _lock_index(tables: _Tables) -> None:
    """Hold the index of this government for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"search.{tables.lock}:{current_government_id()}"]
        )


def _index(tables: _Tables, limit: int) -> int:
    entries = list(_rows(tables).filter(number__isnull=True).order_by("updated_at", "id")[:limit])
    if not entries:
        return 0
    writer = _Writer(tables)
    postings: dict[tuple[str, int], bytearray] = defaultdict(bytearray)
    for entry in entries:
        indexed = analyse(entry.title, {"text": entry.text})
        entry.number = writer.add(entry, indexed.title_length, indexed.body_length)
        segment, place = divmod(entry.number, SEGMENT)
        for term, (title, body) in indexed.terms.items():
            postings[term, segment] += pack_posting(place, title, body)
    _number(tables, entries)
    writer.save()
    _append(tables, postings)
    return len(entries)


class _Writer:
    """The end of an index: gives out numbers and keeps the segment rows that are being filled."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables
        mine = {tables.owner: current_government_id()}
        self._rows = tables.segment._default_manager.filter(**mine)
        last = self._rows.order_by("-segment").first()
        self._row = last or tables.segment(segment=0, data=b"", **mine)
        self._data = bytearray(self._row.data)
        self._changed: list[Segment | SharedSegment] = []

    def add(self, entry: Entry | SharedEntry, title_length: int, body_length: int) -> int:
        """Give an entry the next number and note what must be known of it."""
        group, is_public = self._group(entry)
        return self._add(entry.kind, is_public, group, title_length, body_length)

    def copy(self, old: Segment, place: np.void) -> int:
        """Give the entry at a place of an old segment a new number."""
        group = old.departments[place["group"] - 1] if place["group"] else None
        kind = old.kinds[place["kind"]]
        return self._add(kind, bool(place["flags"] & 1), group, int(place["title_length"]), int(place["body_length"]))

    def _add(self, kind: str, is_public: bool, group: UUID | None, title_length: int, body_length: int) -> int:
        if len(self._data) // PLACE.itemsize >= SEGMENT:
            self._turn()
        groups = self._row.departments if isinstance(self._row, Segment) else self._row.prefectures
        number = self._row.segment * SEGMENT + len(self._data) // PLACE.itemsize
        self._data += pack_place(
            kind=_code(self._row.kinds, kind),
            is_public=is_public,
            group=_code(groups, group) + 1 if group else 0,
            title_length=title_length,
            body_length=body_length,
        )
        return number

    def _group(self, entry: Entry | SharedEntry) -> tuple[UUID | None, bool]:
        if isinstance(entry, Entry):
            return entry.department_id, entry.is_public
        return entry.prefecture_id, entry.audience == Audience.COUNTRY

    def _turn(self) -> None:
        self._changed.append(self._finished())
        owner = {self._tables.owner: current_government_id()}
        self._row = self._tables.segment(segment=self._row.segment + 1, data=b"", **owner)
        self._data = bytearray()

    def _finished(self) -> Segment | SharedSegment:
        self._row.data = bytes(self._data)
        self._row.version = uuid7()
        return self._row

    def save(self) -> None:
        """Write the segment rows that were added to."""
        for row in (*self._changed, self._finished()):
            row.save()


def _code(names: list[Any], name: object) -> int:
    """Return the place of a name in a list, adding it where it is new."""
    if name not in names:
        names.append(name)
    return names.index(name)


def _number(tables: _Tables, entries: Iterable[Entry | SharedEntry]) -> None:
    """Write the numbers of entries in one statement."""
    rows = list(entries)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {tables.entry._meta.db_table} AS e SET number = a.number
                FROM unnest(%s::uuid[], %s::int[]) AS a(id, number) WHERE e.id = a.id AND e.{tables.owner} = %s""",  # noqa: S608
            [[row.id for row in rows], [row.number for row in rows], current_government_id()],
        )


def _append(tables: _Tables, postings: Mapping[tuple[str, int], bytes | bytearray]) -> None:
    """Add records to the posting rows of the open scope, making rows that do not exist."""
    keys = sorted(postings)
    # One id after the other: a time-ordered id for each of a hundred thousand rows would cost more than the rows.
    first = uuid7().int
    with connection.cursor() as cursor:
        for start in range(0, len(keys), 20_000):
            some = keys[start : start + 20_000]
            cursor.execute(
                f"""INSERT INTO {tables.posting._meta.db_table} AS p (id, {tables.owner}, term, segment, data)
                    SELECT id, %s, term, segment, data
                    FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::bytea[]) AS a(id, term, segment, data)
                    ON CONFLICT ({", ".join(tables.conflict)}) DO UPDATE SET data = p.data || excluded.data""",  # noqa: S608
                [
                    current_government_id(),
                    [UUID(int=first + start + number) for number in range(len(some))],
                    [term for term, _ in some],
                    [segment for _, segment in some],
                    [bytes(postings[key]) for key in some],
                ],
            )


def _bury() -> None:
    """Mark the places of retired numbers dead and forget the retirements."""
    rows = list(Retirement.objects.values_list("id", "number"))
    if rows:
        _mark_dead(_OWN, [number for _, number in rows])
        Retirement.objects.filter(id__in=[each for each, _ in rows]).delete()


def _mark_dead(tables: _Tables, numbers: Iterable[int]) -> None:
    places: dict[int, set[int]] = defaultdict(set)
    for number in numbers:
        places[number // SEGMENT].add(number % SEGMENT)
    mine = {tables.owner: current_government_id()}
    for row in tables.segment._default_manager.filter(segment__in=places, **mine):
        table = np.frombuffer(row.data, dtype=PLACE).copy()
        table["flags"][[place for place in places[row.segment] if place < len(table)]] &= ~np.uint8(LIVE)
        row.data = table.tobytes()
        row.dead = int(np.count_nonzero(~table["flags"] & LIVE))
        row.version = uuid7()
        row.save(update_fields=["data", "dead", "version"])


def _rewrite(row: Segment) -> None:
    """Move the living entries of a segment to the end of the index and drop the segment."""
    table = np.frombuffer(row.data, dtype=PLACE)
    last = Segment.objects.aggregate(Max("segment"))["segment__max"]
    if row.segment == last:
        # The end of the index moves on, so that what is copied does not land where it came from.
        Segment(segment=row.segment + 1, data=b"").save()
    writer = _Writer(_OWN)
    numbers = np.full(SEGMENT, -1, dtype=np.int64)
    for place in np.flatnonzero(table["flags"] & LIVE):
        numbers[place] = writer.copy(row, table[place])
    writer.save()
    postings: dict[tuple[str, int], bytearray] = defaultdict(bytearray)
    for term, data in Posting.objects.filter(segment=row.segment).values_list("term", "data").iterator(2000):
        old = np.frombuffer(data, dtype=POSTING)
        new = numbers[old["place"]]
        old, new = old[new >= 0], new[new >= 0]
        for segment in np.unique(new // SEGMENT):
            inside = new // SEGMENT == segment
            records = old[inside].copy()
            records["place"] = new[inside] % SEGMENT
            postings[term, int(segment)] += records.tobytes()
    Posting.objects.filter(segment=row.segment).delete()
    VectorBlock.objects.filter(segment=row.segment).delete()
    row.delete()
    entries = list(Entry.objects.filter(number__gte=row.segment * SEGMENT, number__lt=(row.segment + 1) * SEGMENT))
    for entry in entries:
        new_number = int(numbers[(entry.number or 0) % SEGMENT])
        # A living row whose place is dead waits for the sweep.
        entry.number = new_number if new_number >= 0 else None
    _number(_OWN, entries)
    _append(_OWN, postings)
