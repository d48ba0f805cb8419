"""開庁時間: the hours in which an office works, and the time between two moments counted in them."""

from __future__ import annotations

import datetime as dt

from kakehashi.kernel.business_days import business_days_between, is_business_day
from kakehashi.kernel.clock import JST

OPENS, CLOSES = dt.time(8, 30), dt.time(17, 15)
OFFICE_DAY = dt.datetime.combine(dt.date.min, CLOSES) - dt.datetime.combine(dt.date.min, OPENS)


def office_time(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The office hours between two moments; nothing when the end comes first."""
    if end <= start:
        return dt.timedelta()
    first, last = start.astimezone(JST), end.astimezone(JST)
    whole = business_days_between(first.date(), last.date()) + is_business_day(first.date())
    return max(whole * OFFICE_DAY - _before(first) - _after(last), dt.timedelta())


def _before(moment: dt.datetime) -> dt.timedelta:
    """What of the first day had gone by."""
    return _gone(moment) if is_business_day(moment.date()) else dt.timedelta()


def _after(moment: dt.datetime) -> dt.timedelta:
    """What of the last day was still to come."""
    return OFFICE_DAY - _gone(moment) if is_business_day(moment.date()) else dt.timedelta()


def _gone(moment: dt.datetime) -> dt.timedelta:
    opened = moment.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)
    return min(max(moment - opened, dt.timedelta()), OFFICE_DAY)
