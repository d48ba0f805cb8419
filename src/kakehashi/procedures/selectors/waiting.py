"""いまの待ち日数: read from the snapshot, and counted for it."""

from __future__ import annotations

import datetime as dt
import math
from uuid import UUID

from django.db.models import Aggregate, Count, FloatField

from kakehashi.kernel import clock
from kakehashi.procedures.models import Application, Procedure, WaitingTime

__all__ = ["ENOUGH", "WINDOW_DAYS", "count_waiting", "waiting_of"]

WINDOW_DAYS = 90
"""How far back 「いま」 reaches."""
ENOUGH = 5
"""Below this many results a median would tell about persons, not about the procedure."""


class _Median(Aggregate):
    """The lower median in the database: a number of days somebody really waited."""

    function = "PERCENTILE_DISC"
    name = "median"
    output_field = FloatField()
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def waiting_of(procedure: Procedure) -> WaitingTime | None:
    """The snapshot of a procedure, None when nothing had a result lately; one query on a unique index."""
    found: WaitingTime | None = WaitingTime.objects.filter(procedure=procedure).first()
    return found


def count_waiting() -> dict[UUID, tuple[int, int | None]]:
    """By procedure: how many results came in the last `WINDOW_DAYS`, and their median days (None below `ENOUGH`). One query."""
    since = clock.now() - dt.timedelta(days=WINDOW_DAYS)
    rows = (
        Application.objects.filter(completed_at__gte=since, days_to_decision__isnull=False)
        .order_by()
        .values("procedure")
        .annotate(results=Count("id"), days=_Median("days_to_decision"))
    )
    return {
        row["procedure"]: (row["results"], math.ceil(row["days"]) if row["results"] >= ENOUGH else None) for row in rows
    }
