"""What was filed for a procedure in a fiscal year, as far as this system knows."""

from __future__ import annotations

from django.db.models import Count, Q

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_bounds
from kakehashi.procedures.models import Application, Channel, Procedure

__all__ = ["filed_in"]


def filed_in(procedure: Procedure, year: int | None = None) -> tuple[int, int, int]:
    """The fiscal year (the present one unless told), what came online in it, and what was recorded of counter and post."""
    asked = fiscal_year(clock.today()) if year is None else year
    rows = Application.objects.filter(procedure=procedure, arrived_on__range=fiscal_year_bounds(asked))
    online = Q(channel=Channel.ONLINE)
    counted = rows.aggregate(online=Count("id", filter=online), others=Count("id", filter=~online))
    return asked, counted["online"], counted["others"]
