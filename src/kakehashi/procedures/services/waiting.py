"""いまの待ち日数: the worker counts, the public pages read."""

from __future__ import annotations

from kakehashi.kernel import clock
from kakehashi.kernel.services import service
from kakehashi.procedures.models import Procedure, WaitingTime
from kakehashi.procedures.selectors.waiting import count_waiting

__all__ = ["measure_waiting"]


@service
def measure_waiting() -> int:
    """Write the snapshot anew for every procedure that had a result lately, and drop the others; give how many there are.

    Two statements and one query, however many procedures there are; called by the worker in each government's scope.
    """
    found, now = count_waiting(), clock.now()
    units = dict(Procedure.objects.filter(id__in=found).values_list("id", "standard_processing_unit"))
    rows = [
        WaitingTime(procedure_id=each, count=count, median_days=median, unit=units[each], measured_at=now)
        for each, (count, median) in found.items()
        if each in units
    ]
    WaitingTime.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["government_id", "procedure"],
        update_fields=["count", "median_days", "unit", "measured_at"],
        batch_size=1000,
    )
    WaitingTime.objects.exclude(procedure__in=units).delete()
    return len(rows)
