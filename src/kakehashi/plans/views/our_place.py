"""私たちの位置: a municipality among the others of its prefecture, by what is public; and who near it is further on."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans.domain.gaps import is_ahead
from kakehashi.plans.domain.matrix import cell_text, context_of, context_text
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import matrix as reads
from kakehashi.plans.selectors.matrix import AsOf
from kakehashi.plans.selectors.sharing import MUNICIPALITIES
from kakehashi.plans.views.neighbours import neighbours_ahead


@staff(PlansPermission.READ)
@require_GET
def our_place(request: Request) -> HttpResponse:
    """Every published indicator: ours, what it is among, how many near us are further on; with `one`, who they are and their cases."""
    here = request.government
    if here.kind not in MUNICIPALITIES:
        raise Http404
    edition, every = reads.newest_edition(), reads.neighbours_of(here)
    columns = reads.published_columns(edition) if edition else []
    chosen = next((one for one in columns if one.key == request.GET.get("one")), None)
    if chosen is None and request.GET.get("one"):
        raise Http404
    cells = reads.cells_of([chosen] if chosen else columns, every, AsOf())
    if chosen is not None:
        known = cells[chosen.key]
        context = {
            "column": chosen,
            "cell": known[here.id],
            "words": context_text(chosen, context_of(chosen, list(known.values()))),
            "neighbours": neighbours_ahead(chosen, here, known, every),
            "edition": edition,
        }
        return render(request, "plans/our_place_indicator.html", context)
    lines = []
    for one in columns:
        known = cells[one.key]
        ahead = sum(is_ahead(one, cell, known[here.id]) for key, cell in known.items() if key != here.id)
        lines.append((one, known[here.id], context_text(one, context_of(one, list(known.values()))), ahead))
    if kind := request.GET.get("format"):
        rows = [[one.theme, one.label, cell_text(cell, one.unit), words, ahead] for one, cell, words, ahead in lines]
        headers = ["分野", "指標", "うちの値", "県内の文脈", "先に進んでいる団体の数"]
        return spreadsheet_response(kind=kind, name="私たちの位置", headers=headers, rows=rows)
    return render(request, "plans/our_place.html", {"lines": lines, "edition": edition, "count": len(every)})
