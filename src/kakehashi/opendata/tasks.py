"""Background work of the open data room."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel import clock
from kakehashi.kernel.queue import sweep
from kakehashi.opendata.services import refresh_datasets, tell_late_datasets

_AFTER = time(1, 0)
"""The night's refresh begins at one o'clock, when the day is over and the backups of three have not begun."""


@sweep(
    name="opendata.refresh",
    seconds=1200,
    waiting=who_has(
        "opendata_dataset",
        "refreshes AND state = 'published' AND refreshed_on IS DISTINCT FROM (now() AT TIME ZONE 'Asia/Tokyo')::date",
    ),
)
def refresh(government_id: UUID) -> None:
    """Bring datasets up to date whose section allowed it, once a night."""
    if clock.now().astimezone(clock.JST).time() >= _AFTER:
        refresh_datasets(government_id=government_id)


@sweep(
    name="opendata.late",
    seconds=7200,
    waiting=who_has("opendata_dataset", "state = 'published' AND late_told_on IS NULL"),
)
def late(government_id: UUID) -> None:
    """Tell sections of datasets that have become old."""
    tell_late_datasets(government_id=government_id)
