"""Where a series is going: a straight line through what was measured, with the width of its error. No promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from kakehashi.kernel.percent import percent

LEAST = 3
_MOST = 8
# Two-sided 80 % of Student's t for 1, 2, … degrees of freedom; from seven on the normal value is close enough.
_T80 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440)
_T80_MANY = 1.397


@dataclass(frozen=True)
class Forecast:
    """The expected values after the series, with the lower and upper end of an 80 % range, and how many points it rests on."""

    values: tuple[Decimal, ...]
    lows: tuple[Decimal, ...]
    highs: tuple[Decimal, ...]
    points: int

    @property
    def method(self) -> str:
        """The method in words; it stands beside the chart."""
        return f"実績{self.points}点を通る直線（最小二乗）。幅は80%の予測区間です。約束する値ではありません。"


def forecast(values: Sequence[Decimal | None], ahead: int, *, is_percent: bool = False) -> Forecast | None:
    """Return the next `ahead` values of an evenly spaced series, None with fewer than three known points.

    Uses the last eight points; gaps are left out, not filled. Percentages stay between 0 and 100, what was never negative stays so.
    """
    places = [(place, value) for place, value in enumerate(values) if value is not None][-_MOST:]
    if len(places) < LEAST or ahead < 1:
        return None
    count = len(places)
    mean_x = Fraction(sum(place for place, _ in places), count)
    mean_y = sum((Fraction(value) for _, value in places), Fraction(0)) / count
    spread = sum((place - mean_x) ** 2 for place, _ in places)
    slope = sum(((place - mean_x) * (Fraction(value) - mean_y) for place, value in places), Fraction(0)) / spread
    left = sum((Fraction(value) - mean_y - slope * (place - mean_x)) ** 2 for place, value in places)
    t = _T80[count - 3] if count - 3 < len(_T80) else _T80_MANY
    deviation = sqrt(float(left) / (count - 2))
    floor = Decimal(0) if is_percent or min(value for _, value in places) >= 0 else None
    ceiling = Decimal(100) if is_percent else None
    found: list[Decimal] = []
    lows: list[Decimal] = []
    highs: list[Decimal] = []
    for step in range(len(values), len(values) + ahead):
        expected = mean_y + slope * (step - mean_x)
        width = Fraction(t * deviation * sqrt(1 + 1 / count + float((step - mean_x) ** 2 / spread))).limit_denominator(
            10**6
        )
        for numbers, value in ((found, expected), (lows, expected - width), (highs, expected + width)):
            numbers.append(_within(value, floor, ceiling))
    return Forecast(tuple(found), tuple(lows), tuple(highs), count)


def _within(value: Fraction, floor: Decimal | None, ceiling: Decimal | None) -> Decimal:
    rounded = percent(Decimal(value.numerator), Decimal(value.denominator * 100), 1)
    assert rounded is not None
    if floor is not None:
        rounded = max(rounded, floor)
    return min(rounded, ceiling) if ceiling is not None else rounded
