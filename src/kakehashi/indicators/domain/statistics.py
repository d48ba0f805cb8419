"""Small statistics with their uncertainty, in floats: quartiles, the interval of a median and of a share, least squares.

Worked examples stand in the tests, with their sources. Nothing here judges; the words are made where the numbers are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

# Two-sided 95 % of Student's t for 1 to 30 degrees of freedom (統計数値表, JIS Z 9041-2 附表); further on by Cornish and Fisher.
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_Z95 = 1.959964


@dataclass(frozen=True)
class Interval:
    """A range that covers the true value in about 95 of 100 cases."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Distribution:
    """Many values in five numbers, and the range of the median (None with fewer than six values)."""

    count: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float
    median_range: Interval | None


@dataclass(frozen=True)
class Fit:
    """A least-squares fit: the coefficients with their standard errors, what is left over, and the degrees of freedom."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    residuals: tuple[float, ...]
    degrees: int

    def interval(self, place: int, widened: float = 1.0) -> Interval:
        """The 95 % range of a coefficient; `widened` multiplies its width."""
        half = t95(self.degrees) * self.errors[place] * widened
        return Interval(self.coefficients[place] - half, self.coefficients[place] + half)

    @property
    def likeness(self) -> float:
        """How much a residual is like the one before it (lag-1 autocorrelation), from -1 to 1."""
        total = sum(one * one for one in self.residuals)
        if total <= 1e-12:
            return 0.0
        return sum(a * b for a, b in zip(self.residuals, self.residuals[1:], strict=False)) / total

    @property
    def widening(self) -> float:
        """By how much ranges are widened because months resemble their neighbours: √((1+r)/(1−r)), never below 1."""
        r = min(0.95, max(0.0, self.likeness))
        return sqrt((1 + r) / (1 - r))


def t95(degrees: int) -> float:
    """The two-sided 95 % point of Student's t. Raises ValueError below one degree of freedom."""
    if degrees < 1:
        raise ValueError("no degree of freedom is left")
    if degrees <= len(_T95):
        return _T95[degrees - 1]
    z = _Z95
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, on a straight line between neighbours (type 7, as Excel's QUARTILE.INC)."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median_range(values: Sequence[float]) -> Interval | None:
    """The 95 % range of the median from the order of the values alone (binomial); None with fewer than six."""
    count, ordered = len(values), sorted(values)
    below, tail = 0, 0.0
    while tail + comb(count, below) / 2**count <= 0.025:
        tail += comb(count, below) / 2**count
        below += 1
    return Interval(ordered[below - 1], ordered[count - below]) if below else None


def distribution(values: Sequence[float]) -> Distribution | None:
    """The five numbers of some values, None for no value."""
    if not values:
        return None
    low, middle, high = (quantile(values, share) for share in (0.25, 0.5, 0.75))
    return Distribution(len(values), min(values), low, middle, high, max(values), median_range(values))


def wilson(hits: float, of: float) -> Interval | None:
    """Wilson's 95 % range of a share (0 to 1), None for nothing counted. Good for few cases, never below 0 or above 1."""
    if of <= 0:
        return None
    z, share = _Z95, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def mean_range(values: Sequence[float]) -> Interval | None:
    """The 95 % range of a mean by Student's t, None with fewer than three values."""
    count = len(values)
    if count < 3:
        return None
    mean = sum(values) / count
    half = t95(count - 1) * sqrt(sum((one - mean) ** 2 for one in values) / (count - 1) / count)
    return Interval(mean - half, mean + half)


def least_squares(rows: Sequence[Sequence[float]], values: Sequence[float]) -> Fit:
    """Fit values = rows · coefficients. Raises ValueError when there are too few rows or they say too little."""
    width, degrees = len(rows[0]), len(rows) - len(rows[0])
    if degrees < 1:
        raise ValueError("no degree of freedom is left")
    square = [[sum(row[i] * row[j] for row in rows) for j in range(width)] for i in range(width)]
    inverse = _inverse(square)
    right = [sum(row[i] * value for row, value in zip(rows, values, strict=True)) for i in range(width)]
    found = [sum(inverse[i][j] * right[j] for j in range(width)) for i in range(width)]
    left = [
        value - sum(a * b for a, b in zip(row, found, strict=True)) for row, value in zip(rows, values, strict=True)
    ]
    variance = sum(one * one for one in left) / degrees
    errors = [sqrt(max(0.0, variance * inverse[i][i])) for i in range(width)]
    return Fit(tuple(found), tuple(errors), tuple(left), degrees)


def _inverse(square: Sequence[Sequence[float]]) -> list[list[float]]:
    """The inverse of a small matrix by Gauss and Jordan with the largest pivot."""
    size = len(square)
    rows = [[*line, *(1.0 if at == number else 0.0 for at in range(size))] for number, line in enumerate(square)]
    for at in range(size):
        best = max(range(at, size), key=lambda number, at=at: abs(rows[number][at]))  # type: ignore[misc]
        if abs(rows[best][at]) < 1e-12:
            raise ValueError("the rows say too little")
        rows[at], rows[best] = rows[best], rows[at]
        pivot = rows[at][at]
        rows[at] = [one / pivot for one in rows[at]]
        for number in range(size):
            if number != at and rows[number][at]:
                factor = rows[number][at]
                rows[number] = [a - factor * b for a, b in zip(rows[number], rows[at], strict=True)]
    return [line[size:] for line in rows]
