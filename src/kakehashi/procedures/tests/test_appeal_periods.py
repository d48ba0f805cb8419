"""appeal_periods: months by 民法143条2項, closed days by 地方自治法4条の2第4項."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.business_days import is_business_day
from kakehashi.procedures.domain.appeals import appeal_periods, last_day

D = dt.date


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        (D(2026, 3, 31), 3, D(2026, 6, 30)),  # from 4/1: the whole of three months
        (D(2026, 4, 1), 3, D(2026, 7, 1)),
        (D(2026, 3, 30), 3, D(2026, 6, 30)),  # from 3/31: June has no 31st
        (D(2026, 11, 30), 3, D(2027, 2, 28)),  # from 12/1
        (D(2026, 11, 29), 3, D(2027, 2, 28)),  # from 11/30: February has no 30th
        (D(2026, 11, 28), 3, D(2027, 2, 28)),  # from 11/29: nor a 29th
        (D(2026, 11, 27), 3, D(2027, 2, 27)),  # from 11/28: the day before the 28th
        (D(2027, 11, 28), 3, D(2028, 2, 28)),  # a leap year has the 29th, and the day before it is the last
        (D(2026, 3, 31), 12, D(2027, 3, 31)),
        (D(2028, 2, 28), 12, D(2029, 2, 28)),  # from 2/29: the next year has none
        (D(2026, 8, 31), 6, D(2027, 2, 28)),
        (D(2026, 12, 31), 6, D(2027, 6, 30)),
    ],
)
def test_the_last_day(event, months, last):
    assert last_day(event, months) == last


def test_a_closed_last_day_moves_on():
    # Known on 2 October 2026: the last day, Saturday 2 January 2027, and the days off around it give way to the 4th.
    periods = appeal_periods(disposed_on=D(2026, 10, 2), known_on=D(2026, 10, 2))
    assert last_day(D(2026, 10, 2), 3) == D(2027, 1, 2)
    assert periods.review_until == D(2027, 1, 4)


def test_who_learns_late_has_no_more_than_a_year():
    periods = appeal_periods(disposed_on=D(2026, 4, 1), known_on=D(2027, 3, 1))
    assert periods.review_until == periods.review_longest == D(2027, 4, 1)
    assert periods.suit_until == periods.suit_longest


def test_a_special_law_may_name_another_term():
    assert appeal_periods(disposed_on=D(2026, 4, 1), known_on=D(2026, 4, 1), review_months=1).review_until == D(
        2026, 5, 1
    )


def test_it_cannot_be_known_before_it_is_made():
    with pytest.raises(ValueError, match="known before"):
        appeal_periods(disposed_on=D(2026, 4, 1), known_on=D(2026, 3, 31))


@given(st.dates(D(2020, 1, 1), D(2040, 12, 31)), st.integers(0, 400))
def test_periods_keep_their_order(made, later):
    periods = appeal_periods(disposed_on=made, known_on=made + dt.timedelta(days=later))
    assert periods.review_until <= periods.suit_until <= periods.suit_longest
    assert all(is_business_day(day) for day in (periods.review_until, periods.suit_until))
    assert 365 <= (periods.review_longest - made).days <= 366 + 10
