"""Absences (不在) as instants, and the choices that make one in two taps. Days are days in Japan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant (included) to an instant (not included), both with their time zone."""

    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the person is away at that instant: the first instant counts, the last does not."""
        return self.starts_at <= at < self.ends_at


class QuickAbsence(StrEnum):
    """The choices on the page of two taps; each knows its Japanese name."""

    UNTIL_TODAY = "today"
    THIS_AFTERNOON = "afternoon"
    TOMORROW = "tomorrow"
    THIS_WEEK = "week"

    @property
    def label(self) -> str:
        """The words on the button."""
        return _LABELS[self]


_LABELS = {
    QuickAbsence.UNTIL_TODAY: "今から今日いっぱい",
    QuickAbsence.THIS_AFTERNOON: "今日の午後",
    QuickAbsence.TOMORROW: "明日一日",
    QuickAbsence.THIS_WEEK: "今から今週いっぱい（日曜まで）",
}


def start_of_day(day: date) -> datetime:
    """00:00 in Japan of that day."""
    return datetime.combine(day, time.min, JAPAN)


def span_of_days(first_day: date, last_day: date) -> Span:
    """From 00:00 of the first day up to 24:00 of the last, in Japan. Raises ValueError when the days are reversed."""
    if last_day < first_day:
        raise ValueError("the last day is before the first")
    if last_day == date.max:
        raise ValueError("there is no day after the last one")
    return Span(start_of_day(first_day), start_of_day(last_day + timedelta(days=1)))


def quick_span(choice: QuickAbsence, now: datetime) -> Span:
    """The span that a choice means at this moment. `now` may be in any time zone."""
    here = now.astimezone(JAPAN)
    today = here.date()
    midnight = start_of_day(today + timedelta(days=1))
    if choice is QuickAbsence.UNTIL_TODAY:
        return Span(here, midnight)
    if choice is QuickAbsence.THIS_AFTERNOON:
        return Span(max(here, datetime.combine(today, NOON, JAPAN)), midnight)
    if choice is QuickAbsence.TOMORROW:
        return span_of_days(today + timedelta(days=1), today + timedelta(days=1))
    sunday = today + timedelta(days=6 - today.weekday())
    return Span(here, start_of_day(sunday + timedelta(days=1)))


def is_away(spans: Iterable[Span], at: datetime) -> bool:
    """Whether any of the spans covers the instant."""
    return any(span.covers(at) for span in spans)
