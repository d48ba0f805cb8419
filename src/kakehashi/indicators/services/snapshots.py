"""Snapshots: what a measure was when its period ended, for the government and for each department."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from uuid import UUID

from kakehashi.indicators.domain.anomalies import Counted, odd_about
from kakehashi.indicators.domain.figure import Figure
from kakehashi.indicators.domain.measure import Measure
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import Anomaly, MeasureDefinition, Origin, RecordedValue, SnapshotRun
from kakehashi.indicators.selectors import Marked, Question, all_measures, count_together
from kakehashi.indicators.services.anomalies import note_anomalies
from kakehashi.kernel import clock
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.services import service

# A stock is as of the moment it is counted; a few days later it is still fair to call it the end of the month.
STOCK_GRACE = timedelta(days=3)


@service
def take_snapshots(*, months: int = 13, today: date | None = None) -> int:
    """Record every registered measure where it is missing: closed months, the last closed fiscal year, the running one.

    The running fiscal year is recorded once after each month's end, as a revision of the month before, so that public pages need
    not count. Works in the open tenant scope and is called by the worker, so it asks no permission and writes no event: a snapshot
    is no official act; a number that moved with no rows behind it does (`indicators.anomaly.noticed`). A measure with a new version is counted again as a revision. Stocks are taken only within three days
    after the end of their period, or for the running year. Returns how many values were written: none where another process is at
    this government, or has done it today.
    """
    day = today or clock.today()
    measures = [described.measure for described in all_measures() if described.measure is not None]
    definitions = _stand_in(measures)
    run = _run()
    if run is None or (run.taken_on == day and run.definitions == definitions and run.months >= months):
        return 0
    run.written = _record(measures, months, day)
    run.taken_on, run.definitions, run.months, run.finished_at = day, definitions, months, clock.now()
    run.save()
    return run.written


def _run() -> SnapshotRun | None:
    """The government's own row, locked; None while another process holds it: two may share the governments among them."""
    # An insert that is under way elsewhere is waited for; then it is there, or still locked.
    SnapshotRun.objects.bulk_create([SnapshotRun()], ignore_conflicts=True)
    return SnapshotRun.objects.select_for_update(skip_locked=True).first()


def _stand_in(measures: Sequence[Measure]) -> int:
    """A number that is another one when a measure comes, goes or is counted in another way."""
    told = " ".join(sorted(f"{one.code}:{one.version}" for one in measures))
    return int.from_bytes(blake2b(told.encode(), digest_size=7).digest())


def _record(measures: Sequence[Measure], months: int, day: date) -> int:
    running = Period.containing(day)
    wanted = [running, *_closed_periods(day, months)]
    taken = _taken([*wanted, wanted[-1].previous()])
    due = [
        _Due(measure, period, former)
        for measure in measures
        for period in wanted
        if _is_due(measure, period, former := taken.get((measure.code, period)), day)
    ]
    odd = _take(due) + _look_back(due, taken)
    if due:
        _keep_definitions(measures, day)
    note_anomalies(odd)
    return sum(one.written for one in due)


@dataclass
class _Due:
    """A snapshot that is to be taken, the one it follows, and how many values it became."""

    measure: Measure
    period: Period
    former: RecordedValue | None
    written: int = 0


def _take(due: Sequence[_Due]) -> list[Anomaly]:
    """Count and write; what is odd about the numbers."""
    counted = count_together(
        [Question(one.measure, one.period, by_department=bool(one.measure.department_path)) for one in due],
        with_marks=True,
    )
    rows: list[RecordedValue] = []
    odd: list[Anomaly] = []
    for one, now in zip(due, counted, strict=True):
        made = _rows(one, now)
        one.written = len(made)
        rows += made
        former = one.former
        if former is not None and former.measure_version == one.measure.version and former.rows_count is not None:
            taken_on = former.recorded_at.astimezone(clock.JST).date()
            _judge(former, now, odd, is_closed=taken_on > one.period.last)
    _supersede([one.former for one in due if one.former])
    insert_many(rows)
    return odd


def _look_back(due: Sequence[_Due], taken: Mapping[tuple[str, Period], RecordedValue]) -> list[Anomaly]:
    """Once a month, when the next month is taken: does the month before still count what it counted when it closed?"""
    new_months = [one for one in due if one.former is None and one.period.kind is PeriodKind.MONTH]
    before = [(one.measure, taken.get((one.measure.code, one.period.previous()))) for one in new_months]
    again = [
        (measure, row)
        for measure, row in before
        if row is not None
        and not measure.is_stock
        and row.measure_version == measure.version
        and row.rows_count is not None
    ]
    counted = count_together([Question(measure, row.period) for measure, row in again], with_marks=True)
    odd: list[Anomaly] = []
    for (_, row), now in zip(again, counted, strict=True):
        _judge(row, now, odd, is_closed=True)
    return odd


def _supersede(former: list[RecordedValue]) -> None:
    """The whole-government rows and those of their departments are no longer current; one query for each period."""
    codes: dict[Period, list[str]] = {}
    for row in former:
        codes.setdefault(row.period, []).append(row.measure_code)
    for period, some in codes.items():
        RecordedValue.objects.filter(
            measure_code__in=some, period_kind=period.kind, period_first=period.first, is_current=True
        ).update(is_current=False)


def _keep_definitions(measures: Sequence[Measure], day: date) -> None:
    """How each measure is counted in its present version, once."""
    known = set(MeasureDefinition.objects.values_list("measure_code", "version"))
    MeasureDefinition.objects.bulk_create(
        [
            MeasureDefinition(
                measure_code=one.code,
                version=one.version,
                label=one.label,
                unit=one.unit,
                formula_text=one.formula_text[:1000],
                policy_text=one.policy_text[:500],
                reason="計算の定義が新しくなったため" if one.version > 1 else "",
                since=day,
            )
            for one in measures
            if (one.code, one.version) not in known
        ]
    )


def _judge(before: RecordedValue, now: Marked, odd: list[Anomaly], *, is_closed: bool) -> None:
    former = Counted(before.value, before.rows_count, before.rows_mark)
    kind = odd_about(former, Counted(_four(now.figure.value), now.rows_count, now.rows_mark), is_closed=is_closed)
    if kind is not None:
        odd.append(
            Anomaly(
                measure_code=before.measure_code,
                period_kind=before.period_kind,
                period_first=before.period_first,
                kind=kind.value,
                former=before.value,
                present=_four(now.figure.value),
            )
        )


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


def _rows(one: _Due, now: Marked) -> list[RecordedValue]:
    """The row of the whole, which knows what stands behind it, and those of the departments."""
    former = (one.former.revision if one.former else 0, _reason(one.measure, one.former))
    whole = _row(one.measure, one.period, None, now.figure, former)
    whole.rows_count, whole.rows_mark = now.rows_count, now.rows_mark
    departments = now.departments.items()
    return [whole, *(_row(one.measure, one.period, key, figure, former) for key, figure in departments if key)]


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
    return None if number is None else number.quantize(Decimal("0.0001"), ROUND_HALF_UP)
