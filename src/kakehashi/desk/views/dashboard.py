"""The desk at a glance, the rows behind each figure, and the prefecture's view of what its municipalities share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.dashboard import SHAREABLE
from kakehashi.desk.models import FigureSharing
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.dashboard import dashboard, inflow, municipalities, rows_of
from kakehashi.desk.selectors.solved_cases import is_prefecture
from kakehashi.indicators.adapters.charts import draw_series
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.search.selectors import prefecture_of


@staff(DeskPermission.READ)
@require_safe
def overview(request: Request) -> HttpResponse:
    """Show the figures; every one leads to its rows. `?format=` writes them out."""
    months, groups = inflow(), dashboard()
    if kind := request.GET.get("format"):
        lines: list[tuple[Any, ...]] = [("来た相談", f"{m.year}年{m.month}月", n, "件", "") for m, n in months]
        lines += [(g.title, f.label, f.value, f.unit, f.note) for g in groups for f in g.figures]
        return spreadsheet_response(
            kind=kind, name="相談窓口の状況", headers=("まとまり", "項目", "値", "単位", "注"), rows=lines
        )
    labels, counts = [f"{m.month}月" for m, _ in months], [Decimal(n) for _, n in months]
    sharing = FigureSharing.objects.first()
    context = {
        "months": months,
        "total": sum(n for _, n in months),
        "chart": draw_series(labels, counts, [f"{n}件" for n in counts]),
        "groups": groups,
        "is_prefecture": is_prefecture(),
        "shareable": [(key, label, key in (sharing.figures if sharing else [])) for key, (label, _) in SHAREABLE.items()],
        "sharing": sharing,
        "may_share": not is_prefecture() and prefecture_of(request.government.id) is not None
        and request.actor.can(DeskPermission.SHARE_FIGURES, request.government.id),
    }  # fmt: skip
    return render(request, "desk/dashboard.html", context)


@staff(DeskPermission.READ)
@require_safe
def figure_rows(request: Request) -> HttpResponse:
    """Show the rows behind the figure `?figure=`."""
    try:
        rows = rows_of(request.GET.get("figure", "").replace("\x00", "")[:80])
    except NotFound:
        raise Http404 from None
    lines = list(rows.lines)
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name=rows.label, headers=rows.headers, rows=[cells for _, cells in lines]
        )
    shown = [(url, cells[0], list(zip(rows.headers[1:], cells[1:], strict=True))) for url, cells in lines[:500]]
    return render(request, "desk/figure_rows.html", {"rows": rows, "lines": shown, "count": len(lines)})


@staff(DeskPermission.SHARE_FIGURES)
@require_POST
def choose(request: Request) -> HttpResponse:
    """Choose what the prefecture sees."""
    try:
        sharing = services.choose_figures(actor=request.actor, figures=request.POST.getlist("figures")[:50])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = f"{len(sharing.figures)}個の数字を県に見せます。" if sharing.figures else "県には何も見せません。"
        messages.success(request, words)
    return redirect("desk-staff:dashboard")


@staff(DeskPermission.READ)
@require_safe
def prefecture(request: Request) -> HttpResponse:
    """Show what the prefecture's municipalities chose to share; there is no such page elsewhere."""
    if not is_prefecture():
        raise Http404
    rows = municipalities()
    labels = [f"{label}（{unit}）" for label, unit in SHAREABLE.values()]
    if kind := request.GET.get("format"):
        lines = [
            (r["government"].name, *r["cells"], r["cases"], r["uses"], r["shared"].as_of if r["shared"] else None)
            for r in rows
        ]
        headers = ("団体", *labels, "公開した事例", "取り入れた事例", "いつの数字か")
        return spreadsheet_response(kind=kind, name="市町村の相談窓口", headers=headers, rows=lines)
    return render(request, "desk/prefecture.html", {"rows": rows, "labels": labels})
