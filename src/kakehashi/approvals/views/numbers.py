"""番号の列: every series with its last number, the 欠番 with their reasons and the 枝番."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.approvals import services
from kakehashi.approvals.models import NumberSeries
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.numbers import SeriesLine, branches_of, series_lines
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

HEADERS = ("番号の種類", "記号", "区切り", "最後の番号", "欠番", "欠番の理由", "欠番にした人", "欠番にした日")


@staff(ApprovalsPermission.READ)
@require_safe
def numbers(request: Request) -> HttpResponse:
    """The page; `?format=` as a spreadsheet, one line for each 欠番."""
    lines = series_lines()
    if "format" in request.GET:
        rows = [row for line in lines for row in _rows(line)]
        return spreadsheet_response(kind=request.GET["format"], name="番号の列", headers=HEADERS, rows=rows)
    may_void = request.actor.can(ApprovalsPermission.ISSUE, request.government.id)
    return render(request, "approvals/numbers.html", {"lines": lines, "branches": branches_of(), "may_void": may_void})


def _rows(line: SeriesLine) -> list[tuple[object, ...]]:
    head = (line.kind, line.series.symbol, line.period, line.series.last_number)
    voids: list[tuple[object, ...]] = [
        (*head, each.number, each.reason, each.voided_by_label, each.voided_at) for each in line.voids
    ]
    return voids or [(*head, "", "", "", "")]


@staff(ApprovalsPermission.ISSUE)
@require_POST
def void(request: Request, series_id: UUID) -> HttpResponse:
    """欠番にする, with its reason."""
    series = get_object_or_404(NumberSeries, id=series_id)
    text = request.POST.get("number", "").strip()
    try:
        made = services.void_number(
            actor=request.actor,
            series=series,
            number=int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0,
            reason=request.POST.get("reason", "")[:200].replace("\x00", ""),
        )
        messages.success(request, f"第{made.number}号を欠番にしました。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("approvals-staff:numbers")
