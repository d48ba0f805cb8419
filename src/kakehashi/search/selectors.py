"""Asking: what may be seen is chosen first, what fits best is ranked after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.domain.bm25 import K1, B
from kakehashi.search.domain.kinds import KINDS
from kakehashi.search.domain.query import WORD_FACTOR, Query, QueryTerm, parse_query, prefix_term
from kakehashi.search.domain.snippet import Piece, explain_match, snippet
from kakehashi.search.models import Entry, Posting, SharedEntry, SharedPosting


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

    @property
    def kind_label(self) -> str:
        """The Japanese name of the kind."""
        return KINDS.get(self.kind).label


@dataclass(frozen=True, slots=True)
class _Row:
    entry_id: UUID
    score: float
    concepts: tuple[int, ...]


def search_texts(*, actor: Actor, query: str, kinds: Iterable[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return what the actor may see and asked for, best first.

    Residents and strangers find public texts only; staff find the kinds they hold the permission for, and texts of a
    single section only if it is theirs. Hits that share nothing but pairs of characters come only when no word matched.
    """
    allowed = _allowed_kinds(actor, kinds)
    parsed = parse_query(query)
    if parsed.is_empty or not allowed:
        return []
    condition, parameters = _visible_to(actor, allowed)
    rows = _ranked(Posting._meta.db_table, Entry._meta.db_table, "government_id", condition, parameters, parsed, limit)
    entries = {entry.id: entry for entry in Entry.objects.filter(id__in=[row.entry_id for row in rows])}
    is_staff = _is_staff(actor)
    return [_hit(row, entries[row.entry_id], parsed, is_staff) for row in rows if row.entry_id in entries]


def search_shared(*, query: str, kinds: Iterable[str], limit: int = 20) -> list[Hit]:
    """Return published texts of other governments that the open scope's government belongs to the audience of."""
    parsed = parse_query(query)
    if parsed.is_empty:
        return []
    mine = current_government_id()
    condition = "e.origin_id <> %s AND e.kind = ANY(%s) AND (e.audience = 'country' OR e.prefecture_id = %s)"
    rows = _ranked(
        SharedPosting._meta.db_table,
        SharedEntry._meta.db_table,
        "origin_id",
        condition,
        [mine, list(kinds), prefecture_of(mine)],
        parsed,
        limit,
    )
    entries = {entry.id: entry for entry in SharedEntry.objects.filter(id__in=[row.entry_id for row in rows])}
    return [_hit(row, entries[row.entry_id], parsed, True) for row in rows if row.entry_id in entries]


def suggest_titles(*, actor: Actor, text: str, kinds: Iterable[str] | None = None, limit: int = 8) -> list[Hit]:
    """Return things whose title begins with what has been typed so far, as written or as read; shortest title first."""
    term = prefix_term(text)
    allowed = _allowed_kinds(actor, kinds)
    if not term or not allowed:
        return []
    condition, parameters = _visible_to(actor, allowed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT e.id, length(e.title), e.title
                FROM {Posting._meta.db_table} p CROSS JOIN LATERAL unnest(p.numbers) AS n(number)
                JOIN {Entry._meta.db_table} e ON e.government_id = %s AND e.number = n.number AND {condition}
                WHERE p.government_id = %s AND p.term = %s
                ORDER BY length(e.title), e.title LIMIT %s""",  # noqa: S608 — table names only
            [current_government_id(), *parameters, current_government_id(), term, limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
    entries = Entry.objects.in_bulk(ids)
    is_staff = _is_staff(actor)
    return [
        Hit(e.kind, e.object_id, e.title, [], 0.0, "", _url(e.kind, e.object_id, is_staff=is_staff, is_shared=False))
        for e in (entries[i] for i in ids if i in entries)
    ]


def pending_count() -> int:
    """Return how many entries of the open scope still wait to be indexed, at most 1,000."""
    count: int = Entry.objects.filter(number__isnull=True)[:1000].count()
    return count


def prefecture_of(government_id: UUID) -> UUID | None:
    """Return the prefecture a government belongs to; a prefecture belongs to itself. None where the tree has none."""
    government = Government.objects.select_related("parent__parent").filter(id=government_id).first()
    while government is not None and government.kind != GovernmentKind.PREFECTURE:
        government = government.parent
    return government.id if government else None


def _is_staff(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.ADMINISTRATOR, ActorKind.SYSTEM}


def _allowed_kinds(actor: Actor, wanted: Iterable[str] | None) -> list[str]:
    """Return the kinds this actor may find among those wanted (None: all)."""
    names = dict(KINDS.items()) if wanted is None else {name: KINDS.get(name) for name in wanted}
    if not _is_staff(actor):
        return [name for name, kind in names.items() if kind.resident_url is not None]
    government_id = current_government_id()
    return [name for name, kind in names.items() if not kind.permission or actor.can(kind.permission, government_id)]


def _visible_to(actor: Actor, kinds: list[str]) -> tuple[str, list[Any]]:
    """Return the condition on entries `e` that holds for what the actor may see, with its parameters."""
    if not _is_staff(actor):
        return "e.kind = ANY(%s) AND e.is_public", [kinds]
    if actor.kind is ActorKind.SYSTEM:
        return "e.kind = ANY(%s)", [kinds]
    department_id = getattr(actor, "department_id", None)
    return "e.kind = ANY(%s) AND (e.department_id IS NULL OR e.department_id = %s)", [kinds, department_id]


def _ranked(
    postings: str, entries: str, owner: str, condition: str, parameters: list[Any], query: Query, limit: int
) -> list[_Row]:
    """Return the best entries: those with a word of the question; if these are few, those that read alike too.

    Those with like pairs of characters come only when there is no other.
    """
    rows: list[_Row] = []
    sure = tuple(term for term in query.by_word if term.factor == WORD_FACTOR)
    for terms, is_enough in ((sure, limit), (query.by_word, 1), (query.by_pair, 1)):
        if not terms or (terms is query.by_pair and rows):
            continue
        sql, values = ranking_sql(postings, entries, owner, condition, parameters, query, terms, limit)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = [_Row(row[0], row[1], tuple(c for c in row[2] if c >= 0)) for row in cursor.fetchall()]
        if len(rows) >= is_enough:
            break
    return rows


def ranking_sql(
    postings: str,
    entries: str,
    owner: str,
    condition: str,
    parameters: list[Any],
    query: Query,
    terms: tuple[QueryTerm, ...],
    limit: int,
) -> tuple[str, list[Any]]:
    """Return the statement that ranks, and its values. The formulas are those of `domain.bm25`.

    Frequencies count visible entries only: a hidden text must not shift a ranking. Of the alternatives for one idea the
    best counts; the sum is multiplied by the share of ideas found, so that a text with both words of a question stands
    above one that repeats a single word.
    """
    is_own = owner == "government_id"
    scope: list[Any] = [current_government_id()] if is_own else []
    own = f"p.{owner} = %s AND " if is_own else ""
    same_owner = "e.government_id = %s" if is_own else "e.origin_id = p.origin_id"
    sql = f"""
WITH asked AS (SELECT * FROM unnest(%s::text[], %s::int[], %s::float8[]) AS a(term, concept, factor)),
hits AS MATERIALIZED (
    SELECT p.term, e.id, e.length, n.weight
    FROM {postings} p
    CROSS JOIN LATERAL unnest(p.numbers, p.weights) AS n(number, weight)
    JOIN {entries} e ON {same_owner} AND e.number = n.number AND {condition}
    WHERE {own}p.term = ANY(%s){_restrictions(postings, own, query)}
),
frequency AS MATERIALIZED (SELECT term, count(*)::float8 AS n FROM hits GROUP BY term),
total AS MATERIALIZED (
    SELECT (SELECT count(*) FROM {entries} e WHERE {"e.government_id = %s AND " if is_own else ""}{condition})::float8 AS n,
           greatest((SELECT avg(length) FROM hits), 1)::float8 AS average
),
weighed AS MATERIALIZED (
    SELECT asked.term, asked.concept, total.average,
           asked.factor * ln(1 + (total.n - frequency.n + 0.5) / (frequency.n + 0.5)) AS worth
    FROM asked JOIN frequency USING (term) CROSS JOIN total
),
ideas AS (
    SELECT hits.id, weighed.concept,
           max(worth * weight * {K1 + 1} / (weight + {K1} * ({1 - B} + {B} * length / average))) AS best,
           sum(worth * weight * {K1 + 1} / (weight + {K1} * ({1 - B} + {B} * length / average))) AS total
    FROM hits JOIN weighed USING (term) GROUP BY hits.id, weighed.concept
)
SELECT id, sum(CASE WHEN concept < 0 THEN total ELSE best END) * count(*) / %s::float8 AS score,
       array_agg(concept ORDER BY concept) AS concepts
FROM ideas GROUP BY id ORDER BY score DESC, id LIMIT %s"""  # noqa: S608 — table names and constants
    values: list[Any] = [
        [term.term for term in terms],
        [term.concept for term in terms],
        [term.factor for term in terms],
        *scope,
        *parameters,
        *scope,
        sorted({term.term for term in terms}),
        *_restricted_values(scope, query),
        *scope,
        *parameters,
        max(len(query.concepts), 1),
        limit,
    ]
    return sql, values


def _restrictions(postings: str, own: str, query: Query) -> str:
    """Return the extra conditions for 「quoted runs」 and -excluded words, empty for the usual query without them."""
    holders = (
        f"SELECT n.number FROM {postings} p CROSS JOIN LATERAL unnest(p.numbers) AS n(number) WHERE {own}p.term = %s"  # noqa: S608
    )
    return "".join(f" AND e.number IN ({holders})" for _ in query.required) + "".join(
        f" AND e.number NOT IN ({holders})" for _ in query.excluded
    )


def _restricted_values(scope: list[Any], query: Query) -> list[Any]:
    values: list[Any] = []
    for term in (*sorted(query.required), *sorted(query.excluded)):
        values += [*scope, term]
    return values


def _hit(row: _Row, entry: Entry | SharedEntry, query: Query, is_staff: bool) -> Hit:
    found = [query.concepts[i] for i in row.concepts]
    is_shared = isinstance(entry, SharedEntry)
    return Hit(
        kind=entry.kind,
        object_id=entry.object_id,
        title=entry.title,
        snippet=snippet(entry.text or entry.title, query),
        score=row.score,
        matched=explain_match(found, by_characters_only=not found),
        url=_url(entry.kind, entry.object_id, is_staff=is_staff, is_shared=is_shared),
        concepts=tuple(found),
        origin_id=entry.origin_id if isinstance(entry, SharedEntry) else None,
        coverage=len(found) / max(len(query.concepts), 1),
    )


def _url(kind: str, object_id: UUID, *, is_staff: bool, is_shared: bool) -> str:
    registered = KINDS.get(kind)
    if is_shared and registered.shared_url:
        return registered.shared_url(object_id)
    if not is_staff and registered.resident_url:
        return registered.resident_url(object_id)
    return registered.url(object_id)
