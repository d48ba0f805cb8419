"""Fiscal years: bounds, names, and the reading of names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_bounds, fiscal_year_label, parse_fiscal_year
from kakehashi.kernel.wareki import WarekiError


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026), (date(2024, 2, 29), 2023)],
)
def test_fiscal_year(day: date, year: int) -> None:
    assert fiscal_year(day) == year


@given(st.dates(date(1869, 4, 1), date(2999, 12, 31)))
def test_a_day_lies_in_the_bounds_of_its_year_and_of_no_other(day: date) -> None:
    first, last = fiscal_year_bounds(fiscal_year(day))
    assert first <= day <= last
    assert fiscal_year(first) == fiscal_year(last) == fiscal_year(day)


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2026, "令和8年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
        (1926, "大正15年度"),
        (1927, "昭和2年度"),
        (1912, "明治45年度"),
    ],
)
def test_label(year: int, label: str) -> None:
    assert fiscal_year_label(year) == label


@given(st.integers(1869, 2998))
def test_label_reads_back(year: int) -> None:
    assert parse_fiscal_year(fiscal_year_label(year)) == year


@pytest.mark.parametrize("text", ["令和8年度", "R8", "2026", "2026年度", "令和八年度", "Ｒ８年度"])
def test_parse(text: str) -> None:
    assert parse_fiscal_year(text) == 2026


def test_both_names_of_2019() -> None:
    assert parse_fiscal_year("平成31年度") == parse_fiscal_year("令和元年度") == 2019


def test_parse_refuses() -> None:
    with pytest.raises(WarekiError):
        parse_fiscal_year("来年度")
