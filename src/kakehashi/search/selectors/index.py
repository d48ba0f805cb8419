"""Reading the index: what may be seen as columns, and the postings of a question's terms."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.domain.postings import LIVE, PUBLIC, SEGMENT, unpack_posting, unpack_segment
from kakehashi.search.domain.ranking import Collection, Occurrences
from kakehashi.search.models import Posting, Retirement, Segment, SharedPosting, SharedSegment

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may find, as conditions on columns. None for `groups` or `owner` asks for nothing there.

    `kinds`: of these kinds. `must_be_public`: only public places. `groups`: places of no group or of one of these; with
    `public_or_group` only public places or places of one of these groups.
    """

    kinds: frozenset[str]
    must_be_public: bool = False
    groups: frozenset[UUID] | None = None
    public_or_group: bool = False


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index as one actor may see it. `bases` gives the first position of each (owner, segment)."""

    collection: Collection
    bases: dict[tuple[UUID, int], int]
    is_shared: bool

    def occurrences(self, terms: Iterable[str]) -> dict[str, Occurrences]:
        """Return where terms stand. Terms that stand nowhere are left out."""
        return _occurrences(self, sorted(set(terms)))

    def owner_and_number(self, position: int) -> tuple[UUID, int]:
        """Return whose entry stands at a position, and its number."""
        for (owner, segment), base in self.bases.items():
            if base <= position < base + SEGMENT:
                return owner, segment * SEGMENT + position - base
        raise IndexError(position)


@dataclass(frozen=True, slots=True)
class _Block:
    owner: UUID
    segment: int
    kinds: list[str]
    groups: list[UUID]
    table: Array


class _Cache:
    """Segments as they were read last, by version; the least used leave first. A version names one content for ever."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._blocks: OrderedDict[tuple[UUID, UUID], _Block] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[UUID, UUID]) -> _Block | None:
        """Return a block and remember that it was used."""
        with self._lock:
            block = self._blocks.get(key)
            if block is not None:
                self._blocks.move_to_end(key)
            return block

    def put(self, key: tuple[UUID, UUID], block: _Block) -> None:
        """Keep a block."""
        with self._lock:
            self._blocks[key] = block
            while len(self._blocks) > self._size:
                self._blocks.popitem(last=False)


# 64 KB each at most: 32 MB.
_cache = _Cache(512)


def open_own(sight: Sight) -> OpenIndex:
    """Return the open scope's index as far as `sight` reaches."""
    mine = current_government_id()
    rows = Segment.objects.order_by("segment").values_list("id", "version")
    retired = list(Retirement.objects.values_list("number", flat=True)[:100_000])
    return _opened(_blocks(Segment, "departments", list(rows)), sight, mine, retired, is_shared=False)


def open_shared(sight: Sight) -> OpenIndex:
    """Return the index of what other governments published, as far as `sight` reaches."""
    mine = current_government_id()
    rows = SharedSegment.objects.exclude(origin_id=mine).order_by("origin_id", "segment").values_list("id", "version")
    return _opened(_blocks(SharedSegment, "prefectures", list(rows)), sight, mine, [], is_shared=True)


def _blocks(model: Any, groups: str, rows: list[tuple[UUID, UUID]]) -> list[_Block]:
    missing = [row for row in rows if _cache.get(row) is None]
    fresh: dict[UUID, _Block] = {}
    owner = "origin_id" if model is SharedSegment else "government_id"
    if missing:
        fields = ("id", "version", owner, "segment", "kinds", groups, "data")
        for each, version, owner_id, segment, kinds, group_ids, data in model._default_manager.filter(
            id__in=[row[0] for row in missing]
        ).values_list(*fields):
            fresh[each] = _Block(owner_id, segment, kinds, group_ids, unpack_segment(bytes(data)))
            _cache.put((each, version), fresh[each])
    found = [fresh.get(row[0]) or _cache.get(row) for row in rows]
    return [block for block in found if block is not None]


def _opened(
    blocks: Sequence[_Block], sight: Sight, mine: UUID, retired: Sequence[int], *, is_shared: bool
) -> OpenIndex:
    size = len(blocks) * SEGMENT
    visible = np.zeros(size, dtype=bool)
    title_length, body_length = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
    bases: dict[tuple[UUID, int], int] = {}
    for number, block in enumerate(blocks):
        base = number * SEGMENT
        bases[block.owner, block.segment] = base
        end = base + len(block.table)
        visible[base:end] = _visible(block, sight)
        title_length[base:end] = block.table["title_length"]
        body_length[base:end] = block.table["body_length"]
    for number in retired:
        base = bases.get((mine, number // SEGMENT), -1)
        if base >= 0:
            visible[base + number % SEGMENT] = False
    return OpenIndex(Collection(visible, title_length, body_length), bases, is_shared)


def _visible(block: _Block, sight: Sight) -> Array:
    """Return which places of a block may be seen."""
    table = block.table
    kind_is_wanted = np.array([kind in sight.kinds for kind in block.kinds] or [False], dtype=bool)
    seen = kind_is_wanted[table["kind"]] & ((table["flags"] & LIVE) > 0)
    is_public = (table["flags"] & PUBLIC) > 0
    if sight.must_be_public:
        seen &= is_public
    if sight.groups is not None:
        inside = np.array([not sight.public_or_group, *(group in sight.groups for group in block.groups)], dtype=bool)
        in_group = inside[table["group"]]
        seen &= (is_public | in_group) if sight.public_or_group else in_group
    return np.asarray(seen)


def _occurrences(index: OpenIndex, terms: list[str]) -> dict[str, Occurrences]:
    """Read postings in one statement. The table is walked by its index: equality on owner and term is leak-proof."""
    if not terms or not index.bases:
        return {}
    rows = _shared_rows(terms) if index.is_shared else _own_rows(terms)
    parts: dict[str, list[tuple[int, Array]]] = {}
    for term, owner, segment, data in rows:
        base = index.bases.get((owner, segment))
        if base is not None:
            parts.setdefault(term, []).append((base, unpack_posting(data)))
    return {term: _joined(found) for term, found in parts.items()}


def postings_sql(*, is_shared: bool) -> str:
    """Return the statement that reads postings; a test holds its plan to the index."""
    table = (SharedPosting if is_shared else Posting)._meta.db_table
    owner = "origin_id" if is_shared else "government_id"
    scope = "" if is_shared else "government_id = %s AND "
    return f"SELECT term, {owner}, segment, data FROM {table} WHERE {scope}term = ANY(%s)"  # noqa: S608


def _own_rows(terms: list[str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(postings_sql(is_shared=False), [current_government_id(), terms])
        return list(cursor.fetchall())


def _shared_rows(terms: list[str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(postings_sql(is_shared=True), [terms])
        return list(cursor.fetchall())


def _joined(parts: list[tuple[int, Array]]) -> Occurrences:
    parts.sort(key=lambda part: part[0])
    positions = np.concatenate([base + table["place"].astype(np.int64) for base, table in parts])
    title = np.concatenate([table["title"] for _, table in parts])
    body = np.concatenate([table["body"] for _, table in parts])
    return Occurrences(positions, title, body)


def is_staff(actor: Actor) -> bool:
    """Say whether an actor works for the government (or is the program itself)."""
    return actor.kind in {ActorKind.STAFF, ActorKind.ADMINISTRATOR, ActorKind.SYSTEM}


def own_sight(actor: Actor, kinds: Iterable[str]) -> Sight:
    """Return what an actor may find among texts of the given kinds, which the actor may already see at all."""
    allowed = frozenset(kinds)
    if not is_staff(actor):
        return Sight(allowed, must_be_public=True)
    if actor.kind is ActorKind.SYSTEM:
        return Sight(allowed)
    department_id = getattr(actor, "department_id", None)
    return Sight(allowed, groups=frozenset({department_id} if department_id else ()))


def shared_sight(kinds: Iterable[str]) -> Sight:
    """Return what the open scope may find among the texts of others: the country's and its own prefecture's."""
    prefecture_id = prefecture_of(current_government_id())
    return Sight(frozenset(kinds), groups=frozenset({prefecture_id} if prefecture_id else ()), public_or_group=True)


def prefecture_of(government_id: UUID) -> UUID | None:
    """Return the prefecture a government belongs to; a prefecture belongs to itself. None where the tree has none."""
    government = Government.objects.select_related("parent__parent").filter(id=government_id).first()
    while government is not None and government.kind != GovernmentKind.PREFECTURE:
        government = government.parent
    return government.id if government else None
