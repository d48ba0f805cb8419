"""指標: the list, one measure, the rows behind a figure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.indicators import selectors
from kakehashi.indicators.domain.anomalies import ANOMALY_WORDS, AnomalyKind
from kakehashi.indicators.domain.measure import Direction, RowPart
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.hooks import targets_of
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors import Described, Reading
from kakehashi.indicators.views.series import Row, months_up_to, series_of, years_up_to
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department

DIRECTION_WORDS = {
    Direction.UP: "増えるほどよい",
    Direction.DOWN: "減るほどよい",
    Direction.NEUTRAL: "増減のよしあしはない",
}
MONTHS, YEARS = 13, 5
MOST_ROWS = 50_000


@staff(IndicatorsPermission.READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every measure with this fiscal year's figure, the former one, and where it comes from."""
    this = Period.containing(clock.today())
    every = selectors.all_measures()
    read = selectors.readings_of(every, [this.previous(), this])
    lines = [{"described": one, "before": read[one.code][0], "now": read[one.code][1]} for one in every]
    if kind := request.GET.get("format"):
        return _export_index(kind, this, lines)
    return render(request, "indicators/index.html", {"lines": lines, "period": this})


@staff(IndicatorsPermission.READ)
@require_GET
def measure(request: HttpRequest, code: str) -> HttpResponse:
    """One measure: the number, how it was counted, its series, its departments."""
    described = _described(code)
    period = _period(request)
    targets = targets_of(code)
    goals = {target.fiscal_year: target.value for target in targets}
    wanted = years_up_to(_year_of(period), goals, YEARS)
    recent = [] if described.is_manual else months_up_to(_month_of(period), MONTHS)
    reading, *read = selectors.readings(described, [period, *wanted, *recent])
    years = series_of(described, read[: len(wanted)], goals)
    months = series_of(described, read[len(wanted) :]) if recent else None
    if kind := request.GET.get("format"):
        return _export_series(kind, described, [*(months.rows if months else ()), *years.rows])
    context = {
        "described": described,
        "reading": reading,
        "period": period,
        "periods": _choices(),
        "months": months,
        "years": years,
        "targets": targets,
        "departments": _departments(described, period),
        "history": selectors.history(code, period),
        "definitions": selectors.definitions_of(code),
        "anomalies": [(one, ANOMALY_WORDS[AnomalyKind(one.kind)]) for one in selectors.anomalies_of(code)],
        "direction": DIRECTION_WORDS[described.direction],
        "now": clock.now(),
    }
    return render(request, "indicators/measure.html", context)


@staff(IndicatorsPermission.READ_ROWS)
@reads_personal_data("数字の行の確認")
@require_GET
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """「この数字の行」: exactly the rows that were counted, each with its link."""
    described, period = _described(code), _period(request)
    if described.measure is None:
        raise Http404
    part = _part(request)
    department = _department(request)
    found = selectors.rows_behind(described.measure, period, part, department.id if department else None)
    columns = described.measure.columns
    headings = [column.heading for column in columns]
    if kind := request.GET.get("format"):
        cells = ([column.value(row) for column in columns] for row in found[:MOST_ROWS])
        return spreadsheet_response(kind=kind, name=f"{described.label}の行", headers=headings, rows=cells)
    page = keyset_page(found, ("-pk",), request.GET.get("cursor"), 50)
    url_of = described.measure.row_url
    context = {
        "described": described,
        "period": period,
        "department": department,
        "part": part,
        "parts": _parts(described),
        "headings": headings,
        "lines": [{"cells": _cells(columns, row), "url": url_of(row) if url_of else ""} for row in page.rows],
        "page": page,
        "count": found.count(),
    }
    return render(request, "indicators/rows.html", context)


def _described(code: str) -> Described:
    try:
        return selectors.describe(code)
    except selectors.NoSuchMeasure:
        raise Http404 from None


def _period(request: HttpRequest) -> Period:
    """The period in the address; the current fiscal year for none or for nonsense."""
    return Period.read(request.GET.get("period", ""), clock.today())


def _part(request: HttpRequest) -> RowPart:
    try:
        return RowPart(request.GET.get("part", RowPart.NUMERATOR))
    except ValueError:
        return RowPart.NUMERATOR


def _department(request: HttpRequest) -> Department | None:
    try:
        return Department.objects.filter(id=UUID(request.GET.get("department", ""))).first()
    except ValueError:
        return None


def _month_of(period: Period) -> Period:
    last = min(period.last, clock.today()) if period.first <= clock.today() else period.last
    return Period.containing(last, PeriodKind.MONTH)


def _year_of(period: Period) -> Period:
    return Period.containing(period.first)


def _choices() -> list[Period]:
    """Periods to choose from: three fiscal years, then the last months."""
    today = clock.today()
    years = [Period.containing(today)]
    months = [Period.containing(today, PeriodKind.MONTH)]
    for _ in range(2):
        years.append(years[-1].previous())
    for _ in range(MONTHS - 1):
        months.append(months[-1].previous())
    return years + months


def _departments(described: Described, period: Period) -> list[dict[str, Any]]:
    figures = selectors.by_department(described, period)
    named = Department.objects.in_bulk([key for key in figures if key])
    lines = [{"department": named[key], "figure": figures[key]} for key in figures if key in named]
    lines.sort(key=lambda line: line["department"].code)  # type: ignore[attr-defined]
    if None in figures:
        lines.append({"department": None, "figure": figures[None]})
    return lines


def _parts(described: Described) -> list[tuple[RowPart, str]]:
    measure = described.measure
    if measure is None:
        return []
    parts = [(RowPart.NUMERATOR, measure.numerator_label if measure.is_share else "数えた行")]
    if measure.is_share:
        parts.append((RowPart.DENOMINATOR, measure.denominator_label))
    if measure.unknown:
        parts.append((RowPart.UNKNOWN, "不明"))
    return parts


def _cells(columns: Any, row: Any) -> list[tuple[str, object]]:
    return [(column.heading, column.value(row)) for column in columns]


def _origin(reading: Reading) -> str:
    return reading.record.get_origin_display() if reading.record else "自動計算" if reading.is_live else ""


def _export_index(kind: str, period: Period, lines: list[dict[str, Any]]) -> HttpResponse:
    headers = ["指標", "単位", period.label, period.previous().label, "計算式", "分母の決め方", "値の種類"]
    cells = [
        [
            line["described"].label,
            line["described"].unit,
            _cell(line["now"]),
            _cell(line["before"]),
            line["described"].formula_text,
            line["described"].policy_text,
            _origin(line["now"]),
        ]
        for line in lines
    ]
    return spreadsheet_response(kind=kind, name="指標", headers=headers, rows=cells)


def _export_series(kind: str, described: Described, found: list[Row]) -> HttpResponse:
    headers = [
        "期間", "値", "単位", "分子", "分母", "不明の件数", "値の種類", "速報・確定", "目標", "見込み", "見込みの下", "見込みの上",
        "前の定義の値", "計算式", "定義の版",
    ]  # fmt: skip
    cells = []
    for row in found:
        one = row.reading
        figure, record = one.figure, one.record
        expected = [_float(number) for number in (row.target, row.expected, row.low, row.high)]
        former = _float(row.former.value) if row.former else None
        cells.append(
            [
                one.period.label, "" if row.is_future else _cell(one), described.unit, _float(figure.numerator),
                _float(figure.denominator), figure.unknown_count, _origin(one), record.get_finality_display() if record else "",
                *expected, former, described.formula_text, record.measure_version if record else described.version,
            ]
        )  # fmt: skip
    return spreadsheet_response(kind=kind, name=described.label, headers=headers, rows=cells)


def _cell(reading: Reading) -> float | str:
    value = _float(reading.figure.value)
    return reading.figure.word if value is None else value


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
