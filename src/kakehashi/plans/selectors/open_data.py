"""What this room offers as open data: the indicators of published plans with their values, and why there is none where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.indicators.domain.figure import NOT_SURVEYED, STATE_WORDS
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import all_measures, recorded_readings
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_bounds
from kakehashi.opendata.hooks import ColumnType, DataColumn, DatasetSource, Frequency
from kakehashi.plans.models import PlanIndicator, WordResult
from kakehashi.plans.models.indicators import IndicatorKind
from kakehashi.plans.selectors.plans import published_plans

__all__ = ["INDICATORS"]

_STATES = tuple(words for words, _ in STATE_WORDS.values())
_WORDS = "言葉で示す"


def _rows() -> Iterator[dict[str, Any]]:
    """By plan, indicator and fiscal year: target, value and state. Only recorded figures: what residents see on the plan's page."""
    described = {one.code: one for one in all_measures()}
    public = published_plans().values("id")
    rows = PlanIndicator.objects.filter(initiative__program__policy__plan__in=public)
    rows = rows.select_related("initiative__program__policy__plan").prefetch_related("targets", "results")
    found = list(rows.order_by("initiative__program__policy__plan", "initiative__number", "id"))
    this_year = fiscal_year(clock.today())
    years = {
        year for row in found for year in range(_plan_of(row).first_year, min(_plan_of(row).last_year, this_year) + 1)
    }
    periods = {year: Period.containing(fiscal_year_bounds(year)[0]) for year in sorted(years)}
    codes = {row.measure_code for row in found if row.kind == IndicatorKind.NUMBER}
    readings = recorded_readings(codes, list(periods.values())) if codes and periods else {}
    values = {(code, each.period): each for code, several in readings.items() for each in several}
    for row in found:
        if row.kind == IndicatorKind.WORDS:
            yield from (_of_words(row, result) for result in sorted(row.results.all(), key=lambda one: one.reached_on))
            continue
        measure = described.get(row.measure_code)
        for year, period in periods.items():
            if _plan_of(row).first_year <= year <= _plan_of(row).last_year:
                yield _of_number(row, year, values.get((row.measure_code, period)), measure)


def _plan_of(row: PlanIndicator) -> Any:
    return row.initiative.program.policy.plan


def _shared(row: PlanIndicator, year: int, name: str) -> dict[str, Any]:
    return {
        "plan": " ".join(_plan_of(row).title.split()),
        "initiative": " ".join(row.initiative.title.split()),
        "indicator": " ".join(name.split()),
        "fiscal_year": year,
    }


def _of_number(row: PlanIndicator, year: int, reading: Any, measure: Any) -> dict[str, Any]:
    target = next((one for one in row.targets.all() if one.fiscal_year == year), None)
    figure = reading.figure if reading else None
    record = reading.record if reading else None
    return {
        **_shared(row, year, row.label or (measure.label if measure else row.measure_code)),
        "id": f"{row.id}-{year}",
        "code": row.measure_code,
        "unit": measure.unit if measure else "",
        "target": target.value if target else None,
        "value": figure.value if figure else None,
        "numerator": figure.numerator if figure else None,
        "denominator": figure.denominator if figure else None,
        "state": figure.word if figure else NOT_SURVEYED.word,
        "recorded_on": record.recorded_at.astimezone(clock.JST).date() if record else None,
        "formula": " ".join(measure.formula_text.split()) if measure else "",
    }


def _of_words(row: PlanIndicator, result: WordResult) -> dict[str, Any]:
    year = fiscal_year(result.reached_on)
    return {
        **_shared(row, year, row.label or "言葉で示す成果"),
        "id": str(result.id),
        "state": _WORDS,
        "words": " ".join(result.text.split()),
        "recorded_on": result.reached_on,
    }


INDICATORS = DatasetSource(
    code="indicators",
    room="plans",
    title=gettext_noop("計画の指標"),
    description=gettext_noop(
        "町の計画の目標と、今の数字です。数字がないときは、その理由（未調査、該当なしなど）を書いています。"
    ),
    theme="GOVE",
    frequency=Frequency.MONTHLY,
    keywords=("計画", "指標", "目標", "実績", "DX"),
    rows=_rows,
    columns=(
        DataColumn("id", "ID", is_required=True, is_unique=True, source="PlanIndicator.id"),
        DataColumn("plan", "計画", is_required=True, source="DxPlan.title"),
        DataColumn("initiative", "取組", is_required=True, source="Initiative.title"),
        DataColumn("indicator", "指標", is_required=True, source="PlanIndicator.label"),
        DataColumn("code", "指標コード", source="PlanIndicator.measure_code"),
        DataColumn("fiscal_year", "年度", ColumnType.INTEGER, is_required=True),
        DataColumn("unit", "単位"),
        DataColumn("target", "目標", ColumnType.NUMBER, source="IndicatorTarget.value"),
        DataColumn("value", "実績", ColumnType.NUMBER, source="RecordedValue.value"),
        DataColumn("numerator", "分子", ColumnType.NUMBER, source="RecordedValue.numerator"),
        DataColumn("denominator", "分母", ColumnType.NUMBER, source="RecordedValue.denominator"),
        DataColumn(
            "state",
            "値の状態",
            vocabulary=(*_STATES, _WORDS),
            is_required=True,
            help="空の実績が0でないことを示します。",
        ),
        DataColumn("words", "言葉で示す成果", source="WordResult.text"),
        DataColumn("recorded_on", "記録日", ColumnType.DATE),
        DataColumn("formula", "数え方"),
    ),
)
