"""争う期間: until when a request for review and a suit are possible, by law.

* 審査請求: three months from the day after the person knew of the disposition, and no later than one year from the day
  after it (行政不服審査法18条1項・2項).
* 取消訴訟: six months from the day the person knew, and no later than one year from the disposition (行政事件訴訟法14条1項・2項); the
  first day is not counted (民法140条, 行政事件訴訟法7条・民事訴訟法95条1項).
* A period in months ends on the day before the day that corresponds to its first; where that month has no such day,
  on its last day (民法143条2項).
* A last day on which the office or the court is closed moves to the next open one (地方自治法4条の2第4項, 民事訴訟法95条3項).

A 処分 takes effect when it reaches the person, so 到達日 is the day both terms are counted from; when the person knew earlier or later
is theirs to say, and what we store (opened, handed over, certified delivery) is the evidence.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from kakehashi.kernel.business_days import add_business_days

__all__ = ["AppealPeriods", "appeal_periods", "last_day"]

_REVIEW_MONTHS = 3
_SUIT_MONTHS = 6
_LONGEST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AppealPeriods:
    """Last days, both included. The `_longest` ones hold even for who never knew."""

    review_until: dt.date
    suit_until: dt.date
    review_longest: dt.date
    suit_longest: dt.date
    review_months: int = _REVIEW_MONTHS


def last_day(event: dt.date, months: int) -> dt.date:
    """The last day of a period of months that begins on the day after `event`, before closed days are looked at (民法143条2項)."""
    first = event + dt.timedelta(days=1)
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    days = calendar.monthrange(year, month)[1]
    if first.day > days:
        return dt.date(year, month, days)
    return dt.date(year, month, first.day) - dt.timedelta(days=1)


def _open_day(day: dt.date) -> dt.date:
    return add_business_days(day, 0)


def appeal_periods(*, disposed_on: dt.date, known_on: dt.date, review_months: int = _REVIEW_MONTHS) -> AppealPeriods:
    """The terms for a disposition that took effect on `disposed_on` and was known on `known_on`.

    `review_months` is another number where a special law names it. Raises ValueError when it would have been known before it was made.
    """
    if known_on < disposed_on:
        message = "a disposition cannot be known before it is made"
        raise ValueError(message)
    review_longest = _open_day(last_day(disposed_on, _LONGEST_MONTHS))
    suit_longest = _open_day(last_day(disposed_on, _LONGEST_MONTHS))
    return AppealPeriods(
        review_until=min(_open_day(last_day(known_on, review_months)), review_longest),
        suit_until=min(_open_day(last_day(known_on, _SUIT_MONTHS)), suit_longest),
        review_longest=review_longest,
        suit_longest=suit_longest,
        review_months=review_months,
    )
