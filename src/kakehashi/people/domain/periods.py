"""Dated validity. Both ends are inclusive days in Japan: 「令和9年3月31日まで」 includes that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last day, both included; no last day means "until further notice"."""

    first_day: date
    last_day: date | None = None

    def covers(self, on: date) -> bool:
        """Whether the period is in force on that day."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)

    def overlaps(self, other: Period) -> bool:
        """Whether at least one day belongs to both periods."""
        begins_in_time = other.last_day is None or self.first_day <= other.last_day
        ends_in_time = self.last_day is None or other.first_day <= self.last_day
        return begins_in_time and ends_in_time

    def closed_before(self, day: date) -> Period | None:
        """The same period ending on the eve of `day`; None when nothing of it would remain."""
        eve = day - timedelta(days=1)
        if self.first_day > eve:
            return None
        return Period(self.first_day, eve if self.last_day is None else min(self.last_day, eve))

    def within(self, other: Period | None) -> Period | None:
        """The days common to both (a grant lasts no longer than its contract); None when there are none."""
        if other is None:
            return self
        if not self.overlaps(other):
            return None
        ends = [day for day in (self.last_day, other.last_day) if day is not None]
        return Period(max(self.first_day, other.first_day), min(ends) if ends else None)
