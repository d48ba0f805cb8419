"""Absence edges, told in Japan's time whatever the server's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kakehashi.people.domain.absences import JAPAN, QuickAbsence, is_away, quick_span, span_of_days

#: Tuesday 31 March 2026, 23:30 in Japan: still the 31st there, 14:30 in UTC.
LATE = datetime(2026, 3, 31, 14, 30, tzinfo=UTC)


def japan(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAPAN)


def test_a_day_away_begins_and_ends_at_midnight_in_japan() -> None:
    span = span_of_days(date(2026, 3, 31), date(2026, 3, 31))
    assert not span.covers(datetime(2026, 3, 30, 14, 59, 59, tzinfo=UTC))
    assert span.covers(datetime(2026, 3, 30, 15, 0, tzinfo=UTC))
    assert span.covers(datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC))
    assert not span.covers(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("choice", "starts_at", "ends_at"),
    [
        (QuickAbsence.UNTIL_TODAY, japan(3, 31, 23, 30), japan(4, 1)),
        (QuickAbsence.THIS_AFTERNOON, japan(3, 31, 23, 30), japan(4, 1)),
        (QuickAbsence.TOMORROW, japan(4, 1), japan(4, 2)),
        (QuickAbsence.THIS_WEEK, japan(3, 31, 23, 30), japan(4, 6)),
    ],
)
def test_the_two_tap_choices_late_on_the_last_of_march(
    choice: QuickAbsence, starts_at: datetime, ends_at: datetime
) -> None:
    span = quick_span(choice, LATE)
    assert (span.starts_at, span.ends_at) == (starts_at, ends_at)


def test_an_afternoon_chosen_in_the_morning_begins_at_noon() -> None:
    span = quick_span(QuickAbsence.THIS_AFTERNOON, japan(4, 1, 9))
    assert not span.covers(japan(4, 1, 11, 59))
    assert span.covers(japan(4, 1, 12))


def test_a_week_chosen_on_sunday_ends_that_night() -> None:
    assert quick_span(QuickAbsence.THIS_WEEK, japan(4, 5, 10)).ends_at == japan(4, 6)


def test_reversed_days_are_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        span_of_days(date(2026, 4, 2), date(2026, 4, 1))


def test_the_instant_of_return_is_present() -> None:
    span = span_of_days(date(2026, 4, 1), date(2026, 4, 1))
    assert is_away([span], japan(4, 1, 23, 59))
    assert not is_away([span], japan(4, 2))
    assert not is_away([], LATE)


def test_every_choice_has_words() -> None:
    assert all(choice.label for choice in QuickAbsence)
