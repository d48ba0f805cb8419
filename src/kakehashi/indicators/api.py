"""The API of the indicators: every measure with its figure of this fiscal year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from kakehashi.indicators.domain.anomalies import ANOMALY_WORDS, AnomalyKind
from kakehashi.indicators.domain.figure import PERCENT
from kakehashi.indicators.domain.forecast import Forecast, forecast
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors import Described, Reading, all_measures, readings_of, recorded_readings
from kakehashi.indicators.selectors.anomalies import anomalies_among
from kakehashi.kernel import clock
from kakehashi.kernel.api import api
from kakehashi.kernel.requests import Request

AHEAD, PAST_YEARS = 2, 8
_TEXT, _MAYBE_TEXT = {"type": "string"}, {"type": ["string", "null"]}
_FORECAST = {
    "type": "object",
    "required": ["period", "value", "low", "high"],
    "properties": {"period": _TEXT, "value": _TEXT, "low": _TEXT, "high": _TEXT},
}
_ANOMALY = {
    "type": "object",
    "required": ["period", "what", "former", "present", "noticed_on", "explanation"],
    "properties": {
        "period": _TEXT,
        "what": _TEXT,
        "former": _MAYBE_TEXT,
        "present": _MAYBE_TEXT,
        "noticed_on": _TEXT,
        "explanation": {**_MAYBE_TEXT, "description": "まだ説明がないときは null。"},
    },
}
_PROPERTIES: dict[str, Any] = {
    "code": _TEXT,
    "label": _TEXT,
    "unit": _TEXT,
    "formula": _TEXT,
    "period": _TEXT,
    "value": {**_MAYBE_TEXT, "description": "十進の数の文字列。まだ数えられないときは null。"},
    "numerator": _MAYBE_TEXT,
    "denominator": _MAYBE_TEXT,
    "is_running": {"type": "boolean", "description": "年度の途中の値"},
    "state": {**_TEXT, "description": "measured, zero, not_applicable, unknown, not_surveyed, out_of_scope, blank"},
    "origin": {**_MAYBE_TEXT, "description": "computed 自動計算, entered 手入力, imported 取込。いま数えた値は null。"},
    "finality": {
        **_MAYBE_TEXT,
        "description": "preliminary 速報, confirmed 確定, corrected 確定後の訂正。いま数えた値は null。",
    },
    "revision": {"type": ["integer", "null"], "description": "何回目の値か。1 は最初の値。"},
    "source": _MAYBE_TEXT,
    "surveyed_on": {**_MAYBE_TEXT, "description": "調査日"},
    "forecast": {"type": "array", "items": _FORECAST, "description": "年度ごとの見込み。値が3年分ないときは空。"},
    "forecast_method": _MAYBE_TEXT,
    "anomalies": {"type": "array", "items": _ANOMALY, "description": "行に動きがないのに動いた数字。"},
}
_MEASURE = {"type": "object", "required": list(_PROPERTIES), "properties": _PROPERTIES}


@api(
    summary="指標と今年度の値",
    answer={
        "type": "object",
        "required": ["measures"],
        "properties": {"measures": {"type": "array", "items": _MEASURE}},
    },
    permission=IndicatorsPermission.READ,
    notes="所属の決まった鍵には、その所属だけで数えた値を返します（下の所属は含みません）。",
)
def measures(request: Request) -> HttpResponse:
    """Every measure of the rooms that are on, and those kept by hand."""
    department = getattr(request.actor, "department_id", None)
    period = Period.containing(clock.today())
    described = all_measures()
    codes = [one.code for one in described]
    # Forecasts and anomalies are of the whole government; a key of one section sees its own figures only.
    past = _past_years(codes, period) if department is None else {}
    odd = _anomalies(codes) if department is None else {}
    now = readings_of(described, [period], department)
    listed = [_measure(one, now[one.code][0], past.get(one.code, []), odd.get(one.code, [])) for one in described]
    return JsonResponse({"measures": listed})


def _measure(
    described: Described, found: Reading, past: Sequence[Reading], odd: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    figure, record = found.figure, found.record
    made = forecast([one.figure.value for one in past], AHEAD, is_percent=described.unit in PERCENT)
    return {
        "code": described.code,
        "label": described.label,
        "unit": described.unit,
        "formula": described.formula_text,
        "period": found.period.label,
        "value": _text(figure.value),
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "is_running": found.is_running,
        "state": figure.state.value,
        "origin": record.origin if record else None,
        "finality": record.finality if record else None,
        "revision": record.revision if record else None,
        "source": record.source if record else None,
        "surveyed_on": record.surveyed_on.isoformat() if record and record.surveyed_on else None,
        "forecast": _expected(made, found.period),
        "forecast_method": made.method if made else None,
        "anomalies": list(odd),
    }


def _expected(made: Forecast | None, period: Period) -> list[dict[str, str]]:
    """The expected values of this fiscal year and the next, which begin where the closed years end."""
    if made is None:
        return []
    periods = [period, period.following()]
    rows = zip(periods, made.values, made.lows, made.highs, strict=True)
    return [{"period": one.label, "value": str(v), "low": str(low), "high": str(high)} for one, v, low, high in rows]


def _past_years(codes: Sequence[str], period: Period) -> dict[str, list[Reading]]:
    """The closed years before this one as they were recorded, the oldest first; one query."""
    periods = [period.previous()]
    while len(periods) < PAST_YEARS:
        periods.insert(0, periods[0].previous())
    return recorded_readings(codes, periods)


def _anomalies(codes: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in anomalies_among(codes):
        found[one.measure_code].append(
            {
                "period": one.period.label,
                "what": ANOMALY_WORDS[AnomalyKind(one.kind)],
                "former": _text(one.former),
                "present": _text(one.present),
                "noticed_on": one.noticed_at.astimezone(clock.JST).date().isoformat(),
                "explanation": one.explanation if one.explained_at else None,
            }
        )
    return found


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
