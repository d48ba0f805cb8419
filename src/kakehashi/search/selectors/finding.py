"""Asking: what may be seen is chosen first, what fits best is ranked after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.domain.kinds import KINDS
from kakehashi.search.domain.query import Query, parse_query, prefix_term
from kakehashi.search.domain.ranking import Evidence, Found, find
from kakehashi.search.domain.snippet import Piece, explain_evidence, explain_match, snippet
from kakehashi.search.models import Entry, SharedEntry
from kakehashi.search.selectors.index import (
    OpenIndex,
    Sight,
    is_staff,
    open_own,
    open_shared,
    own_sight,
    prefecture_of,
    shared_sight,
)
from kakehashi.search.selectors.synonyms import own_thesaurus
from kakehashi.search.selectors.vectors import own_similarities

# More are ranked than shown: an entry that was removed a moment ago leaves a gap.
_SPARE = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text was found, one idea of the question: the word, how it stands in the text, its share of the score in %."""

    word: str
    how: str
    place: str
    share: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `score` is comparable within one search only; `matched` says why in Japanese."""

    kind: str
    object_id: UUID
    title: str
    snippet: list[Piece]
    score: float
    matched: str
    url: str
    concepts: tuple[str, ...] = ()
    origin_id: UUID | None = None
    coverage: float = 0.0
    reasons: tuple[Reason, ...] = ()

    @property
    def kind_label(self) -> str:
        """The Japanese name of the kind."""
        return KINDS.get(self.kind).label


def search_texts(*, actor: Actor, query: str, kinds: Iterable[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return what the actor may see and asked for, best first.

    Residents and strangers find public texts only; staff find the kinds they hold the permission for, and texts of a
    single section only if it is theirs. Hits that share nothing but pairs of characters come only when no word matched.
    """
    parsed, pairs = _pairs(actor, query, kinds, limit)
    return _hits(pairs, parsed, limit, staff=is_staff(actor))


def rank_texts(*, actor: Actor, query: str, kind: str, limit: int = 20) -> list[UUID]:
    """The ids of what `search_texts` would find of one kind, best first: for a page that shows its own words, no snippets."""
    # The texts themselves are not read: fifty of them are long, and nobody looks at them here.
    _, rows, found = _found(actor, query, [kind], limit)
    ids = dict(rows.filter(number__in=found).values_list("number", "object_id"))
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].score, pair[1].position))
    return [ids[number] for number, _ in ranked if number in ids][:limit]


def _pairs(
    actor: Actor, query: str, kinds: Iterable[str] | None, limit: int
) -> tuple[Query, list[tuple[Found, Entry | SharedEntry]]]:
    parsed, rows, found = _found(actor, query, kinds, limit)
    entries = rows.filter(number__in=found) if found else ()
    return parsed, [(found[entry.number], entry) for entry in entries if entry.number is not None]


def _found(
    actor: Actor, query: str, kinds: Iterable[str] | None, limit: int
) -> tuple[Query, QuerySet[Entry], dict[int, Found]]:
    """What was found by the number of its row, and the rows that the actor may see."""
    allowed = _allowed_kinds(actor, kinds)
    parsed = parse_query(query, own_thesaurus())
    if parsed.is_empty or not allowed:
        return parsed, Entry.objects.none(), {}
    sight = own_sight(actor, allowed)
    index = open_own(sight)
    # Asked again of the rows themselves: what the index says is hidden stays hidden, and so does what a row says is.
    rows = _visible_entries(actor, sight)
    found = _ranked(index, parsed, limit, rows)
    return parsed, rows, {index.owner_and_number(each.position)[1]: each for each in found}


def search_shared(*, query: str, kinds: Iterable[str], limit: int = 20) -> list[Hit]:
    """Return published texts of other governments that the open scope's government belongs to the audience of."""
    parsed = parse_query(query, own_thesaurus())
    if parsed.is_empty:
        return []
    mine = current_government_id()
    sight = shared_sight(kinds)
    index = open_shared(sight)
    audience = Q(audience="country") | Q(prefecture_id=prefecture_of(mine), prefecture_id__isnull=False)
    rows = SharedEntry.objects.filter(audience, kind__in=sight.kinds).exclude(origin_id=mine)
    found = {index.owner_and_number(each.position): each for each in _ranked(index, parsed, limit, rows)}
    entries = rows.filter(number__in=[number for _, number in found])
    places = [((entry.origin_id, entry.number or 0), entry) for entry in entries]
    pairs = [(found[place], entry) for place, entry in places if place in found]
    return _hits(pairs, parsed, limit, staff=True)


def suggest_titles(*, actor: Actor, text: str, kinds: Iterable[str] | None = None, limit: int = 8) -> list[Hit]:
    """Return things whose title begins with what has been typed so far, as written or as read; shortest title first."""
    term = prefix_term(text)
    allowed = _allowed_kinds(actor, kinds)
    if not term or not allowed:
        return []
    sight = own_sight(actor, allowed)
    index = open_own(sight)
    where = index.occurrences([term]).get(term)
    if where is None:
        return []
    positions = where.positions[index.collection.visible[where.positions]]
    positions = positions[index.collection.title_length[positions].argsort(kind="stable")][: limit * 8]
    numbers = [index.owner_and_number(int(position))[1] for position in positions]
    entries = sorted(_visible_entries(actor, sight).filter(number__in=numbers), key=lambda e: (len(e.title), e.title))
    staff = is_staff(actor)
    return [
        Hit(e.kind, e.object_id, e.title, [], 0.0, "", _url(e.kind, e.object_id, staff=staff, is_shared=False))
        for e in entries[:limit]
    ]


def pending_count() -> int:
    """Return how many entries of the open scope still wait to be indexed, at most 1,000."""
    count: int = Entry.objects.filter(number__isnull=True)[:1000].count()
    return count


def _allowed_kinds(actor: Actor, wanted: Iterable[str] | None) -> list[str]:
    """Return the kinds this actor may find among those wanted (None: all)."""
    names = dict(KINDS.items()) if wanted is None else {name: KINDS.get(name) for name in wanted}
    if not is_staff(actor):
        return [name for name, kind in names.items() if kind.resident_url is not None]
    government_id = current_government_id()
    return [name for name, kind in names.items() if not kind.permission or actor.can(kind.permission, government_id)]


def _visible_entries(actor: Actor, sight: Sight) -> QuerySet[Entry]:
    """Return the rows an actor may find: the same conditions as the index's columns, in SQL."""
    rows = Entry.objects.filter(kind__in=sight.kinds)
    if not is_staff(actor):
        return rows.filter(is_public=True)
    if actor.kind is ActorKind.SYSTEM:
        return rows
    mine = getattr(actor, "department_id", None)
    return rows.filter(Q(department_id__isnull=True) | Q(department_id=mine, department_id__isnull=False))


def _ranked(index: OpenIndex, query: Query, limit: int, rows: QuerySet[Any]) -> list[Found]:
    """Rank what `index` shows; `rows` are the entries behind it, for the titles of the first pass."""

    def titles_of(positions: list[int]) -> dict[int, str]:
        places = {index.owner_and_number(position): position for position in positions}
        owner = "origin_id" if index.is_shared else "government_id"
        found = rows.filter(number__in=[number for _, number in places]).values_list(owner, "number", "title")
        return {places[who, number]: title for who, number, title in found if (who, number) in places}

    similarities = None if index.is_shared else own_similarities(index, query.text)
    return find(query, index.collection, index.occurrences, titles_of, limit + _SPARE, similarities=similarities)


def _hits(pairs: Sequence[tuple[Found, Entry | SharedEntry]], query: Query, limit: int, *, staff: bool) -> list[Hit]:
    return [_hit(found, entry, query, staff=staff) for found, entry in _best(pairs, limit)]


def _best(pairs: Sequence[tuple[Found, Entry | SharedEntry]], limit: int) -> list[tuple[Found, Entry | SharedEntry]]:
    return sorted(pairs, key=lambda pair: (-pair[0].score, pair[0].position))[:limit]


def _hit(found: Found, entry: Entry | SharedEntry, query: Query, *, staff: bool) -> Hit:
    ideas = tuple(query.ideas[each.idea].surface for each in sorted(found.evidence, key=lambda each: each.idea))
    is_shared = isinstance(entry, SharedEntry)
    return Hit(
        kind=entry.kind,
        object_id=entry.object_id,
        title=entry.title,
        snippet=snippet(entry.text or entry.title, query),
        score=found.score,
        matched=explain_match(query, found),
        url=_url(entry.kind, entry.object_id, staff=staff, is_shared=is_shared),
        concepts=ideas,
        origin_id=entry.origin_id if isinstance(entry, SharedEntry) else None,
        coverage=len(ideas) / max(len(query.ideas), 1),
        reasons=_reasons(query, found.evidence),
    )


def _reasons(query: Query, evidence: tuple[Evidence, ...]) -> tuple[Reason, ...]:
    total = sum(each.points for each in evidence) or 1.0
    return tuple(
        Reason(
            word=query.ideas[each.idea].surface,
            how=explain_evidence(query, each),
            place="題名" if each.in_title else "本文",
            share=round(100 * each.points / total),
        )
        for each in evidence
    )


def _url(kind: str, object_id: UUID, *, staff: bool, is_shared: bool) -> str:
    registered = KINDS.get(kind)
    if is_shared and registered.shared_url:
        return registered.shared_url(object_id)
    if not staff and registered.resident_url:
        return registered.resident_url(object_id)
    return registered.url(object_id)
