"""Reads of the access log: who read whose data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kakehashi.journal.domain.registrations import subject_kinds
from kakehashi.journal.models import AccessEntry, AccessRule, AccessSubject
from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import unwatched
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["AccessLine", "access_rule", "accesses_of", "find_accesses", "lines_of", "subject_ids_of"]

_NAMED = 5


@dataclass(frozen=True)
class AccessLine:
    """One access as a page shows it; `subjects` are the first few things by name, `more` how many are not named."""

    entry: AccessEntry
    subjects: tuple[tuple[str, str, UUID], ...]
    more: int


def access_rule() -> AccessRule:
    """The open government's rule; an unsaved default while it has made none."""
    return AccessRule.objects.first() or AccessRule()


def subject_ids_of(text: str) -> set[UUID]:
    """The ids that a receipt number, a mail address or an id typed by a person stands for; empty when it stands for nothing."""
    typed = text.strip()
    try:
        return {UUID(typed)}
    except ValueError:
        pass
    with unwatched():
        return {found for kind in subject_kinds().values() for found in kind.find(typed)}


def find_accesses(
    *,
    who: str = "",
    subject: str = "",
    act: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AccessEntry]:
    """Accesses that match every given condition, newest first; days are Japan's, both ends included."""
    entries: QuerySet[AccessEntry] = AccessEntry.objects.all()
    if who:
        entries = entries.filter(actor_label__icontains=who)
    if subject:
        entries = _about(entries, subject_ids_of(subject))
    if act:
        entries = entries.filter(act=act)
    if since:
        entries = entries.filter(accessed_at__gte=_midnight(since))
    if until:
        entries = entries.filter(accessed_at__lt=_midnight(until + timedelta(days=1)))
    return entries.order_by("-accessed_at", "-id")


def accesses_of(subject_ids: Collection[UUID]) -> QuerySet[AccessEntry]:
    """Accesses that showed any of these subjects, newest first; those that took everything of the government out, too."""
    return _about(AccessEntry.objects.all(), subject_ids).order_by("-accessed_at", "-id")


def _about(entries: QuerySet[AccessEntry], subject_ids: Collection[UUID]) -> QuerySet[AccessEntry]:
    # Whoever takes everything of a government takes the data of each person in it.
    wanted = [*subject_ids, current_government_id()] if subject_ids else []
    showed = AccessSubject.objects.filter(subject_id__in=wanted, entry_id=OuterRef("id"))
    return entries.filter(Exists(showed))


def lines_of(entries: Iterable[AccessEntry]) -> list[AccessLine]:
    """The entries with the names of what they showed: one query for a page of them, and one for each kind of thing."""
    rows = list(entries)
    by_entry: dict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    found = AccessSubject.objects.filter(entry_id__in=[row.id for row in rows if row.subject_count <= _NAMED])
    for entry_id, kind, subject_id in found.values_list("entry_id", "kind", "subject_id"):
        by_entry[entry_id].append((kind, subject_id))
        wanted[kind].add(subject_id)
    kinds = subject_kinds()
    with unwatched():
        names = {kind: kinds[kind].describe(ids) for kind, ids in wanted.items() if kind in kinds}
    lines = []
    for row in rows:
        subjects = tuple(
            (kinds[kind].label if kind in kinds else kind, names.get(kind, {}).get(subject_id, ""), subject_id)
            for kind, subject_id in sorted(by_entry[row.id])
        )
        lines.append(AccessLine(row, subjects, row.subject_count - len(subjects)))
    return lines


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.JST)
