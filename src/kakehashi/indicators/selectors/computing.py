"""From rows to figures. One way of counting serves the live value, the snapshot and the page of rows.

A measure says which rows count; the statistic is taken around them, so any number of measures, periods and departments is counted by
one statement: for a hundred measures waiting and planning would otherwise take longer than counting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from statistics import median
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from kakehashi.indicators.domain.figure import Figure, figure_of
from kakehashi.indicators.domain.measure import Measure, RowPart, Statistic
from kakehashi.indicators.domain.period import Period
from kakehashi.kernel.percent import percent

# The planner takes each part of a statement for itself; more at once only makes the answer wait.
_AT_ONCE = 40


@dataclass(frozen=True)
class Question:
    """What is to be counted: a measure in a period; of one department, or (`by_department`) of each as well as of the whole."""

    measure: Measure
    period: Period
    department_id: UUID | None = None
    by_department: bool = False


@dataclass(frozen=True)
class Marked:
    """A figure with how many rows are behind it and a mark of which ones; and the figures of departments where they were asked.

    Departments without rows are not named; None holds rows without one.
    """

    figure: Figure
    rows_count: int
    rows_mark: int
    departments: dict[UUID | None, Figure] = field(default_factory=dict)


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
    return count_together([Question(measure, period, department_id)])[0].figure


def compute_by_department(measure: Measure, period: Period) -> dict[UUID | None, Figure]:
    """Count now per department. Departments without rows are not named; None holds rows without one."""
    return count_together([Question(measure, period, by_department=True)])[0].departments


def count_together(asked: Sequence[Question], *, with_marks: bool = False) -> list[Marked]:
    """Count now what is asked, in that order: one statement for every forty parts (two parts for a share, one for other measures).

    `with_marks` marks the rows behind as well, which reads the key of each. A measure whose value is a function of the row is read
    row by row besides.
    """
    branches = [
        _Branch(place, question, part)
        for place, question in enumerate(asked)
        for part in RowPart
        if part is RowPart.NUMERATOR or _source(question.measure, part) is not None
    ]
    found: dict[tuple[int, RowPart], _Counts] = {}
    left = iter(branches)
    while some := list(islice(left, _AT_ONCE)):
        found |= _ask(some, with_marks=with_marks)
    return [_marked(question, place, found) for place, question in enumerate(asked)]


@dataclass(frozen=True)
class _Group:
    """The number of some rows, how many they are, and their mark."""

    number: Decimal | None
    count: int = 0
    mark: int = 0


@dataclass
class _Counts:
    """The groups of one part of a question: all of its rows, and those of each department."""

    whole: _Group
    departments: dict[UUID | None, _Group] = field(default_factory=dict)


@dataclass(frozen=True)
class _Branch:
    """One part of one question: which rows, by which statistic."""

    place: int
    question: Question
    part: RowPart

    @property
    def rows(self) -> QuerySet[Any]:
        question = self.question
        return rows_behind(question.measure, question.period, self.part, question.department_id).order_by()

    @property
    def statistic(self) -> Statistic:
        return Statistic.COUNT if self.part is RowPart.UNKNOWN else self.question.measure.statistic

    @property
    def department_path(self) -> str:
        return self.question.measure.department_path if self.question.by_department else ""

    @property
    def is_by_function(self) -> bool:
        return self.statistic is not Statistic.COUNT and callable(self.question.measure.value)

    @property
    def nothing(self) -> _Group:
        return _Group(Decimal(0) if self.statistic in (Statistic.COUNT, Statistic.SUM) else None)


# A row has the columns id, department and number as far as they are asked for. Numbers are decimal on the way out, so that what was
# counted exactly stays exact.
_STATISTICS = {
    Statistic.COUNT: "count(*)::numeric",
    Statistic.SUM: "coalesce(sum(number), 0)::numeric",
    Statistic.MEAN: "avg(number)::numeric",
    Statistic.MEDIAN: "(percentile_cont(0.5) WITHIN GROUP (ORDER BY number::float8))::numeric",
    # The value that nine of ten rows do not exceed: one that stands in a row.
    Statistic.P90: "(percentile_disc(0.9) WITHIN GROUP (ORDER BY number::float8))::numeric",
}
# A number that stands for a set of rows: another row in or out makes another number, their order does not.
_MARK = "bit_xor(hashtextextended(id::text, 0))"


def _ask(branches: Sequence[_Branch], *, with_marks: bool) -> dict[tuple[int, RowPart], _Counts]:
    """One statement for all of them."""
    found = {(one.place, one.part): _Counts(one.nothing) for one in branches}
    texts, values = [], []
    for at, one in enumerate(branches):
        try:
            text, given = _text(at, one, with_marks=with_marks)
        except EmptyResultSet:
            continue
        texts.append(text)
        values += given
    if texts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(texts), values)
            for at, is_whole, department, number, count, mark in cursor.fetchall():
                counts = found[branches[at].place, branches[at].part]
                group = _Group(number, count, mark or 0)
                if is_whole:
                    counts.whole = group
                else:
                    counts.departments[department] = group
    for one in branches:
        if one.is_by_function:
            _add_function(found[one.place, one.part], one)
    return found


def _text(at: int, one: _Branch, *, with_marks: bool) -> tuple[str, list[Any]]:
    """The statistics of one branch around its rows. Raises EmptyResultSet where there can be none."""
    wanted = {"id": "pk", "department": one.department_path}
    if one.statistic is not Statistic.COUNT and not one.is_by_function:
        wanted["number"] = str(one.question.measure.value)
    wanted = {name: path for name, path in wanted.items() if path}
    rows, given = one.rows.values_list(*wanted.values()).query.sql_with_params()
    number = _STATISTICS[Statistic.COUNT if one.is_by_function else one.statistic]
    whole, grouped = "1, NULL::uuid", ""
    if one.department_path:
        whole, grouped = "grouping(department), department", " GROUP BY GROUPING SETS ((), (department))"
    mark = _MARK if with_marks else "NULL::bigint"
    # The rows' SQL is Django's own; all else are words of this module.
    text = f"SELECT {at}, {whole}, {number}, count(*), {mark} FROM ({rows}) AS r ({', '.join(wanted)}){grouped}"  # noqa: S608
    return text, list(given)


def _add_function(counts: _Counts, one: _Branch) -> None:
    """Numbers of a measure whose value is a function of the row: Python reads the rows, their count and mark are known already."""
    measure = one.question.measure
    assert callable(measure.value)
    values = {row.pk: measure.value(row) for row in one.rows.iterator(2000)}
    counts.whole = _with_number(counts.whole, measure, list(values.values()))
    if one.department_path:
        groups: dict[UUID | None, list[Any]] = {}
        for key, department in one.rows.values_list("pk", one.department_path):
            groups.setdefault(department, []).append(values.get(key))
        for department, group in groups.items():
            known = counts.departments.get(department, one.nothing)
            counts.departments[department] = _with_number(known, measure, group)


def _with_number(group: _Group, measure: Measure, values: list[Any]) -> _Group:
    return _Group(_statistic_of(measure, values), group.count, group.mark)


def _statistic_of(measure: Measure, values: list[Any]) -> Decimal | None:
    known = [Decimal(str(value)) for value in values if value is not None]
    if measure.statistic is Statistic.SUM:
        return sum(known, Decimal(0))
    if not known:
        return None
    if measure.statistic is Statistic.P90:
        return sorted(known)[-(-9 * len(known) // 10) - 1]
    return median(known) if measure.statistic is Statistic.MEDIAN else sum(known, Decimal(0)) / len(known)


def _source(measure: Measure, part: RowPart) -> object:
    return measure.denominator if part is RowPart.DENOMINATOR else measure.unknown


def _marked(question: Question, place: int, found: dict[tuple[int, RowPart], _Counts]) -> Marked:
    measure = question.measure
    top, bottom, unknown = (found.get((place, part)) for part in RowPart)
    assert top is not None
    count, mark = top.whole.count, top.whole.mark
    if bottom is not None:
        # A row that moves from the denominator alone into the numerator changes both marks; they must not cancel each other.
        count, mark = count + bottom.whole.count, mark ^ ((bottom.whole.mark * 31 + 7) & 0x7FFFFFFFFFFFFFFF)
    parts = (top, bottom, unknown)
    whole = _figure(measure, *(one.whole if one else None for one in parts))
    keys = dict.fromkeys(key for one in parts if one for key in one.departments)
    departments = {key: _figure(measure, *(one.departments.get(key) if one else None for one in parts)) for key in keys}
    return Marked(whole, count, mark, departments)


def _figure(measure: Measure, top: _Group | None, bottom: _Group | None, unknown: _Group | None) -> Figure:
    """The figure of a group; a part of it without rows adds nothing."""
    left_out = unknown.count if unknown else 0
    if measure.is_share:
        numerator, denominator = ((one and one.number) or Decimal(0) for one in (top, bottom))
        share = percent(numerator, denominator, measure.places)
        return figure_of(share, numerator=numerator, denominator=denominator, unknown_count=left_out)
    zero = Decimal(0) if measure.statistic in (Statistic.COUNT, Statistic.SUM) else None
    return figure_of(_rounded(top.number if top else zero, measure.places), unknown_count=left_out)


def _rounded(number: Decimal | None, places: int) -> Decimal | None:
    if number is None or number == number.to_integral_value():
        return None if number is None else number.quantize(Decimal(1))
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
