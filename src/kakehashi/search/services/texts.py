"""Saying what can be found, for the open scope and for other governments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search import hooks
from kakehashi.search.domain.tokens import storable
from kakehashi.search.models import Audience, Entry, Retirement, SharedEntry
from kakehashi.search.services.index import index_shared, retire_shared


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
    values = {
        "title": storable(title)[:300],
        "text": _joined(fields),
        "is_public": is_public,
        "department_id": department_id if audience == "department" else None,
        "number": None,
        "updated_at": clock.now(),
    }
    before = Entry.objects.select_for_update().filter(kind=kind, object_id=object_id).first()
    if before is None:
        # Somebody may write the same text at this moment: the later one counts.
        Entry.objects.bulk_create(
            [Entry(government_id=government_id, kind=kind, object_id=object_id, **values)],
            update_conflicts=True,
            unique_fields=["government_id", "kind", "object_id"],
            update_fields=list(values),
        )
        return
    _retire([before.number])
    Entry.objects.filter(id=before.id).update(**values)


@service
def index_texts(*, government_id: UUID, kind: str, rows: Iterable[tuple[UUID, str, Mapping[str, str], bool]]) -> int:
    """Make many texts findable at once, for imports: `(object_id, title, fields, is_public)`. Return how many."""
    hooks.get_kind(kind)
    count = 0
    waiting = iter(rows)
    while some := list(islice(waiting, 1000)):
        known = Entry.objects.select_for_update().filter(kind=kind, object_id__in=[row[0] for row in some])
        _retire(list(known.values_list("number", flat=True)))
        entries = [
            Entry(
                government_id=government_id,
                kind=kind,
                object_id=object_id,
                title=storable(title)[:300],
                text=_joined(fields),
                is_public=is_public,
            )
            for object_id, title, fields, is_public in some
        ]
        insert_many(
            entries,
            known_by=("government_id", "kind", "object_id"),
            update=("title", "text", "is_public", "number", "updated_at"),
        )
        count += len(entries)
    return count


@service
def regroup_texts(*, kind: str, object_ids: Iterable[UUID], department_id: UUID) -> int:
    """Let another section find what only one section may find; what everybody may find stays so. Return how many."""
    count = 0
    waiting = iter(object_ids)
    while some := list(islice(waiting, 1000)):
        limited = Entry.objects.filter(kind=kind, object_id__in=some, department_id__isnull=False)
        _retire(list(limited.select_for_update().values_list("number", flat=True)))
        count += limited.update(department_id=department_id, number=None, updated_at=clock.now())
    return count


@service
def remove_text(*, government_id: UUID, kind: str, object_id: UUID) -> None:
    """Make a text unfindable at once."""
    for entry in Entry.objects.select_for_update().filter(kind=kind, object_id=object_id):
        _retire([entry.number])
        entry.delete()


@service
def remove_texts(*, government_id: UUID, kind: str, object_ids: Iterable[UUID]) -> None:
    """Make many texts unfindable at once, when an import is taken back."""
    waiting = iter(object_ids)
    while some := list(islice(waiting, 1000)):
        known = Entry.objects.filter(government_id=government_id, kind=kind, object_id__in=some)
        _retire(list(known.select_for_update().values_list("number", flat=True)))
        known.delete()


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
    retire_shared(kind, object_id)
    SharedEntry.objects.update_or_create(
        origin_id=current_government_id(),
        kind=kind,
        object_id=object_id,
        defaults={
            "title": storable(title)[:300],
            "text": _joined(fields),
            "audience": Audience(audience),
            "prefecture_id": prefecture_id,
            "number": None,
            "updated_at": clock.now(),
        },
    )
    index_shared()


@service
def unshare_text(*, kind: str, object_id: UUID) -> None:
    """Take a published copy back."""
    retire_shared(kind, object_id)
    SharedEntry.objects.filter(origin_id=current_government_id(), kind=kind, object_id=object_id).delete()


def _joined(fields: Mapping[str, str]) -> str:
    return "\n".join(storable(text).strip() for text in fields.values() if text and text.strip())


def _retire(numbers: Iterable[int | None]) -> None:
    Retirement.objects.bulk_create([Retirement(number=number) for number in numbers if number is not None])
