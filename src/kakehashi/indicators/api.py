"""The API of the indicators: every measure with its figure of this fiscal year."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors import all_measures, readings
from kakehashi.kernel import clock
from kakehashi.kernel.api import api
from kakehashi.kernel.requests import Request

_TEXT, _MAYBE_TEXT = {"type": "string"}, {"type": ["string", "null"]}
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
    listed = []
    for described in all_measures():
        found = readings(described, [period], department)[0]
        figure = found.figure
        listed.append(
            {
                "code": described.code,
                "label": described.label,
                "unit": described.unit,
                "formula": described.formula_text,
                "period": period.label,
                "value": _text(figure.value),
                "numerator": _text(figure.numerator),
                "denominator": _text(figure.denominator),
                "is_running": found.is_running,
            }
        )
    return JsonResponse({"measures": listed})


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
