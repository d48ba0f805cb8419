"""Percentages round half up and know that nothing of nothing is no number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.percent import percent


@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "expected"),
    [
        (1, 8, 0, "13"),
        (1, 8, 1, "12.5"),
        (1, 16, 1, "6.3"),
        (5, 1000, 0, "1"),
        (2, 3, 1, "66.7"),
        (0, 7, 1, "0.0"),
        (7, 7, 1, "100.0"),
        (3, 2, 1, "150.0"),
        (-1, 8, 0, "-13"),
    ],
)
def test_half_up(numerator: int, denominator: int, places: int, expected: str) -> None:
    assert str(percent(numerator, denominator, places)) == expected


def test_no_denominator_no_percentage() -> None:
    assert percent(0, 0) is None
    assert percent(3, 0) is None


def test_decimals() -> None:
    assert percent(Decimal("0.125"), 1, 0) == Decimal(13)


@given(st.integers(0, 10**20), st.integers(1, 10**20), st.integers(0, 4))
def test_off_by_no_more_than_half_a_step(numerator: int, denominator: int, places: int) -> None:
    value = percent(numerator, denominator, places)
    assert value is not None
    error = abs(int(value.scaleb(places)) * denominator - numerator * 100 * 10**places)
    assert 2 * error <= denominator
