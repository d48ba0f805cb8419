"""Clocks of personal data: how long it is kept after the day its clock starts, in days or in whole years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """The unit of a period."""

    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """A period of keeping. Thirty days from the 1st end with the 31st; five years from 5/1 end with 5/1 five years on."""

    amount: int
    unit: Unit

    @property
    def label(self) -> str:
        """The period in Japanese."""
        return f"{self.amount}{'年' if self.unit is Unit.YEAR else '日'}"


def last_day(start: date, period: Period) -> date:
    """The last day on which what started its clock on `start` is kept (初日不算入; 2/29 ends on 2/28 of a common year)."""
    if period.unit is Unit.DAY:
        return start + timedelta(days=period.amount)
    try:
        return start.replace(year=start.year + period.amount)
    except ValueError:
        return date(start.year + period.amount, 2, 28)


def purged_before(today: date, period: Period) -> date:
    """The day before which clocks must have started for their data to be purged `today`.

    `start < purged_before(today, period)` exactly when `last_day(start, period) < today`.
    """
    if period.unit is Unit.DAY:
        return today - timedelta(days=period.amount)
    year = today.year - period.amount
    try:
        found = today.replace(year=year)
    except ValueError:
        # Today is 2/29 and that year has none: what started on 2/28 ended yesterday.
        return date(year, 3, 1)
    # Today is 3/1 of a common year: what started on 2/29 ended on 2/28, and stands before 3/1 by itself.
    return found
