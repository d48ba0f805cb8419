"""Periods: bounds, codes, labels and the months of a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.indicators.domain.period import Period, PeriodKind


@given(st.dates(date(1902, 1, 1), date(2198, 12, 31)), st.sampled_from(PeriodKind))
def test_a_day_lies_in_its_period_which_reads_back(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    assert period.contains(day)
    assert Period.parse(period.code) == period
    assert period.following().previous() == period
    assert period.following().first == period.last + timedelta(days=1)


def test_moments_are_in_japan() -> None:
    period = Period.month(2026, 12)
    assert period.start_at.isoformat() == "2026-12-01T00:00:00+09:00"
    assert period.end_at.isoformat() == "2027-01-01T00:00:00+09:00"


def test_labels() -> None:
    assert Period.year(2026).label == "令和8年度"
    assert Period.month(2026, 11).label == "令和8年11月"
    assert Period.month(2019, 5).label == "令和元年5月"


def test_months_of_a_year() -> None:
    months = Period.year(2026).months()
    assert (len(months), months[0].code, months[-1].code) == (12, "2026-04", "2027-03")


@pytest.mark.parametrize("code", ["", "26", "2026-13", "2026-1", "2026-00", "abcd", "9999", "２０２６", "2026-11-01"])
def test_parse_refuses(code: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(code)


def test_an_address_that_names_no_period_means_this_fiscal_year() -> None:
    today = date(2026, 3, 31)
    assert (Period.read("2025-12", today).code, Period.read("2025-13", today).code) == ("2025-12", "2025")


def test_three_years_and_twelve_months_are_offered() -> None:
    codes = [period.code for period in Period.recent(date(2026, 4, 1))]
    assert (codes[:5], codes[-1], len(codes)) == (["2026", "2025", "2024", "2026-04", "2026-03"], "2025-05", 15)
