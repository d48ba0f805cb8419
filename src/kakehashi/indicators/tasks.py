"""Background work of the indicators room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.indicators.services import remind_late_by_worker, take_snapshots
from kakehashi.kernel.queue import sweep


@sweep(name="indicators.snapshots", seconds=1800)
def snapshots(government_id: UUID) -> None:
    """Take the snapshots that are missing; on most runs that is one query and no work."""
    take_snapshots()


@sweep(name="indicators.late", seconds=21600)
def late(government_id: UUID) -> None:
    """Remind sections of values that are late, at most every seven days."""
    remind_late_by_worker(government_id)
