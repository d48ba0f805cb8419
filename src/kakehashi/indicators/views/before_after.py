"""Before and after a day: level and trend of a measure with their ranges, the same months of last year, and what this cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from kakehashi.indicators import selectors
from kakehashi.indicators.adapters.charts import Plot, draw
from kakehashi.indicators.domain.figure import PERCENT, number_text
from kakehashi.indicators.domain.interrupted import LEAST_EACH_SIDE, BeforeAfter, Estimate, before_after
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors import Described, Reading
from kakehashi.indicators.views.series import short_label
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.kernel.wareki import WarekiError, format_wareki, parse_wareki

MONTHS_BEFORE, MONTHS_AFTER = 24, 24


class EventForm(forms.Form):
    """The day to compare around."""

    on = forms.CharField(label="取組を始めた日", max_length=40, help_text="例：令和8年4月1日、R8.4.1、2026-04-01")


@dataclass(frozen=True)
class Said:
    """One line of the result: what, how much, between what, and whether that is sure."""

    what: str
    value: str
    range: str
    is_sure: bool
    words: str


@staff(IndicatorsPermission.READ)
@require_GET
def compare(request: Request, code: str) -> HttpResponse:
    """Months before and after a day. Recorded months only: what nobody recorded is left out and said."""
    try:
        described = selectors.describe(code)
    except selectors.NoSuchMeasure as missing:
        raise Http404 from missing
    day = _day(request.GET.get("on", ""))
    context: dict[str, Any] = {
        "described": described,
        "day": day,
        "least": LEAST_EACH_SIDE,
        "is_wrong": bool(request.GET.get("on")),
    }
    form = EventForm(initial={"on": format_wareki(day) if day else request.GET.get("on", "")})
    if day is None:
        return render(request, "indicators/before_after.html", context | {"form": form})
    months = _months(day)
    rows = selectors.recorded_readings([code], months)[code]
    first = next((at for at, month in enumerate(months) if month.first >= day), len(months))
    skipped = first - 1 if first and months[first - 1].contains(day) and day.day > 1 else None
    found = before_after([_number(row) for row in rows], first, skipped)
    if kind := request.GET.get("format"):
        return _export(kind, described, rows, first, found)
    context |= {
        "form": form,
        "found": found,
        "skipped": months[skipped] if skipped is not None else None,
        "said": _said(found, described),
        "pairs": [(months[at], _text(old, described), _text(new, described)) for at, old, new in found.seasonal.pairs],
        "seasonal": _seasonal(found, described),
        "medians": [_text(one, described) for one in (found.median_before, found.median_after)],
        "rows": [(row, at < first, at == skipped) for at, row in enumerate(rows)],
        "svg": _draw(described, rows, found, day),
    }
    return render(request, "indicators/before_after.html", context)


def _day(text: str) -> date | None:
    try:
        found = parse_wareki(text[:40]) if text.strip() else None
    except WarekiError:
        return None
    return found if found is not None and date(1990, 1, 1) <= found <= clock.today() else None


def _months(day: date) -> list[Period]:
    """Two years before the day to two years after it, never the running month: it is only partly counted."""
    month = Period.containing(day, PeriodKind.MONTH)
    months = [month]
    for _ in range(MONTHS_BEFORE):
        months.insert(0, months[0].previous())
    last = Period.containing(clock.today(), PeriodKind.MONTH).previous()
    while len(months) < MONTHS_BEFORE + 1 + MONTHS_AFTER and months[-1].first < last.first:
        months.append(months[-1].following())
    return [one for one in months if one.first <= last.first]


def _number(reading: Reading) -> float | None:
    return None if reading.figure.value is None else float(reading.figure.value)


def _said(found: BeforeAfter, described: Described) -> list[Said]:
    parts = found.segments
    if parts is None:
        return []
    return [
        _line("始めたときの水準の変化", parts.jump, described, "ひと月目に、前の傾向のままの場合と比べて"),
        _line("傾向の変化（1か月あたり）", parts.bend, described, "前の傾向と比べて"),
        _line("前の傾向（1か月あたり）", parts.trend_before, described, "始める前は"),
        _line("後の傾向（1か月あたり）", parts.trend_after, described, "始めた後は"),
    ]


def _line(what: str, one: Estimate, described: Described, where: str) -> Said:
    if not one.is_sure:
        words = f"{where}、上がったとも下がったとも言えません。"
    else:
        words = f"{where}、{'上がった' if one.value > 0 else '下がった'}と言えます。"
    ends = f"{_change(one.range.low)}〜{_change(one.range.high)}{_points(described)}"
    return Said(what, f"{_change(one.value)}{_points(described)}", ends, one.is_sure, words)


def _seasonal(found: BeforeAfter, described: Described) -> str:
    one = found.seasonal
    if one.mean is None:
        return "前の年の同じ月の記録がないため、季節をそろえた比べ方はできません。"
    said = f"前の年の同じ月との差の平均は {_change(one.mean)}{_points(described)}（{len(one.pairs)}か月）。"
    if one.range is None:
        return said + "3か月に満たないので、幅は出せません。"
    sure = (
        "季節をそろえても変わったと言えます。"
        if not one.range.holds(0.0)
        else "季節をそろえると、変わったと言えません。"
    )
    return f"{said}95％の幅は {_change(one.range.low)}〜{_change(one.range.high)}。{sure}"


def _points(described: Described) -> str:
    """A difference of percentages is in points."""
    return "ポイント" if described.unit in PERCENT else described.unit


def _change(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−") if abs(number) >= 0.005 else "0.00"


def _text(number: float | None, described: Described) -> str:
    if number is None:
        return "値なし"
    return f"{number_text(Decimal(f'{number:.2f}'), described.unit)}{described.unit}"


def _draw(described: Described, rows: Sequence[Reading], found: BeforeAfter, day: date) -> SafeString:
    # Months before the first record would only be words on top of each other.
    begin = next((at for at, row in enumerate(rows) if row.figure.has_value), len(rows))

    def line(values: Sequence[float | None]) -> list[Decimal | None]:
        return [None if one is None else Decimal(f"{one:.4f}") for one in values[begin:]]

    parts = found.segments
    lines: dict[str, Sequence[Decimal | None]] = {"actual": [row.figure.value for row in rows[begin:]]}
    if parts is not None:
        lines |= {
            "former": line(parts.line_before),
            "target": line(parts.line_after),
            "forecast": line(parts.expected),
        }
    svg = draw(
        Plot(
            labels=[short_label(row.period) for row in rows[begin:]],
            lines=lines,
            title=f"{described.label}：{format_wareki(day)}の前と後の月ごとの値",
            unit=described.unit,
            ceiling=Decimal(100) if described.unit in PERCENT else None,
            write=lambda number: number_text(number, described.unit),
        )
    )
    return mark_safe(svg)  # noqa: S308 - drawn by the library, which escapes every label


def _export(kind: str, described: Described, rows: Sequence[Reading], first: int, found: BeforeAfter) -> HttpResponse:
    parts = found.segments

    def at(values: Sequence[float | None] | None, place: int) -> object:
        value = values[place] if values else None
        return "" if value is None else round(value, 4)

    lines = [
        [
            row.period.label,
            "前" if place < first else "後",
            row.figure.value if row.figure.value is not None else row.figure.word,
            at(parts.line_before if parts else None, place),
            at(parts.line_after if parts else None, place),
            at(parts.expected if parts else None, place),
        ]
        for place, row in enumerate(rows)
    ]
    headers = ["月", "前・後", f"値（{described.unit}）", "前の傾向", "後の傾向", "前の傾向のままなら"]
    return spreadsheet_response(kind=kind, name=f"{described.label} 前と後", headers=headers, rows=lines)
