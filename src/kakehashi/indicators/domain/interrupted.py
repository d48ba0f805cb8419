"""Before and after a day: does a series stand at another level, and does it go another way, than before; and does it move at all.

An interrupted time series by segmented regression: y = level + trend·t + (change of level)·after + (change of trend)·t·after, where t
counts months from the first month after the day. Ranges are 95 % by Student's t, widened where months resemble their neighbours. It
shows what changed, never why: whatever else happened at the same time is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.indicators.domain.statistics import Fit, Interval, least_squares, mean_range, quantile

LEAST_EACH_SIDE = 6
LEAST_FOR_MOVEMENT = 6
_YEAR = 12


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % range."""

    value: float
    range: Interval

    @property
    def is_sure(self) -> bool:
        """Whether the range leaves out zero."""
        return not self.range.holds(0.0)


@dataclass(frozen=True)
class Segments:
    """What the regression says: trend before and after (per month), the jump at the day, the change of the trend, and its lines."""

    trend_before: Estimate
    trend_after: Estimate
    jump: Estimate
    bend: Estimate
    widening: float
    line_before: tuple[float | None, ...]
    line_after: tuple[float | None, ...]
    expected: tuple[float | None, ...]


@dataclass(frozen=True)
class Seasonal:
    """The months after beside the same months of the year before: how many pairs, the mean difference, its range."""

    pairs: tuple[tuple[int, float, float], ...]
    mean: float | None
    range: Interval | None


@dataclass(frozen=True)
class BeforeAfter:
    """The whole answer. `segments` is None with too few months; `why_not` then says so."""

    count_before: int
    count_after: int
    median_before: float | None
    median_after: float | None
    segments: Segments | None
    seasonal: Seasonal
    why_not: str


@dataclass(frozen=True)
class Movement:
    """How a series moved for each month, and whether that is surely the wanted way."""

    slope: Estimate
    count: int
    is_wanted: bool
    words: str


def before_after(values: Sequence[float | None], first_after: int, skipped: int | None = None) -> BeforeAfter:
    """Compare a monthly series before and from place `first_after` on; `skipped` is the month the day lies in, where it is left out.

    None in `values` is a month without a number: it is left out, not filled.
    """
    before = [(at, value) for at, value in enumerate(values[:first_after]) if value is not None and at != skipped]
    after = [(at, value) for at, value in enumerate(values) if at >= first_after and value is not None]
    few = ""
    if len(before) < LEAST_EACH_SIDE or len(after) < LEAST_EACH_SIDE:
        few = (
            f"前が{len(before)}か月、後が{len(after)}か月です。水準や傾向の変化を言うには、前も後も{LEAST_EACH_SIDE}か月以上が要ります。"
            "いまの数字だけで、効果があったともなかったとも言えません。"
        )
    segments = None if few else _segments(before, after, len(values), first_after)
    return BeforeAfter(
        len(before),
        len(after),
        quantile([value for _, value in before], 0.5) if before else None,
        quantile([value for _, value in after], 0.5) if after else None,
        segments,
        _seasonal(values, first_after, skipped),
        few,
    )


def movement(values: Sequence[float | None], direction: str) -> Movement | None:
    """Whether a series surely moves the wanted way (`direction`: up, down, neutral); None with fewer than six numbers."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < LEAST_FOR_MOVEMENT:
        return None
    fit = least_squares([(1.0, float(at)) for at, _ in known], [value for _, value in known])
    slope = _estimate(fit, 1)
    rising = slope.value > 0
    if not slope.is_sure:
        return Movement(slope, len(known), False, "動いたと言えません")
    if direction in ("up", "down") and rising != (direction == "up"):
        return Movement(slope, len(known), False, "望む向きと逆に動いています")
    return Movement(slope, len(known), True, "上がっています" if rising else "下がっています")


def _estimate(fit: Fit, place: int) -> Estimate:
    return Estimate(fit.coefficients[place], fit.interval(place, fit.widening))


def _segments(
    before: Sequence[tuple[int, float]], after: Sequence[tuple[int, float]], length: int, first_after: int
) -> Segments:
    points = [*before, *after]
    numbers = [value for _, value in points]

    def row(at: int, *, from_after: bool) -> tuple[float, ...]:
        t, is_after = float(at - first_after), float(at >= first_after)
        # Seen from after the day, the same model gives the later trend and its error directly.
        return (1.0, t, 1.0 - is_after, t * (1.0 - is_after)) if from_after else (1.0, t, is_after, t * is_after)

    fit = least_squares([row(at, from_after=False) for at, _ in points], numbers)
    turned = least_squares([row(at, from_after=True) for at, _ in points], numbers)
    level, trend, jump, bend = fit.coefficients
    old = [level + trend * (at - first_after) for at in range(length)]
    new = [level + jump + (trend + bend) * (at - first_after) for at in range(length)]
    return Segments(
        _estimate(fit, 1), _estimate(turned, 1), _estimate(fit, 2), _estimate(fit, 3), fit.widening,
        tuple(one if at < first_after else None for at, one in enumerate(old)),
        tuple(one if at >= first_after else None for at, one in enumerate(new)),
        tuple(one if at >= first_after else None for at, one in enumerate(old)),
    )  # fmt: skip


def _seasonal(values: Sequence[float | None], first_after: int, skipped: int | None) -> Seasonal:
    pairs = []
    for at in range(first_after, len(values)):
        former, now = (values[at - _YEAR] if at >= _YEAR else None), values[at]
        if now is None or former is None or at - _YEAR >= first_after or at - _YEAR == skipped:
            continue
        pairs.append((at, former, now))
    differences = [now - former for _, former, now in pairs]
    mean = sum(differences) / len(differences) if differences else None
    return Seasonal(tuple(pairs), mean, mean_range(differences))
