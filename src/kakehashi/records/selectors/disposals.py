"""Reads of the yearly cycle: lists, items, the register of what was disposed of."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Count, QuerySet

from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.records.models import DisposalItem, DisposalList, FileState, ItemState, RecordFile, Tombstone
from kakehashi.records.permissions import RecordsPermission


def disposal_lists() -> QuerySet[DisposalList]:
    """Every list, newest first."""
    return DisposalList.objects.order_by("-made_at", "-id")


def items_on(
    disposal_list: DisposalList, *, department_id: UUID | None = None, state: str = "", measure: str = ""
) -> QuerySet[DisposalItem]:
    """The items of a list with file, class and section; narrowed by section, state and measure."""
    items = DisposalItem.objects.filter(disposal_list=disposal_list)
    items = items.select_related("record_file__record_class", "record_file__department", "department")
    if department_id is not None:
        items = items.filter(department_id=department_id)
    if state:
        items = items.filter(state=state)
    if measure:
        items = items.filter(measure=measure)
    return items


def counts_of(disposal_list: DisposalList) -> dict[str, int]:
    """How many items of a list are in each state."""
    rows = DisposalItem.objects.filter(disposal_list=disposal_list).values_list("state").annotate(number=Count("id"))
    return dict(Counter(dict(rows)))


def listed_elsewhere() -> QuerySet[DisposalItem]:
    """Items of any list that are still under way: their files are on no second list."""
    return DisposalItem.objects.exclude(state__in=[ItemState.DONE, ItemState.STOPPED])


def disposed_files() -> QuerySet[RecordFile]:
    """移管・廃棄簿: the files that were destroyed or transferred, with their tombstones; the rows never go."""
    files = RecordFile.objects.exclude(state=FileState.KEPT)
    return files.select_related("record_class", "department").prefetch_related("tombstones")


def tombstone_of(record_file: RecordFile) -> Tombstone | None:
    """What stays of a file that was disposed of."""
    return Tombstone.objects.filter(record_file=record_file).select_related("item").first()


def may_read_disposal_file(actor: Actor, stored: StoredFile) -> bool:
    """Certificates and packages are for those who manage records."""
    return actor.can(RecordsPermission.MANAGE, stored.government_id)
