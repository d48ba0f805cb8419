"""標準処理期間: the clock of an application (行政手続法6条).

The period runs from the arrival of the application at the office to the disposition; a duty of
best effort, whose unit (business or calendar days) is set per procedure. The day of arrival is not
counted (民法140条). While a 補正 is with the applicant the clock stands still.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.kernel.business_days import add_business_days, business_days_between

__all__ = ["Clock", "Stop", "Unit", "read_clock"]


class Unit(enum.StrEnum):
    """What a day of the period is."""

    BUSINESS = "business"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Stop:
    """The clock stood from the day the 補正 was asked until the answer came (None = still)."""

    asked_on: dt.date
    answered_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock read on one day; all counts are days of `unit`.

    `due_on` and `remaining` are None when the procedure has no standard period; `due_on` is also
    None while the clock stands, because nobody knows when it will go on.
    """

    unit: Unit
    elapsed: int
    stopped: int
    is_running: bool
    due_on: dt.date | None
    remaining: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether more days than the standard period have been used."""
        return self.remaining is not None and self.remaining < 0


def _between(unit: Unit, start: dt.date, end: dt.date) -> int:
    if end <= start:
        return 0
    if unit is Unit.CALENDAR:
        return (end - start).days
    return business_days_between(start, end)


def _add(unit: Unit, start: dt.date, days: int) -> dt.date:
    if unit is Unit.CALENDAR:
        return start + dt.timedelta(days=days)
    return add_business_days(start, days)


def _merged(stops: Iterable[Stop], arrived_on: dt.date, end: dt.date) -> list[Stop]:
    """Join overlapping stops and cut them to the time under the clock, in order."""
    joined: list[Stop] = []
    for stop in sorted(stops, key=lambda each: each.asked_on):
        start = max(stop.asked_on, arrived_on)
        until = min(stop.answered_on or end, end)
        if until <= start:
            continue
        last = joined[-1] if joined else None
        if last and last.answered_on and start <= last.answered_on:
            joined[-1] = Stop(last.asked_on, max(last.answered_on, until))
        else:
            joined.append(Stop(start, until))
    return joined


def read_clock(
    *,
    arrived_on: dt.date,
    today: dt.date,
    days: int | None,
    unit: Unit = Unit.BUSINESS,
    stops: Iterable[Stop] = (),
    ended_on: dt.date | None = None,
) -> Clock:
    """Read the clock of an application on `today`.

    `days` is the standard period (None = not set), `ended_on` the day of the result: after it the
    clock no longer moves. Dates are days in Japan.
    """
    all_stops = tuple(stops)
    end = min(today, ended_on) if ended_on else today
    merged = _merged(all_stops, arrived_on, end)
    stopped = sum(_between(unit, stop.asked_on, stop.answered_on or end) for stop in merged)
    elapsed = max(_between(unit, arrived_on, end) - stopped, 0)
    open_stop = any(stop.answered_on is None for stop in all_stops)
    is_running = ended_on is None and not open_stop
    if days is None:
        return Clock(unit, elapsed, stopped, is_running, None, None)
    due_on = None if open_stop and ended_on is None else _add(unit, arrived_on, days + stopped)
    return Clock(unit, elapsed, stopped, is_running, due_on, days - elapsed)
