"""A published indicator beside similar municipalities (類似団体): the spread and its uncertainty, never a bare ranking."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from kakehashi.governments.models import Government
from kakehashi.indicators import selectors
from kakehashi.indicators.adapters.charts import draw_bars
from kakehashi.indicators.domain.comparison import Comparison, compare, own_share, steps_of
from kakehashi.indicators.domain.peers import NOT_COMPARED
from kakehashi.indicators.domain.published import Cell, RowKind
from kakehashi.indicators.domain.statistics import Interval
from kakehashi.indicators.models import PublishedIndicator, PublishedValue
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.views.published import cell_text
from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response


@staff(IndicatorsPermission.READ)
@require_GET
def peers(request: Request, indicator_id: UUID) -> HttpResponse:
    """How the governments of our kind and size answered, and where we stand."""
    found = get_object_or_404(PublishedIndicator.objects.select_related("edition"), id=indicator_id)
    government = request.government
    assert government is not None
    near = request.GET.get("near") == "1"
    group = selectors.peers_of(government, prefecture=government.code[:2] if near else "")
    cells = _cells(found, [*group.others, government])
    own = cells.get(government.id)
    others = [(one, cells.get(one.id)) for one in group.others]
    known = [(one, cell) for one, cell in others if cell is not None]
    if kind := request.GET.get("format"):
        return _export(kind, found, [*known, *([(government, own)] if own else [])])
    result = compare(own, [cell for _, cell in known])
    steps = _steps(result, [cell for _, cell in known], found)
    context = {
        "indicator": found,
        "group": group.group,
        "near": near,
        "count": len(known),
        "result": result,
        "share": f"{result.carried_out * 100 / result.answered:.1f}％" if result.share and result.answered else "",
        "share_range": _range(result.share),
        "own_text": cell_text(own, found) if own else "",
        "own_range": _range(result.own_range),
        "spread": _spread(result, found),
        "svg": _draw(steps, found),
        "steps": steps,
        "not_compared": NOT_COMPARED,
        "lines": [(one, cell_text(cell, found), _range(own_share(cell))) for one, cell in known],
        "is_yes_no": found.kind == RowKind.YES_NO,
    }
    return render(request, "indicators/peers.html", context)


def _cells(found: PublishedIndicator, governments: Sequence[Government]) -> dict[UUID, Cell]:
    rows = PublishedValue.objects.filter(
        indicator=found, is_current=True, government__in=[one.id for one in governments]
    )
    return {row.government_id: row.cell for row in rows}


def _range(one: Interval | None) -> str:
    return "" if one is None else f"{one.low * 100:.1f}〜{one.high * 100:.1f}％"


def _number(number: float, found: PublishedIndicator) -> str:
    text = f"{Decimal(f'{number:.1f}').normalize():,f}"
    return f"{text}％" if found.kind == RowKind.PERCENT else text


def _spread(result: Comparison, found: PublishedIndicator) -> list[tuple[str, str]]:
    one = result.spread
    if one is None:
        return []
    middle = _number(one.median, found)
    if one.median_range is not None:
        middle += f"（95％の幅 {_number(one.median_range.low, found)}〜{_number(one.median_range.high, found)}）"
    else:
        middle += "（団体が6に満たないため、幅は出せません）"
    return [
        ("真ん中の値（中央値）", middle),
        ("半分の団体が入る範囲", f"{_number(one.lower, found)}〜{_number(one.upper, found)}"),
        ("いちばん低い値・高い値", f"{_number(one.lowest, found)}・{_number(one.highest, found)}"),
    ]


def _steps(result: Comparison, cells: Sequence[Cell], found: PublishedIndicator) -> list[tuple[str, int]]:
    """How many peers lie in each step; our own step is marked in words."""
    spread = result.spread
    if spread is None:
        return []
    steps = steps_of(spread)
    numbers = [float(cell.value) for cell in cells if cell.value is not None]
    mine = float(result.own.value) if result.own and result.own.value is not None else None
    rows = []
    for place, (low, high) in enumerate(steps):
        is_last = place == len(steps) - 1

        def inside(number: float, low: float = low, high: float = high, is_last: bool = is_last) -> bool:
            return low <= number < high or (is_last and number == high)

        mark = "▶うち " if mine is not None and inside(mine) else ""
        rows.append((f"{mark}{_number(low, found)}〜", sum(inside(number) for number in numbers)))
    return rows


def _draw(steps: Sequence[tuple[str, int]], found: PublishedIndicator) -> SafeString:
    labels, counts = [label for label, _ in steps], [Decimal(count) for _, count in steps]
    svg = draw_bars(labels, counts, f"{found.label}：似た団体の散らばり", "団体", ceiling=None)
    return mark_safe(svg)  # noqa: S308 - drawn by the library, which escapes every label


def _export(kind: str, found: PublishedIndicator, rows: Sequence[tuple[Government, Cell]]) -> HttpResponse:
    headers = ["団体コード", "団体", "人口", found.label, "分子", "分母", "率の幅（下、％）", "率の幅（上、％）"]
    lines = []
    for government, cell in sorted(rows, key=lambda row: row[0].code):
        width = own_share(cell)
        ends = ["", ""] if width is None else [round(width.low * 100, 1), round(width.high * 100, 1)]
        text = cell_text(cell, found)
        lines.append([government.code, government.name, government.population, text, cell.numerator, cell.denominator, *ends])  # fmt: skip
    return spreadsheet_response(kind=kind, name=f"{found.label} 似た団体", headers=headers, rows=lines)
