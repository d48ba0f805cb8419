"""標準処理期間: the clock of an application (行政手続法6条).

The period runs from the arrival of the application at the office to the disposition; a duty of
best effort, whose unit (business or calendar days) is set per procedure, as is what it leaves out: the
time of 補正, of a 照会 to another section, and spans of days in which the office is closed each year. The
day of arrival is not counted (民法140条).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.kernel.business_days import add_business_days, business_days_between, is_business_day

__all__ = ["NO_CLOSINGS", "Clock", "Closings", "Stop", "Unit", "read_clock", "read_closings"]


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


@dataclass(frozen=True, slots=True)
class Closings:
    """Spans of days of every year that are not counted, as (month, day) pairs; one may run over the end of the year."""

    spans: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in one of them."""
        here = (day.month, day.day)
        return any(
            first <= here <= last if first <= last else here >= first or here <= last for first, last in self.spans
        )


NO_CLOSINGS = Closings()


def read_closings(texts: Iterable[str]) -> Closings:
    """Read spans written as `08-13/08-16`, or a single day `08-13`. Raises ValueError for anything else, such as 2月30日."""
    return Closings(
        tuple((_day(first), _day(last or first)) for first, _, last in (one.partition("/") for one in texts))
    )


def _day(text: str) -> tuple[int, int]:
    # 2024 had a 29th of February, so every day of any year is one of its days.
    day = dt.date.fromisoformat(f"2024-{text}")
    return (day.month, day.day)


def _counts(unit: Unit, day: dt.date, closings: Closings) -> bool:
    return (unit is Unit.CALENDAR or is_business_day(day)) and not closings.covers(day)


def _between(unit: Unit, start: dt.date, end: dt.date, closings: Closings = NO_CLOSINGS) -> int:
    if end <= start:
        return 0
    if closings.spans:
        days = (start + dt.timedelta(days=n + 1) for n in range((end - start).days))
        return sum(_counts(unit, day, closings) for day in days)
    if unit is Unit.CALENDAR:
        return (end - start).days
    return business_days_between(start, end)


def _add(unit: Unit, start: dt.date, days: int, closings: Closings = NO_CLOSINGS) -> dt.date:
    # Whoever closes the whole year closes nothing: the search ends.
    if closings.spans and any(_counts(unit, start + dt.timedelta(days=n), closings) for n in range(1, 400)):
        day, left = start, days
        while left > 0:
            day += dt.timedelta(days=1)
            left -= _counts(unit, day, closings)
        return day
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
    closings: Closings = NO_CLOSINGS,
) -> Clock:
    """Read the clock of an application on `today`.

    `days` is the standard period (None = not set), `ended_on` the day of the result: after it the
    clock no longer moves. `closings` are days of every year that do not count. Dates are days in Japan.
    """
    all_stops = tuple(stops)
    end = min(today, ended_on) if ended_on else today
    merged = _merged(all_stops, arrived_on, end)
    stopped = sum(_between(unit, stop.asked_on, stop.answered_on or end, closings) for stop in merged)
    elapsed = max(_between(unit, arrived_on, end, closings) - stopped, 0)
    open_stop = any(stop.answered_on is None for stop in all_stops)
    is_running = ended_on is None and not open_stop
    if days is None:
        return Clock(unit, elapsed, stopped, is_running, None, None)
    due_on = None if open_stop and ended_on is None else _add(unit, arrived_on, days + stopped, closings)
    return Clock(unit, elapsed, stopped, is_running, due_on, days - elapsed)
