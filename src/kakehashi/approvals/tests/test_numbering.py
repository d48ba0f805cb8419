"""文書番号: fiscal and era edges, and how it is written."""

import datetime as dt
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.approvals.domain.digests import attachment_entry, body_digest
from kakehashi.approvals.domain.numbering import (
    ResetPolicy,
    SeriesKind,
    format_number,
    office_day,
    period_of,
    series_key,
    year_digits,
)


def test_16_fiscal_edge_at_midnight_in_japan_on_a_server_in_utc() -> None:
    before = dt.datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC)
    after = dt.datetime(2027, 3, 31, 15, 0, 0, tzinfo=UTC)
    periods = [period_of(ResetPolicy.FISCAL, office_day(m)) for m in (before, after)]
    assert periods == ["fy2026", "fy2027"]


@pytest.mark.parametrize(
    ("day", "digits"),
    [
        (date(2019, 4, 30), "31"),
        (date(2019, 5, 1), "元"),
        (date(2020, 2, 1), "元"),
        (date(2020, 4, 1), "2"),
        (date(2026, 11, 21), "8"),
        (date(2027, 3, 31), "8"),
        (date(2019, 2, 1), "30"),
        (date(1989, 2, 1), "63"),
        (date(1989, 4, 1), "元"),
    ],
)
def test_17_era_edge_in_the_digits_of_a_fiscal_series(day: date, digits: str) -> None:
    assert year_digits(ResetPolicy.FISCAL, day) == digits


def test_17_era_edge_restarts_only_a_series_by_era_year() -> None:
    days = (date(2019, 4, 30), date(2019, 5, 1))
    assert [period_of(ResetPolicy.FISCAL, d) for d in days] == ["fy2019", "fy2019"]
    assert [period_of(ResetPolicy.CALENDAR, d) for d in days] == ["cy2019", "cy2019"]
    assert [period_of(ResetPolicy.ERA_YEAR, d) for d in days] == ["H31", "R1"]
    assert period_of(ResetPolicy.NEVER, days[0]) == "all"
    assert period_of(ResetPolicy.SESSION, days[0], "令和元年6月定例会").endswith("定例会")


def test_number_is_written_with_symbol_and_branch() -> None:
    assert format_number("7", "総総", 1234) == "7総総第1234号"
    assert format_number("7", "総総", 12, branch=2) == "7総総第12号の2"


def test_series_of_different_sections_are_apart() -> None:
    keys = {series_key(SeriesKind.DOCUMENT, ResetPolicy.FISCAL, date(2026, 5, 1), s) for s in ("総", "税")}
    assert len(keys) == 2


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_digits_never_change_inside_a_fiscal_year_without_a_change_of_era(day: date) -> None:
    start = date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    if start.year != 2019:
        assert year_digits(ResetPolicy.FISCAL, day) == year_digits(ResetPolicy.FISCAL, start)


def test_4_the_digest_covers_every_attachment() -> None:
    body = {"subject": "件名", "request": "伺い"}
    one = attachment_entry("a.pdf", "0" * 64, 10)
    two = attachment_entry("b.pdf", "1" * 64, 10)
    base = body_digest(body, [one, two])
    assert base == body_digest(body, [two, one])
    assert base != body_digest(body, [one])
    assert base != body_digest(body, [one, attachment_entry("b.pdf", "2" * 64, 10)])
    assert base != body_digest(body | {"request": "伺い。"}, [one, two])


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        office_day(dt.datetime(2027, 3, 31))
