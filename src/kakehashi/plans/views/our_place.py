"""私たちの位置: a municipality among the others of its prefecture, by what is public and what the others show it; and who near it is further on."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.indicators.domain.peers import peer_group
from kakehashi.indicators.domain.registry import MEASURES
from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans.domain.gaps import is_ahead
from kakehashi.plans.domain.matrix import cell_text, context_of, context_text
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import matrix as reads
from kakehashi.plans.selectors.our_place import cells_for, columns_for
from kakehashi.plans.selectors.sharing import MUNICIPALITIES
from kakehashi.plans.views.neighbours import neighbours_ahead


@staff(PlansPermission.READ)
@require_GET
def our_place(request: Request) -> HttpResponse:
    """Every indicator that is published or that other towns show us: ours, what it is among, how many near us are further on; with `one`, who they are and their cases."""
    here = request.government
    if here.kind not in MUNICIPALITIES:
        raise Http404
    edition, every = reads.newest_edition(), reads.neighbours_of(here)
    columns = columns_for(here, edition)
    chosen = next((one for one in columns if one.key == request.GET.get("one")), None)
    if chosen is None and request.GET.get("one"):
        raise Http404
    cells = cells_for(here, [chosen] if chosen else columns, every)
    if chosen is not None:
        known = cells[chosen.key]
        group = peer_group(here.code, here.kind, here.population)
        peers = [one for one in every if group and peer_group(one.code, one.kind, one.population) == group]
        context = {
            "column": chosen,
            "cell": known[here.id],
            "words": context_text(chosen, context_of(chosen, list(known.values()))),
            "group": group,
            "peer_words": context_text(chosen, context_of(chosen, [known[one.id] for one in peers])) if group else "",
            "peers": [(one, known[one.id]) for one in peers if one.id != here.id],
            "measure": MEASURES.get(chosen.measure_key) if chosen.measure_key in MEASURES else None,
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
        headers = ["分野", "指標", "うちの値", "県内のようす", "先に進んでいる団体の数"]
        return spreadsheet_response(kind=kind, name="私たちの位置", headers=headers, rows=rows)
    return render(
        request,
        "plans/our_place.html",
        {
            "lines": lines,
            "edition": edition,
            "count": len(every),
            "shared": sum(bool(one.measure_key) for one in columns),
        },
    )
