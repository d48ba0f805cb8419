"""Business days: closed days, counting both ways, and the two as inverses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.business_days import add_business_days, business_days_between, is_business_day

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # Saturday
        date(2026, 11, 22),  # Sunday
        date(2026, 11, 23),  # 勤労感謝の日
        date(2026, 5, 6),  # 振替休日
        date(2026, 9, 22),  # 国民の休日
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 3),
        date(2019, 5, 1),  # 即位の日
    ],
)
def test_closed(day: date) -> None:
    assert not is_business_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 12, 28), date(2027, 1, 4)])
def test_open(day: date) -> None:
    assert is_business_day(day)


def test_over_the_turn_of_the_year() -> None:
    assert add_business_days(date(2026, 12, 28), 1) == date(2027, 1, 4)
    assert add_business_days(date(2027, 1, 4), -1) == date(2026, 12, 28)


def test_zero_rolls_a_closed_day_forward() -> None:
    assert add_business_days(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert add_business_days(date(2026, 11, 24), 0) == date(2026, 11, 24)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_lands_on_an_open_day_and_counts_back(day: date, count: int) -> None:
    landed = add_business_days(day, count)
    assert is_business_day(landed)
    if is_business_day(day):
        assert business_days_between(day, landed) == count
        assert add_business_days(landed, -count) == day


@given(DAYS, st.integers(0, 120), st.integers(0, 120))
def test_between_adds_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert business_days_between(start, middle) + business_days_between(middle, end) == business_days_between(
        start, end
    )
