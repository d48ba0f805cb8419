"""The verbs of search: say what can be found, and keep the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection
from django.db.models import Max

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search import hooks
from kakehashi.search.domain.analysis import analyse
from kakehashi.search.domain.tokens import storable
from kakehashi.search.models import SEGMENT, Audience, Entry, Posting, SharedEntry, SharedPosting

Weights = dict[tuple[str, int], list[tuple[int, int]]]


@service
def index_text(
    *,
    government_id: UUID,
    kind: str,
    object_id: UUID,
    title: str,
    fields: Mapping[str, str],
    audience: str = "government",
    is_public: bool = False,
    department_id: UUID | None = None,
) -> None:
    """Make a text findable, or write it anew, in the caller's transaction; the sweep indexes it within seconds.

    `fields` maps keys to texts (the keys are not searched). `audience` is `government`, or `department` with the
    `department_id` whose staff alone may find it. Raises UnknownKey for an unregistered kind.
    """
    hooks.get_kind(kind)
    Entry.objects.update_or_create(
        kind=kind,
        object_id=object_id,
        defaults={
            "title": storable(title)[:300],
            "text": _joined(fields),
            "is_public": is_public,
            "department_id": department_id if audience == "department" else None,
            "number": None,
            "updated_at": clock.now(),
        },
    )


@service
def index_texts(*, government_id: UUID, kind: str, rows: Iterable[tuple[UUID, str, Mapping[str, str], bool]]) -> int:
    """Make many texts findable at once, for imports: `(object_id, title, fields, is_public)`. Return how many."""
    hooks.get_kind(kind)
    entries = [
        Entry(
            government_id=government_id,
            kind=kind,
            object_id=object_id,
            title=storable(title)[:300],
            text=_joined(fields),
            is_public=is_public,
        )
        for object_id, title, fields, is_public in rows
    ]
    Entry.objects.bulk_create(
        entries,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["government_id", "kind", "object_id"],
        update_fields=["title", "text", "is_public", "number", "updated_at"],
    )
    return len(entries)


@service
def remove_text(*, government_id: UUID, kind: str, object_id: UUID) -> None:
    """Make a text unfindable at once."""
    Entry.objects.filter(kind=kind, object_id=object_id).delete()


@service
def share_text(
    *,
    kind: str,
    object_id: UUID,
    title: str,
    fields: Mapping[str, str],
    audience: str,
    prefecture_id: UUID | None,
) -> None:
    """Publish a copy of a text to the prefecture or the country, from the open scope. Indexed at once.

    `prefecture_id` names the prefecture of the origin; without it an audience of `prefecture` reaches nobody.
    """
    hooks.get_kind(kind)
    _lock_index("shared")
    latest = SharedEntry.objects.filter(origin_id=current_government_id()).aggregate(Max("number"))["number__max"]
    number = (latest or 0) + 1
    indexed = analyse(title, fields)
    SharedEntry.objects.update_or_create(
        origin_id=current_government_id(),
        kind=kind,
        object_id=object_id,
        defaults={
            "title": storable(title)[:300],
            "text": _joined(fields),
            "audience": Audience(audience),
            "prefecture_id": prefecture_id,
            "number": number,
            "length": indexed.length,
            "updated_at": clock.now(),
        },
    )
    _append(
        SharedPosting._meta.db_table,
        "origin_id",
        {(term, number // SEGMENT): [(number, weight)] for term, weight in indexed.terms.items()},
    )


@service
def unshare_text(*, kind: str, object_id: UUID) -> None:
    """Take a published copy back."""
    SharedEntry.objects.filter(origin_id=current_government_id(), kind=kind, object_id=object_id).delete()


@service
def index_pending(*, limit: int = 1000) -> int:
    """Index the entries of the open scope that wait for it, oldest first; return how many.

    One worker at a time per government: it numbers the entries and appends them to the postings. A second one waits.
    """
    if not Entry.objects.filter(number__isnull=True).exists():
        return 0
    _lock_index("own")
    entries = list(Entry.objects.filter(number__isnull=True).order_by("updated_at", "id")[:limit])
    if not entries:
        return 0
    number = Entry.objects.aggregate(Max("number"))["number__max"] or 0
    highest = Posting.objects.filter(term=_LAST_NUMBER).values_list("numbers", flat=True).first() or [0]
    number = max(number, highest[0])
    weights: Weights = defaultdict(list)
    for entry in entries:
        number += 1
        entry.number = number
        indexed = analyse(entry.title, {"text": entry.text})
        entry.length = indexed.length
        for term, weight in indexed.terms.items():
            weights[term, number // SEGMENT].append((number, weight))
    Entry.objects.bulk_update(entries, ["number", "length"], batch_size=500)
    _append(Posting._meta.db_table, "government_id", weights)
    Posting.objects.update_or_create(term=_LAST_NUMBER, segment=0, defaults={"numbers": [number], "weights": [0]})
    return len(entries)


# A number is never given twice, even when the newest entry was removed: its old postings would count for the next one.
_LAST_NUMBER = "#last"


def _joined(fields: Mapping[str, str]) -> str:
    return "\n".join(storable(text).strip() for text in fields.values() if text and text.strip())


def _lock_index(name: str) -> None:
    """Hold the index of this government for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"search.{name}:{current_government_id()}"]
        )


def _append(table: str, owner: str, weights: Mapping[tuple[str, int], list[tuple[int, int]]]) -> None:
    """Add numbers and weights to the posting rows of the open scope, making rows that do not exist."""
    keys = list(weights)
    with connection.cursor() as cursor:
        # One statement for a batch: arrays of different lengths travel as text, because PostgreSQL has no ragged arrays.
        cursor.execute(
            f"""INSERT INTO {table} AS p (id, {owner}, term, segment, numbers, weights)
                SELECT id, %s, term, segment, numbers::int[], weights::smallint[]
                FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[], %s::text[])
                     AS a(id, term, segment, numbers, weights)
                ON CONFLICT ({", ".join(_CONFLICT[owner])}) DO UPDATE
                SET numbers = p.numbers || excluded.numbers, weights = p.weights || excluded.weights""",  # noqa: S608
            [
                current_government_id(),
                [uuid7() for _ in keys],
                [term for term, _ in keys],
                [segment for _, segment in keys],
                [_array(number for number, _ in weights[key]) for key in keys],
                [_array(weight for _, weight in weights[key]) for key in keys],
            ],
        )


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


_CONFLICT = {"government_id": ("government_id", "term", "segment"), "origin_id": ("term", "origin_id", "segment")}
