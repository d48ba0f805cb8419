"""催促: when a reminder may be sent, and for what. Nobody is reminded at night, on a day off or every day."""

from __future__ import annotations

import datetime as dt

from kakehashi.kernel.business_days import business_days_between, is_business_day
from kakehashi.kernel.clock import JST
from kakehashi.kernel.office_hours import CLOSES, OPENS

ACT_AFTER, LOOK_AFTER, AGAIN_AFTER = 2, 5, 2
"""Business days: until somebody who is waited for is reminded, until a 後閲 or 供覧 is, and between two reminders."""


def is_quiet(moment: dt.datetime) -> bool:
    """Outside of office hours in Japan: before 8:30, from 17:15 on, or on a day off."""
    local = moment.astimezone(JST)
    return not (is_business_day(local.date()) and OPENS <= local.time() < CLOSES)


def waited_days(since: dt.datetime, now: dt.datetime) -> int:
    """Business days between two moments, by their days in Japan; the same day is 0."""
    return business_days_between(since.astimezone(JST).date(), now.astimezone(JST).date())


def is_due(since: dt.datetime | None, reminded_at: dt.datetime | None, now: dt.datetime, after: int) -> bool:
    """Whether what lies somewhere since then is to be reminded of now."""
    if since is None or waited_days(since, now) < after:
        return False
    return reminded_at is None or waited_days(reminded_at, now) >= AGAIN_AFTER
