"""Background work of the indicators room."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.indicators.services import remind_late_by_worker, take_snapshots
from kakehashi.kernel.queue import sweep, task

# Each government once a day: a measure that came with a new version of the program, or with a room, is found then.
_NOT_YET_TODAY = """
SELECT g.id FROM governments_government AS g LEFT JOIN indicators_snapshotrun AS r ON r.government_id = g.id
WHERE g.is_tenant AND (r.taken_on IS NULL OR r.taken_on < (now() AT TIME ZONE 'Asia/Tokyo')::date)
"""


@sweep(name="indicators.snapshots", seconds=1800, waiting=_NOT_YET_TODAY)
def snapshots(government_id: UUID) -> None:
    """Take the snapshots that are missing."""
    take_snapshots()


@task(name="indicators.first_figures")
def first_figures(government_id: UUID) -> None:
    """The figures of a room that was switched on a moment ago, without waiting for the next day."""
    take_snapshots()


@sweep(name="indicators.late", seconds=21600, waiting=who_has("indicators_manualmeasure", "true"))
def late(government_id: UUID) -> None:
    """Remind sections of values that are late, at most every seven days."""
    remind_late_by_worker(government_id)
