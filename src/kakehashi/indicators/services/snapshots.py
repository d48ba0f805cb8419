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
    """Record every registered measure where it is missing: closed months, the last closed fiscal year, the running one.

    The running fiscal year is recorded once after each month's end, as a revision of the month before, so that public pages need
    not count. Works in the open tenant scope and is called by the worker, so it asks no permission and writes no event: a snapshot
    is no official act. A measure with a new version is counted again as a revision. Stocks are taken only within three days
    after the end of their period, or for the running year. Returns how many values were written.
    """
    day = today or clock.today()
    running = Period.containing(day)
    wanted = [running, *_closed_periods(day, months)]
    taken = _taken(wanted)
    rows: list[RecordedValue] = []
    for described in all_measures():
        if described.measure is None:
            continue
        for period in wanted:
            former = taken.get((described.code, period))
            if _is_due(described.measure, period, former, day):
                rows += _snapshot(described.measure, period, former)
    RecordedValue.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _is_due(measure: Measure, period: Period, former: RecordedValue | None, day: date) -> bool:
    is_running = period.last >= day
    if measure.is_stock and not is_running and day - period.last > STOCK_GRACE:
        return False
    if former is None or former.measure_version < measure.version:
        return True
    taken_on = former.recorded_at.astimezone(clock.JST).date()
    if is_running:
        return taken_on < day.replace(day=1)
    # Taken while the period ran: the final figure is still to be recorded.
    return taken_on <= period.last


def _closed_periods(day: date, months: int) -> list[Period]:
    period = Period.containing(day, PeriodKind.MONTH).previous()
    found = [Period.containing(day).previous()]
    for _ in range(months):
        found.append(period)
        period = period.previous()
    return found


def _taken(periods: list[Period]) -> dict[tuple[str, Period], RecordedValue]:
    """The current whole-government snapshots."""
    rows = RecordedValue.objects.filter(
        is_current=True, department=None, origin=Origin.COMPUTED, period_first__in={one.first for one in periods}
    )
    return {(row.measure_code, row.period): row for row in rows}


def _snapshot(measure: Measure, period: Period, former: RecordedValue | None) -> list[RecordedValue]:
    revision = former.revision if former else 0
    reason = _reason(measure, former)
    if former:
        RecordedValue.objects.filter(
            measure_code=measure.code, period_kind=period.kind, period_first=period.first, is_current=True
        ).update(is_current=False)
    rows = [_row(measure, period, None, compute(measure, period), (revision, reason))]
    if measure.department_path:
        by_department = compute_by_department(measure, period)
        rows += [_row(measure, period, key, figure, (revision, reason)) for key, figure in by_department.items() if key]
    return rows


def _reason(measure: Measure, former: RecordedValue | None) -> str:
    if former is None:
        return ""
    return "計算の定義が新しくなったため" if former.measure_version < measure.version else "期間の途中の値を更新"


def _row(
    measure: Measure, period: Period, department_id: UUID | None, figure: Figure, former: tuple[int, str]
) -> RecordedValue:
    revision, reason = former
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
        reason=reason,
        recorded_by="システム",
    )


def _four(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(Decimal("0.0001"))
