"""Reads of business manuals and of what still has to be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.desk.models import BusinessManual, Consultation, ManualDuty, ManualRevision
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.search.selectors import search_texts

MANUAL_KIND = "desk.manual"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: `kept`, `added` or `removed`."""

    kind: str
    text: str


def manuals() -> QuerySet[BusinessManual]:
    """Return the manuals in force."""
    rows: QuerySet[BusinessManual] = BusinessManual.objects.filter(retired_at__isnull=True)
    return rows.select_related("department")


def manual_list(actor: Actor, *, query: str = "", department: UUID | None = None) -> QuerySet[BusinessManual]:
    """Return manuals by a word of the task or title, or found by the search of everything, and by section."""
    rows = manuals()
    if query.strip():
        found = [hit.object_id for hit in search_texts(actor=actor, query=query, kinds=[MANUAL_KIND], limit=50)]
        rows = rows.filter(Q(task__icontains=query.strip()) | Q(title__icontains=query.strip()) | Q(id__in=found))
    return rows.filter(department=department) if department else rows


def get_manual(manual_id: UUID) -> BusinessManual:
    """Return one manual, a retired one too. Raises NotFound."""
    found: BusinessManual | None = BusinessManual.objects.select_related("department").filter(id=manual_id).first()
    if found is None:
        raise NotFound
    return found


def revisions_of(manual: BusinessManual) -> QuerySet[ManualRevision]:
    """Return the revisions of a manual, newest first."""
    rows: QuerySet[ManualRevision] = manual.revisions.select_related("consultation", "file").order_by("-number")
    return rows


def compare(before: str, after: str) -> Iterator[Line]:
    """Yield the lines of two revisions side by side, in order."""
    old, new = before.splitlines(), after.splitlines()
    for tag, left, right, bottom, top in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line("kept", text) for text in new[bottom:top])
            continue
        yield from (Line("removed", text) for text in old[left:right])
        yield from (Line("added", text) for text in new[bottom:top])


def open_duties() -> QuerySet[ManualDuty]:
    """Return what was changed by a consultation and not yet written into a manual, oldest first."""
    rows: QuerySet[ManualDuty] = ManualDuty.objects.filter(settled_at__isnull=True)
    return rows.select_related("consultation__department", "consultation__asked_by").order_by("asked_at")


def duty_of(consultation: Consultation) -> ManualDuty | None:
    """Return what a consultation leaves to be written, settled or not."""
    found: ManualDuty | None = (
        ManualDuty.objects.filter(consultation=consultation)
        .select_related("revision__manual")
        .order_by("asked_at")
        .first()
    )
    return found


def manuals_about(consultation: Consultation, limit: int = 5) -> list[BusinessManual]:
    """Return the manuals that the changed work may stand in: of the same task first, then of the same section."""
    task = consultation.task.strip()
    rows = manuals()
    same = list(rows.filter(Q(task=task) | Q(task__icontains=task[:8] or "\x01")).order_by("-changed_at")[:limit])
    if len(same) < limit and consultation.department_id is not None:
        rest = rows.filter(department=consultation.department_id).exclude(id__in=[row.id for row in same])
        same += list(rest.order_by("-changed_at")[: limit - len(same)])
    return same
