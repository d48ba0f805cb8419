"""From a cell to help: the prefecture opens a consultation about a municipality and an indicator, with what the cell knows."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kakehashi.governments.models import Government
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.plans.domain.matrix import Column, cell_text, context_of, context_text
from kakehashi.plans.hooks import SupportMatter
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import matrix as reads
from kakehashi.plans.views.municipalities import Shown, of_prefecture, shown_of
from kakehashi.plans.views.neighbours import neighbours_ahead
from kakehashi.plans.views.offers import desks_of, matter_key


@staff(PlansPermission.OVERSEE)
@of_prefecture
@require_POST
def open_support(request: Request, code: str, key: str, room: str) -> HttpResponse:
    """Open help for a municipality about an indicator and go to it; pressed twice it is opened once."""
    shown = shown_of(request)
    government, column = shown.place_of(code, key)
    desk = desks_of(request).get(room)
    if desk is None:
        raise Http404
    try:
        return redirect(desk.open_for(request.actor, _matter(government, column, shown)))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("plans-staff:municipality-cell", code, key)


def _matter(government: Government, column: Column, shown: Shown) -> SupportMatter:
    cells = reads.cells_of([column], shown.everybody, shown.as_of)[column.key]
    ahead = neighbours_ahead(column, government, cells, shown.everybody)
    lines = [
        f"{government.name}の「{column.label}」：{cell_text(cells[government.id], column.unit)}（{column.theme}、{shown.as_of.label}）",
        f"県内の団体：{context_text(column, context_of(column, list(cells.values())))}",
    ]
    for one in ahead[:3]:
        cases = "、".join(case.title for case in one.cases)
        told = f"（事例：{cases}）" if cases else ""
        lines.append(f"先に進んでいる団体：{one.municipality.name} {cell_text(one.cell, column.unit)}{told}")
    return SupportMatter(matter_key(government, column), f"{government.name}の支援：{column.label}", "\n".join(lines))
