"""Editing the words that a government wants found for each other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.search.domain.synonym_csv import BadSynonyms, SynonymRow, checked, read_csv
from kakehashi.search.domain.thesaurus import GroupKind
from kakehashi.search.models import SynonymGroup
from kakehashi.search.permissions import SearchPermission

MAX_GROUPS = 2_000
MAX_BYTES = 1_000_000
_SUBJECT = "search.synonym"


@service
def save_synonyms(
    *, actor: Actor, kind: str, words: str, finds: str, note: str, is_on: bool = True, group_id: UUID | None = None
) -> SynonymGroup:
    """Add a group, or change the one with `group_id`; searches heed it at once. Words are separated by 「、」.

    Raises PermissionRefused, NotFound, DomainError for too few, too many or too long words.
    """
    require(actor, SearchPermission.EDIT_SYNONYMS)
    try:
        row = checked(GroupKind(kind), words, finds, note, is_on=is_on)
    except BadSynonyms as error:
        raise DomainError(str(error), field=error.field) from error
    if group_id is None:
        _leave_room(1)
        group = SynonymGroup()
    else:
        found = SynonymGroup.objects.select_for_update().filter(id=group_id).first()
        if found is None:
            raise NotFound
        group = found
    _fill(group, row)
    group.save()
    _record(actor, "search.synonym.saved", group.id, _said(row))
    return group


@service
def remove_synonyms(*, actor: Actor, group_id: UUID) -> None:
    """Remove a group. Raises PermissionRefused, NotFound."""
    require(actor, SearchPermission.EDIT_SYNONYMS)
    group = SynonymGroup.objects.filter(id=group_id).first()
    if group is None:
        raise NotFound
    _record(actor, "search.synonym.removed", group.id, {"words": group.words, "finds": group.finds})
    group.delete()


@service
def import_synonyms(*, actor: Actor, content: bytes) -> tuple[int, int]:
    """Read groups from a CSV file: a known one (same kind, same words) is changed, any other added; all or nothing.

    Return how many were added and changed. Raises PermissionRefused, DomainError with the line that is wrong.
    """
    require(actor, SearchPermission.EDIT_SYNONYMS)
    if len(content) > MAX_BYTES:
        raise DomainError("ファイルが大きすぎます。1MBまでにしてください。", field="file")
    try:
        rows = list(read_csv(content))
    except BadSynonyms as error:
        raise DomainError(str(error), field="file") from error
    known = {(row.kind, frozenset(row.words)): row for row in SynonymGroup.objects.select_for_update()}
    fresh, changed = _sorted_out(rows, known)
    _leave_room(len(fresh))
    SynonymGroup.objects.bulk_create(fresh, batch_size=500)
    SynonymGroup.objects.bulk_update(changed, ["kind", "words", "finds", "note", "is_on", "updated_at"], batch_size=500)
    _record(actor, "search.synonym.imported", uuid7(), {"added": len(fresh), "changed": len(changed)})
    return len(fresh), len(changed)


def _sorted_out(
    rows: Iterable[SynonymRow], known: dict[tuple[str, frozenset[str]], SynonymGroup]
) -> tuple[list[SynonymGroup], list[SynonymGroup]]:
    """Return the groups to add and those to change; a group written twice counts as it stands last."""
    fresh: dict[tuple[str, frozenset[str]], SynonymGroup] = {}
    changed: dict[UUID, SynonymGroup] = {}
    for row in rows:
        key = (row.kind.value, frozenset(row.words))
        if key in known:
            changed[known[key].id] = known[key]
        group = known.get(key) or fresh.setdefault(key, SynonymGroup())
        _fill(group, row)
    return list(fresh.values()), list(changed.values())


def _fill(group: SynonymGroup, row: SynonymRow) -> None:
    group.kind, group.words, group.finds = row.kind.value, list(row.words), list(row.finds)
    group.note, group.is_on, group.updated_at = row.note, row.is_on, clock.now()


def _leave_room(count: int) -> None:
    if SynonymGroup.objects.count() + count > MAX_GROUPS:
        raise DomainError(f"登録できる組は{MAX_GROUPS:,}までです。使わない組を消してください。")


def _said(row: SynonymRow) -> dict[str, object]:
    return {"kind": row.kind.value, "words": list(row.words), "finds": list(row.finds), "is_on": row.is_on}


def _record(actor: Actor, code: str, subject_id: UUID, payload: dict[str, object]) -> None:
    record_event(actor=actor, code=code, subject_kind=_SUBJECT, subject_id=subject_id, payload=payload)
