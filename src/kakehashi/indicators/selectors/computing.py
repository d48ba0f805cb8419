"""From rows to figures. One definition serves the live value, the snapshot and the page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Avg, BigIntegerField, Count, FloatField, QuerySet, Sum

from kakehashi.indicators.domain.figure import Figure, figure_of
from kakehashi.indicators.domain.measure import Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period
from kakehashi.kernel.percent import percent


class _Median(Aggregate):
    """The median in the database."""

    function = "PERCENTILE_CONT"
    name = "median"
    output_field = FloatField()
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


class _Percentile90(Aggregate):
    """The value that nine of ten rows do not exceed: one that stands in a row."""

    function = "PERCENTILE_DISC"
    name = "percentile_90"
    output_field = FloatField()
    template = "%(function)s(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"


class _Mark(Aggregate):
    """A number that stands for a set of rows: another row in or out makes another number, their order does not."""

    function = "BIT_XOR"
    name = "mark"
    output_field = BigIntegerField()
    template = "%(function)s(HASHTEXTEXTENDED(%(expressions)s::text, 0))"


@dataclass(frozen=True)
class Marked:
    """A figure with how many rows are behind it and a mark of which ones."""

    figure: Figure
    rows_count: int
    rows_mark: int


def rows_behind(
    measure: Measure, period: Period, part: RowPart = RowPart.NUMERATOR, department_id: UUID | None = None
) -> QuerySet[Any]:
    """The rows that were counted. Empty for a part that the measure does not have."""
    source = {
        RowPart.NUMERATOR: measure.numerator,
        RowPart.DENOMINATOR: measure.denominator,
        RowPart.UNKNOWN: measure.unknown,
    }[part]
    if source is None:
        empty: QuerySet[Any] = measure.numerator(period).none()
        return empty
    rows: QuerySet[Any] = source(period)
    if department_id is not None and measure.department_path:
        rows = rows.filter(**{measure.department_path: department_id})
    return rows


def compute(measure: Measure, period: Period, department_id: UUID | None = None) -> Figure:
    """Count now: the figure of the rows as they are in the database."""
    numerator = _number(measure, rows_behind(measure, period, RowPart.NUMERATOR, department_id))
    denominator = None
    if measure.is_share:
        denominator = _number(measure, rows_behind(measure, period, RowPart.DENOMINATOR, department_id))
    unknown = rows_behind(measure, period, RowPart.UNKNOWN, department_id).count() if measure.unknown else 0
    return _figure(measure, numerator, denominator, unknown)


def compute_marked(measure: Measure, period: Period) -> Marked:
    """Count now, with the rows behind: one query for each part (two where the value is a function of the row)."""
    numerator, count, mark = _marked_number(measure, rows_behind(measure, period, RowPart.NUMERATOR))
    denominator = None
    if measure.is_share:
        denominator, more, other = _marked_number(measure, rows_behind(measure, period, RowPart.DENOMINATOR))
        # A row that moves from the denominator alone into the numerator changes both marks; they must not cancel each other.
        count, mark = count + more, mark ^ ((other * 31 + 7) & 0x7FFFFFFFFFFFFFFF)
    unknown = rows_behind(measure, period, RowPart.UNKNOWN).count() if measure.unknown else 0
    return Marked(_figure(measure, numerator, denominator, unknown), count, mark)


def compute_marked_by_department(measure: Measure, period: Period) -> tuple[Marked, dict[UUID | None, Figure]]:
    """The whole and each department together: where numbers add up, one query for each part serves both."""
    if measure.statistic not in _ADDITIVE or callable(measure.value):
        marked = compute_marked(measure, period)
        # Where the whole has no row, no department has one: most measures of a small town's quiet month.
        is_empty = not marked.rows_count and not marked.figure.unknown_count
        return marked, {} if is_empty else compute_by_department(measure, period)
    tops = _marked_groups(measure, period, RowPart.NUMERATOR)
    number, count, mark = _joined(tops)
    bottoms = _marked_groups(measure, period, RowPart.DENOMINATOR) if measure.is_share else {}
    denominator = None
    if measure.is_share:
        denominator, more, other = _joined(bottoms)
        # As in compute_marked: both marks must not cancel each other.
        count, mark = count + more, mark ^ ((other * 31 + 7) & 0x7FFFFFFFFFFFFFFF)
    unknowns = _grouped(measure, period, RowPart.UNKNOWN, count=True) if measure.unknown else {}
    unknown = sum(int(one or 0) for one in unknowns.values())
    nothing = (Decimal(0), 0, 0)
    departments = {
        key: _figure(
            measure,
            tops.get(key, nothing)[0],
            bottoms.get(key, nothing)[0] if measure.is_share else None,
            int(unknowns.get(key) or 0),
        )
        for key in {*tops, *bottoms, *unknowns}
    }
    return Marked(_figure(measure, number, denominator, unknown), count, mark), departments


_ADDITIVE = frozenset({Statistic.COUNT, Statistic.SUM})
Group = tuple[Decimal, int, int]


def _marked_groups(measure: Measure, period: Period, part: RowPart) -> dict[UUID | None, Group]:
    """Number, count and mark of the rows of each department."""
    asked: dict[str, Aggregate] = {"rows_count": Count("pk"), "rows_mark": _Mark("pk")}
    if measure.statistic is Statistic.SUM:
        asked["number"] = _aggregate(measure)
    rows = rows_behind(measure, period, part).order_by().values(measure.department_path).annotate(**asked)
    return {
        row[measure.department_path]: (
            Decimal(str(row.get("number", row["rows_count"]) or 0)),
            row["rows_count"],
            row["rows_mark"] or 0,
        )
        for row in rows
    }


def _joined(groups: dict[UUID | None, Group]) -> Group:
    """The groups as one: numbers and counts add up, marks are combined as the database would have combined their rows."""
    number, count, mark = Decimal(0), 0, 0
    for one, more, other in groups.values():
        number, count, mark = number + one, count + more, mark ^ other
    return number, count, mark


def _marked_number(measure: Measure, rows: QuerySet[Any]) -> tuple[Decimal | None, int, int]:
    asked: dict[str, Aggregate] = {"rows_count": Count("pk"), "rows_mark": _Mark("pk")}
    if measure.statistic is not Statistic.COUNT and not callable(measure.value):
        asked["number"] = _aggregate(measure)
    found = rows.order_by().aggregate(**asked)
    count, mark = found["rows_count"], found["rows_mark"] or 0
    if measure.statistic is Statistic.COUNT:
        return Decimal(count), count, mark
    if callable(measure.value):
        return _number(measure, rows), count, mark
    number = found["number"]
    if number is None:
        return Decimal(0) if measure.statistic is Statistic.SUM else None, count, mark
    return Decimal(str(number)), count, mark


def compute_by_department(measure: Measure, period: Period) -> dict[UUID | None, Figure]:
    """Count now per department, one query for each part. Departments without rows are not named; None holds rows without one."""
    numerators = _grouped(measure, period, RowPart.NUMERATOR)
    denominators = _grouped(measure, period, RowPart.DENOMINATOR) if measure.is_share else {}
    unknowns = _grouped(measure, period, RowPart.UNKNOWN, count=True) if measure.unknown else {}
    zero = None if measure.statistic in (Statistic.MEAN, Statistic.MEDIAN, Statistic.P90) else Decimal(0)
    return {
        key: _figure(
            measure,
            numerators.get(key, zero),
            denominators.get(key, Decimal(0)) if measure.is_share else None,
            int(unknowns.get(key) or 0),
        )
        for key in {*numerators, *denominators, *unknowns}
    }


def _figure(measure: Measure, numerator: Decimal | None, denominator: Decimal | None, unknown: int) -> Figure:
    if not measure.is_share:
        return figure_of(_rounded(numerator, measure.places), unknown_count=unknown)
    share = percent(numerator or Decimal(0), denominator or Decimal(0), measure.places)
    return figure_of(
        share, numerator=numerator or Decimal(0), denominator=denominator or Decimal(0), unknown_count=unknown
    )


def _number(measure: Measure, rows: QuerySet[Any]) -> Decimal | None:
    if measure.statistic is Statistic.COUNT:
        return Decimal(rows.count())
    if callable(measure.value):
        return _statistic_of(measure, [measure.value(row) for row in rows.iterator(2000)])
    found = rows.order_by().aggregate(number=_aggregate(measure))["number"]
    if found is None and measure.statistic is Statistic.SUM:
        return Decimal(0)
    return None if found is None else Decimal(str(found))


def _grouped(measure: Measure, period: Period, part: RowPart, *, count: bool = False) -> dict[Any, Decimal | None]:
    rows = rows_behind(measure, period, part)
    if callable(measure.value) and not count:
        groups: dict[Any, list[Any]] = {}
        annotated = rows.order_by().values_list("pk", measure.department_path)
        department_of = dict(annotated)
        for row in rows.iterator(2000):
            groups.setdefault(department_of.get(row.pk), []).append(measure.value(row))
        return {key: _statistic_of(measure, values) for key, values in groups.items()}
    aggregate = Count("pk") if count or measure.statistic is Statistic.COUNT else _aggregate(measure)
    found = rows.order_by().values(measure.department_path).annotate(number=aggregate)
    return {
        row[measure.department_path]: None if row["number"] is None else Decimal(str(row["number"])) for row in found
    }


def _aggregate(measure: Measure) -> Aggregate:
    assert isinstance(measure.value, str)
    found = {Statistic.SUM: Sum, Statistic.MEAN: Avg, Statistic.MEDIAN: _Median, Statistic.P90: _Percentile90}
    return found[measure.statistic](measure.value)


def _statistic_of(measure: Measure, values: list[Any]) -> Decimal | None:
    known = [Decimal(str(value)) for value in values if value is not None]
    if measure.statistic is Statistic.SUM:
        return sum(known, Decimal(0))
    if not known:
        return None
    if measure.statistic is Statistic.P90:
        return sorted(known)[-(-9 * len(known) // 10) - 1]
    return median(known) if measure.statistic is Statistic.MEDIAN else sum(known, Decimal(0)) / len(known)


def _rounded(number: Decimal | None, places: int) -> Decimal | None:
    if number is None or number == number.to_integral_value():
        return None if number is None else number.quantize(Decimal(1))
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
