"""市町村支援: the prefecture's view of its municipalities, as a matrix, one municipality, one indicator, one cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.adapters.charts import Plot, draw
from kakehashi.indicators.domain.figure import PERCENT, number_text
from kakehashi.indicators.domain.peers import peer_group
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import PublishedEdition
from kakehashi.indicators.selectors.published import editions
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans.domain.matrix import (
    SIZES,
    Cell,
    Column,
    Context,
    cell_text,
    context_of,
    context_text,
    is_of_size,
    sort_cells,
)
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import matrix as reads
from kakehashi.plans.selectors.matrix import AsOf, Moment
from kakehashi.plans.selectors.sharing import MUNICIPALITIES
from kakehashi.plans.views.neighbours import neighbours_ahead
from kakehashi.plans.views.offers import offers_of

WIDE = 25
KINDS = [(kind.value, kind.label) for kind in GovernmentKind if kind.value in MUNICIPALITIES]
View = Callable[..., HttpResponse]


def of_prefecture(view: View) -> View:
    """A page that only a prefecture has."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.government.kind != GovernmentKind.PREFECTURE:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@dataclass(frozen=True)
class Shown:
    """What a request asks for: the municipalities that pass the filters, the indicators, when."""

    governments: list[Government]
    everybody: list[Government]
    columns: list[Column]
    every_column: list[Column]
    edition: PublishedEdition | None
    as_of: AsOf
    theme: str

    def place_of(self, code: str, key: str) -> tuple[Government, Column]:
        """The municipality and the indicator of a cell's address. Raises Http404."""
        government = next((one for one in self.everybody if one.code == code), None)
        column = next((one for one in self.every_column if one.key == key), None)
        if government is None or column is None:
            raise Http404
        return government, column


@staff(PlansPermission.OVERSEE)
@of_prefecture
@require_GET
def matrix(request: Request) -> HttpResponse:
    """Municipalities × indicators; with `town` one municipality, with `one` one indicator."""
    shown = shown_of(request)
    if request.GET.get("town"):
        return _one_municipality(request, shown)
    if request.GET.get("one"):
        return _one_indicator(request, shown)
    if kind := request.GET.get("format"):
        return _export(kind, request, shown, shown.columns)
    at = _offset(request, len(shown.columns))
    columns = shown.columns[at : at + WIDE]
    cells = reads.cells_of(columns, shown.governments, shown.as_of)
    ordered = _sorted(request, shown, cells)
    rows = [
        (one.code, one.name, one.get_kind_display(), [cells[column.key][one.id] for column in columns])
        for one in ordered
    ]
    context = {
        **_filters(request, shown),
        "rows": rows,
        "columns": columns,
        "heads": [(column, _context_words(column, cells, shown)) for column in columns],
        "before": at - WIDE if at else None,
        "after": at + WIDE if at + WIDE < len(shown.columns) else None,
        "span": (at + 1, at + len(columns), len(shown.columns)),
        "base": reverse("plans-staff:municipalities"),
        "wide": WIDE,
    }
    return render(request, "plans/matrix.html", context)


@staff(PlansPermission.OVERSEE)
@of_prefecture
@require_GET
def cell(request: Request, code: str, key: str) -> HttpResponse:
    """One municipality and one indicator: its history, how it is counted, what it is among."""
    shown = shown_of(request)
    government, column = shown.place_of(code, key)
    cells = reads.cells_of([column], shown.everybody, shown.as_of)[column.key]
    group = peer_group(government.code, government.kind, government.population)
    peers = [one for one in shown.everybody if group and peer_group(one.code, one.kind, one.population) == group]
    history = reads.history_of(column, government)
    if kind := request.GET.get("format"):
        headers = ["期間", "値", "分子", "分母", "値の種類", "速報・確定", "訂正", "理由"]
        return spreadsheet_response(
            kind=kind, name=f"{government.name}_{column.label}", headers=headers, rows=[one.cells for one in history]
        )
    context = {
        "municipality": government,
        "column": column,
        "cell": cells[government.id],
        "as_of": shown.as_of,
        "all_words": context_text(column, context_of(column, list(cells.values()))),
        "group": group,
        "peer_words": context_text(column, context_of(column, [cells[one.id] for one in peers])) if group else "",
        "peers": [(one, cells[one.id]) for one in peers if one.id != government.id],
        "neighbours": neighbours_ahead(column, government, cells, shown.everybody),
        "offers": offers_of(request, government, column),
        "measure": reads.described_by(government, column),
        "published": reads.published_of(column),
        "history": history,
        "svg": _drawing(government, column, history),
    }
    return render(request, "plans/matrix_cell.html", context)


def _drawing(government: Government, column: Column, history: list[Moment]) -> SafeString:
    """The newest values as a line; of the years where there are any, else of the months or editions."""
    current = [one for one in history if one.is_current]
    years = [one for one in current if one.label.endswith("年度")]
    told = (years if len(years) > 1 else [one for one in current if one not in years] or years)[-24:]
    if column.is_yes_no or sum(one.cell.value is not None for one in told) < 2:
        return SafeString("")
    plot = Plot(
        labels=[one.label.replace("令和", "R").replace("年度", "") for one in told],
        lines={"actual": [one.cell.value for one in told]},
        words=["" if one.cell.value is not None else cell_text(one.cell) for one in told],
        title=f"{government.name} {column.label}",
        unit=column.unit,
        ceiling=Decimal(100) if column.unit in PERCENT else None,
        write=lambda number: number_text(number, column.unit),
    )
    return mark_safe(draw(plot))  # noqa: S308 - drawn by the library, which escapes every label


def _one_municipality(request: Request, shown: Shown) -> HttpResponse:
    government = next((one for one in shown.everybody if one.code == request.GET["town"]), None)
    if government is None:
        raise Http404
    cells = reads.cells_of(shown.columns, shown.everybody, shown.as_of)
    if kind := request.GET.get("format"):
        return _export(kind, request, shown, shown.columns, only=[government])
    lines = [
        (column, cells[column.key][government.id], _context_words(column, cells, shown)) for column in shown.columns
    ]
    context = {**_filters(request, shown), "municipality": government, "lines": lines}
    return render(request, "plans/matrix_municipality.html", context)


def _one_indicator(request: Request, shown: Shown) -> HttpResponse:
    column = next((one for one in shown.every_column if one.key == request.GET["one"]), None)
    if column is None:
        raise Http404
    if kind := request.GET.get("format"):
        return _export(kind, request, shown, [column])
    cells = reads.cells_of([column], shown.governments, shown.as_of)
    ordered = _sorted(request, shown, cells, fallback=column)
    context = {
        **_filters(request, shown),
        "column": column,
        "lines": [(one, cells[column.key][one.id]) for one in ordered],
        "words": _context_words(column, cells, shown),
    }
    return render(request, "plans/matrix_indicator.html", context)


def shown_of(request: Request) -> Shown:
    """What the address asks for; the first theme and the newest year unless it says otherwise."""
    edition = _edition(request)
    every = reads.columns(edition)
    themes = list(dict.fromkeys(one.theme for one in every))
    wanted = request.GET.get("theme", "")
    theme = wanted if wanted in themes or wanted == "all" else (themes[0] if themes else "")
    everybody = reads.municipalities()
    kind, size, group = (request.GET.get(name, "") for name in ("kind", "size", "group"))
    governments = [
        one
        for one in everybody
        if (not kind or one.kind == kind)
        and (not size or is_of_size(one.population, size))
        and (not group or group_label(one) == group)
    ]
    columns = every if theme == "all" else [one for one in every if one.theme == theme]
    return Shown(governments, everybody, columns, every, edition, AsOf.parse(request.GET.get("as_of", "")), theme)


def group_label(government: Government) -> str:
    """The group of comparable governments in words; empty where it is not known."""
    found = peer_group(government.code, government.kind, government.population)
    return found.label if found else ""


def _edition(request: Request) -> PublishedEdition | None:
    wanted = request.GET.get("edition", "")
    every = list(editions())
    return next((one for one in every if str(one.id) == wanted), every[0] if every else None)


def _filters(request: Request, shown: Shown) -> dict[str, Any]:
    themes = list(dict.fromkeys(one.theme for one in shown.every_column))
    return {
        "shown": shown,
        "themes": themes,
        "kinds": KINDS,
        "sizes": [(code, words) for code, _, _, words in SIZES],
        "groups": sorted({label for one in shown.everybody if (label := group_label(one))}),
        "editions": list(editions()),
        "choices": choice_of_periods(),
        "asked": {
            name: request.GET.get(name, "") for name in ("kind", "size", "group", "sort", "as_of", "town", "one")
        },
        "is_filtered": len(shown.governments) < len(shown.everybody),
    }


def choice_of_periods() -> list[tuple[str, str]]:
    """The newest year or month, three fiscal years, the last thirteen months."""
    today = clock.today()
    found = [("year", "最新の年度"), ("month", "最新の月")]
    year, month = Period.containing(today), Period.containing(today, PeriodKind.MONTH)
    for _ in range(4):
        found.append((year.code, year.label))
        year = year.previous()
    for _ in range(13):
        month = month.previous()
        found.append((month.code, month.label))
    return found


def _offset(request: Request, count: int) -> int:
    given = request.GET.get("from", "0")
    at = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    return at // WIDE * WIDE if at < count else 0


def _sorted(request: Request, shown: Shown, cells: reads.Cells, fallback: Column | None = None) -> list[Government]:
    """By code; 「name」 by reading, 「population」 largest first, 「key」 or 「-key」 by an indicator that is shown."""
    wanted = request.GET.get("sort", "")
    if wanted == "name":
        return sorted(shown.governments, key=lambda one: (one.kana or one.name, one.code))
    if wanted == "population":
        return sorted(shown.governments, key=lambda one: (-(one.population or 0), one.code))
    key = wanted.removeprefix("-")
    if wanted in {"value", "-value"} and fallback is not None:
        key = fallback.key
    if key not in cells:
        return shown.governments
    named = {one.code: one for one in shown.governments}
    own: dict[str, Cell] = {one.code: cells[key][one.id] for one in shown.governments}
    return [named[code] for code in sort_cells(named, own, descending=wanted.startswith("-"))]


def _context_words(column: Column, cells: reads.Cells, shown: Shown) -> str:
    return context_text(column, _context(column, cells, shown))


def _context(column: Column, cells: reads.Cells, shown: Shown) -> Context:
    known = cells[column.key]
    return context_of(column, [known[one.id] for one in shown.governments if one.id in known])


def _export(
    kind: str, request: Request, shown: Shown, columns: list[Column], only: list[Government] | None = None
) -> HttpResponse:
    cells = reads.cells_of(columns, only or shown.governments, shown.as_of)
    ordered = only or _sorted(request, shown, cells)
    headers = [
        "団体コード",
        "団体",
        "種別",
        "人口",
        *(f"{one.label}（{one.unit}）" if one.unit else one.label for one in columns),
    ]
    rows = [
        [
            one.code,
            one.name,
            one.get_kind_display(),
            one.population,
            *(_exported(cells[c.key][one.id]) for c in columns),
        ]
        for one in ordered
    ]
    context = ["", "文脈", "", "", *(_context_words(column, cells, shown) if not only else "" for column in columns)]
    return spreadsheet_response(
        kind=kind, name=f"市町村の指標_{shown.as_of.label}", headers=headers, rows=rows if only else [*rows, context]
    )


def _exported(one: Cell) -> float | str:
    return float(one.value) if one.value is not None else cell_text(one)
