"""Snapshots: what a measure was when its period ended, for the government and for each department."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from kakehashi.indicators.domain.figure import Figure
from kakehashi.indicators.domain.measure import Measure
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import Origin, RecordedValue
from kakehashi.indicators.selectors import all_measures, compute, compute_by_department
from kakehashi.kernel import clock
from kakehashi.kernel.services import service

# A stock is as of the moment it is counted; a few days later it is still fair to call it the end of the month.
STOCK_GRACE = timedelta(days=3)


@service
def take_snapshots(*, months: int = 13, today: date | None = None) -> int:
    """Record every registered measure for closed months and the last closed fiscal year, where that is missing.

    Works in the open tenant scope and is called by the worker, so it asks no permission and writes no event: a snapshot is no
    official act. A measure with a new version is counted again as a revision. Stocks are taken only within three days after
    the end of their period. Returns how many values were written.
    """
    day = today or clock.today()
    wanted = _closed_periods(day, months)
    taken = _taken(wanted)
    rows: list[RecordedValue] = []
    for described in all_measures():
        if described.measure is None:
            continue
        for period in wanted:
            if described.measure.is_stock and day - period.last > STOCK_GRACE:
                continue
            former = taken.get((described.code, period))
            if former is None or former[0] < described.version:
                rows += _snapshot(described.measure, period, former[1] if former else 0)
    RecordedValue.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _closed_periods(day: date, months: int) -> list[Period]:
    period = Period.containing(day, PeriodKind.MONTH).previous()
    found = [Period.containing(day).previous()]
    for _ in range(months):
        found.append(period)
        period = period.previous()
    return found


def _taken(periods: list[Period]) -> dict[tuple[str, Period], tuple[int, int]]:
    """Version and revision of the current whole-government snapshots."""
    rows = RecordedValue.objects.filter(
        is_current=True, department=None, origin=Origin.COMPUTED, period_first__in={one.first for one in periods}
    )
    return {(row.measure_code, row.period): (row.measure_version, row.revision) for row in rows}


def _snapshot(measure: Measure, period: Period, revision: int) -> list[RecordedValue]:
    if revision:
        RecordedValue.objects.filter(
            measure_code=measure.code, period_kind=period.kind, period_first=period.first, is_current=True
        ).update(is_current=False)
    rows = [_row(measure, period, None, compute(measure, period), revision)]
    if measure.department_path:
        by_department = compute_by_department(measure, period)
        rows += [_row(measure, period, key, figure, revision) for key, figure in by_department.items() if key]
    return rows


def _row(measure: Measure, period: Period, department_id: UUID | None, figure: Figure, revision: int) -> RecordedValue:
    return RecordedValue(
        measure_code=measure.code,
        measure_version=measure.version,
        period_kind=period.kind,
        period_first=period.first,
        department_id=department_id,
        state=figure.state,
        value=figure.value,
        numerator=_four(figure.numerator),
        denominator=_four(figure.denominator),
        unknown_count=figure.unknown_count,
        origin=Origin.COMPUTED,
        revision=revision + 1,
        reason="計算の定義が新しくなったため" if revision else "",
        recorded_by="システム",
    )


def _four(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(Decimal("0.0001"))
