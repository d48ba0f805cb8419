"""Reads of long imports: how far they are, and whether one is open for a batch."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from kakehashi.kernel.errors import NotFound
from kakehashi.procedures.models import Batch, ImportWork
from kakehashi.procedures.models.import_work import OPEN_STATES

__all__ = ["get_work", "last_failure", "open_work", "open_works"]


def get_work(work_id: UUID) -> ImportWork:
    """One piece of work with its batch (without the file). Raises NotFound."""
    found: ImportWork | None = (
        ImportWork.objects.select_related("batch").defer("batch__content").filter(id=work_id).first()
    )
    if found is None:
        raise NotFound
    return found


def open_work(batch: Batch) -> ImportWork | None:
    """What waits or runs for a batch, None when it is at rest."""
    found: ImportWork | None = ImportWork.objects.filter(batch=batch, state__in=OPEN_STATES).first()
    return found


def last_failure(batch: Batch) -> ImportWork | None:
    """The newest piece of work for a batch when it failed, else None."""
    newest: ImportWork | None = ImportWork.objects.filter(batch=batch).order_by("-asked_at", "-id").first()
    return newest if newest is not None and newest.message else None


def open_works() -> QuerySet[ImportWork]:
    """Everything that waits or runs in this government, oldest first."""
    found: QuerySet[ImportWork] = ImportWork.objects.filter(state__in=OPEN_STATES).order_by("asked_at")
    return found
