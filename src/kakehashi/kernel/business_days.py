"""Business days of a local government office.

Closed are Saturdays, Sundays, national holidays (国民の祝日に関する法律, substitute holidays included) and 29 December to 3 January:
the days 地方自治法 4条の2 lets an ordinance declare, and which every ordinance we know declares.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Return whether the office is open on ``day``."""
    return day.weekday() < _SATURDAY and not _is_year_end(day) and day not in _holidays(day.year)


@lru_cache(maxsize=4096)
def add_business_days(day: date, count: int) -> date:
    """Return the ``count``-th business day after ``day``, the first day not counted (民法140条).

    A negative count goes back. Zero gives ``day`` itself, or the next business day if the office is closed
    on it (地方自治法4条の2第4項: a term that ends on a closed day ends on the next open one).
    """
    if count == 0:
        return day if is_business_day(day) else add_business_days(day, 1)
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= is_business_day(day)
    return day


def business_days_between(start: date, end: date) -> int:
    """Return how many business days lie after ``start`` up to and including ``end``; negative when ``end`` is earlier.

    The inverse of add_business_days: for open days, ``add_business_days(a, business_days_between(a, b)) == b``.
    """
    if end >= start:
        return sum(is_business_day(day) for day in _days(start + _ONE_DAY, end))
    return -sum(is_business_day(day) for day in _days(end, start - _ONE_DAY))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _is_year_end(day: date) -> bool:
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holiday for holiday, _name in jpholiday.year_holidays(year))
