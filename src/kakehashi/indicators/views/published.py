"""公表値: what is published about every government, beside our own and our prefecture's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.domain.published import ANSWER_WORDS, Answer, Cell, RowKind, Scope
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors import published
from kakehashi.indicators.selectors.published import Total
from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

SCOPES = ((Scope.MUNICIPALITY, "市区町村"), (Scope.PREFECTURE, "都道府県"))


@staff(IndicatorsPermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """Every published indicator: the country, one prefecture, and ourselves."""
    editions = list(published.editions())
    edition = _edition(request, editions)
    prefecture = _prefecture(request)
    sections = _sections(request, edition, prefecture) if edition else []
    if (kind := request.GET.get("format")) and edition:
        return _export_index(kind, edition, prefecture, sections)
    context = {
        "editions": editions,
        "edition": edition,
        "prefecture": prefecture,
        "prefectures": _prefectures(),
        "sections": sections,
    }
    return render(request, "indicators/published.html", context)


@staff(IndicatorsPermission.READ)
@require_GET
def indicator(request: Request, indicator_id: UUID) -> HttpResponse:
    """One published indicator: both percentages, each prefecture, and the governments behind the numbers."""
    found = get_object_or_404(PublishedIndicator.objects.select_related("edition"), id=indicator_id)
    of_municipalities = found.scope == Scope.MUNICIPALITY
    prefecture = _prefecture(request) if of_municipalities and "prefecture" in request.GET else None
    place = prefecture.code[:2] if prefecture else ""
    by_prefecture = published.totals_by_prefecture(found) if of_municipalities and not prefecture else []
    values = published.published_values(found, prefecture=place) if not by_prefecture else None
    if kind := request.GET.get("format"):
        return _export_values(kind, found, published.published_values(found, prefecture=place))
    context = {
        "indicator": found,
        "total": published.totals([found], prefecture=place)[found],
        "prefecture": prefecture,
        "prefectures": _prefectures() if of_municipalities else [],
        "by_prefecture": by_prefecture,
        "values": [(value.government, cell_text(value.cell, found), value) for value in values or ()],
        "is_yes_no": found.kind == RowKind.YES_NO,
    }
    return render(request, "indicators/published_indicator.html", context)


def cell_text(cell: Cell, of: PublishedIndicator) -> str:
    """A published cell in words: the number as it was published, or why there is none."""
    if cell.value is None or cell.answer not in (Answer.NUMBER, Answer.ZERO):
        return ANSWER_WORDS[cell.answer]
    number = f"{cell.value.normalize():,f}"
    return f"{number}%" if of.kind == RowKind.PERCENT else number


def _edition(request: Request, editions: list[PublishedEdition]) -> PublishedEdition | None:
    wanted = request.GET.get("edition", "")
    return next((one for one in editions if str(one.id) == wanted), editions[0] if editions else None)


def _prefectures() -> list[Government]:
    return list(Government.objects.filter(kind=GovernmentKind.PREFECTURE, code__lt="48").order_by("code"))


def _prefecture(request: Request) -> Government | None:
    """The prefecture asked for, else the one our own government lies in."""
    wanted = request.GET.get("prefecture") or (request.government.code[:2] if request.government else "")
    if not wanted.isascii() or not wanted.isdigit():
        return None
    return Government.objects.filter(
        kind=GovernmentKind.PREFECTURE, code__lt="48", code__startswith=wanted[:2].zfill(2)
    ).first()


def _sections(request: Request, edition: PublishedEdition, prefecture: Government | None) -> list[dict[str, Any]]:
    indicators = list(published.published_indicators(edition))
    nation = published.totals(indicators)
    local = published.totals(indicators, prefecture=prefecture.code[:2]) if prefecture else {}
    own = published.about_government(request.government, edition) if request.government else {}
    return [
        {
            "label": label,
            "scope": scope,
            "lines": [
                {
                    "indicator": one,
                    "nation": nation[one],
                    "local": local.get(one),
                    "own": cell_text(own[one].cell, one) if one in own else "",
                }
                for one in indicators
                if one.scope == scope
            ],
        }
        for scope, label in SCOPES
    ]


def _share(total: Total | None) -> list[Any]:
    if total is None:
        return ["", "", "", "", ""]
    return [total.carried_out, total.answered, total.governments, total.share_of_answering, total.share_of_all]


def _export_index(
    kind: str, edition: PublishedEdition, prefecture: Government | None, sections: list[dict[str, Any]]
) -> HttpResponse:
    place = prefecture.name if prefecture else "県"
    counts = (
        "実施",
        "回答した団体",
        "すべての団体",
        "実施率（回答した団体に対する）%",
        "実施率（すべての団体に対する）%",
    )
    headers = [
        "対象",
        "分野",
        "指標",
        *(f"全国 {one}" for one in counts),
        *(f"{place} {one}" for one in counts),
        "うちの団体",
    ]
    rows = (
        [
            section["label"],
            line["indicator"].area,
            line["indicator"].label,
            *_share(line["nation"]),
            *_share(line["local"]),
            line["own"],
        ]
        for section in sections
        for line in section["lines"]
    )
    return spreadsheet_response(kind=kind, name=f"公表値_{edition.name}", headers=headers, rows=rows)


def _export_values(kind: str, found: PublishedIndicator, values: Any) -> HttpResponse:
    headers = ["団体コード", "団体", found.label, "分子", "分母"]
    rows = (
        [value.government.code, value.government.name, cell_text(value.cell, found), value.numerator, value.denominator]
        for value in values
    )
    return spreadsheet_response(kind=kind, name=found.label, headers=headers, rows=rows)
