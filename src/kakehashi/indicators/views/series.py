"""The series of a measure as rows: the figure, the target, where it is going, and what a former definition said. One shape for chart,
table and file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.utils.safestring import SafeString, mark_safe

from kakehashi.indicators import selectors
from kakehashi.indicators.adapters.charts import Plot, draw
from kakehashi.indicators.domain.figure import PERCENT, STATE_WORDS, number_text
from kakehashi.indicators.domain.forecast import Forecast, forecast
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import RecordedValue
from kakehashi.indicators.selectors import Described, Reading
from kakehashi.kernel import clock
from kakehashi.kernel.wareki import to_wareki

AHEAD_YEARS, AHEAD_MONTHS = 2, 3
MOST_AHEAD = 10


@dataclass(frozen=True)
class Row:
    """One period of a series; what is not known of it is None."""

    reading: Reading
    target: Decimal | None = None
    expected: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    former: RecordedValue | None = None

    @property
    def period(self) -> Period:
        """The period."""
        return self.reading.period

    @property
    def is_future(self) -> bool:
        """Whether the period has not begun."""
        return self.period.first > clock.today()


@dataclass(frozen=True)
class Series:
    """The rows, the drawing of them, and how the forecast was made (None: too few points)."""

    rows: Sequence[Row]
    svg: SafeString
    forecast: Forecast | None

    @property
    def has_targets(self) -> bool:
        """Whether any period has a target."""
        return any(row.target is not None for row in self.rows)

    @property
    def has_former(self) -> bool:
        """Whether a former definition left values."""
        return any(row.former is not None for row in self.rows)


def years_up_to(year: Period, targets: Mapping[int, Decimal], count: int) -> list[Period]:
    """`count` fiscal years up to `year` and those that have targets, oldest first."""
    last = min(max([year.fiscal_year, *targets]), year.fiscal_year + MOST_AHEAD)
    return [Period.year(one) for one in range(year.fiscal_year - count + 1, last + 1)]


def months_up_to(until: Period, count: int) -> list[Period]:
    """`count` months up to `until`, oldest first."""
    periods = [until]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return periods[::-1]


def series_of(
    described: Described, read: Sequence[Reading], targets: Mapping[int, Decimal] = MappingProxyType({})
) -> Series:
    """The readings of consecutive periods as a series, with some more periods where a forecast can be made."""
    periods = [one.period for one in read]
    ahead = AHEAD_YEARS if periods[0].kind is PeriodKind.YEAR else AHEAD_MONTHS
    former = selectors.former_series(described.code, described.version, periods)
    readings = [_current(one, described.version) for one in read]
    # A running period is only partly counted, so a line through it would point down for every count.
    closed = [one for one in readings if not one.is_running]
    wanted = max(ahead, len(readings) - len(closed))
    made = forecast([one.figure.value for one in closed], wanted, is_percent=described.unit in PERCENT)
    while made and len(readings) < len(closed) + wanted:
        following = readings[-1].period.following()
        readings.append(Reading(following, selectors.NOT_YET))
    rows = [_row(place - len(closed), one, targets, made, former) for place, one in enumerate(readings)]
    return Series(rows, _draw(described, rows), made)


def _current(reading: Reading, version: int) -> Reading:
    """The reading, unless it was counted under a former definition: that is another series."""
    if reading.record is not None and reading.record.measure_version < version:
        return Reading(reading.period, selectors.NOT_YET)
    return reading


def _row(
    step: int,
    reading: Reading,
    targets: Mapping[int, Decimal],
    made: Forecast | None,
    former: Mapping[Period, RecordedValue],
) -> Row:
    target = targets.get(reading.period.fiscal_year) if reading.period.kind is PeriodKind.YEAR else None
    former_value = former.get(reading.period)
    if made is None or not 0 <= step < len(made.values):
        return Row(reading, target, former=former_value)
    return Row(reading, target, made.values[step], made.lows[step], made.highs[step], former_value)


def _draw(described: Described, rows: Sequence[Row]) -> SafeString:
    lines: dict[str, list[Decimal | None]] = {
        "actual": [row.reading.figure.value for row in rows],
        "target": [row.target for row in rows],
        "forecast": [row.expected for row in rows],
        "former": [row.former.value if row.former else None for row in rows],
        "low": [row.low for row in rows],
        "high": [row.high for row in rows],
    }
    words = [
        "" if row.is_future or row.former or row.reading.figure.has_value else STATE_WORDS[row.reading.figure.state][0]
        for row in rows
    ]
    svg = draw(
        Plot(
            labels=[short_label(row.period) for row in rows],
            lines=lines,
            words=words,
            title=f"{described.label}（{described.unit}）：{_summary(described, rows)}",
            unit=described.unit,
            ceiling=Decimal(100) if described.unit in PERCENT else None,
            write=lambda number: number_text(number, described.unit),
        )
    )
    return mark_safe(svg)  # noqa: S308 - drawn by the library, which escapes every label


def _summary(described: Described, rows: Sequence[Row]) -> str:
    known = [row for row in rows if row.reading.figure.value is not None]
    said = [
        f"{row.period.label} {number_text(row.reading.figure.value, described.unit)}{described.unit}"
        for row in (known[:1] + known[-1:] if len(known) > 1 else known)
        if row.reading.figure.value is not None
    ]
    return " から ".join(said) or "値はありません"


def short_label(period: Period) -> str:
    """A label that fits under a point: 「R8」 for a year, 「4月」 for a month."""
    if period.kind is PeriodKind.MONTH:
        return f"{period.first.month}月"
    era = to_wareki(period.last if period.first.year == 2019 else period.first)
    return f"{era.era.letter}{era.year if period.first.year != 2019 else 1}"
