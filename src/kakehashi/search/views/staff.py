"""The search of everything, reached from every page with `/`."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kakehashi.journal.hooks import subject_kinds
from kakehashi.kernel.access import any_staff
from kakehashi.kernel.personal_data import note_reading, reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.search import hooks, selectors

LIMIT = 30


@any_staff
@reads_personal_data("検索")
@require_safe
def search(request: Request) -> HttpResponse:
    """Show what fits `?q=`, best first; `?kind=` keeps one kind. Published cases of other governments stand apart."""
    query = request.GET.get("q", "")[:400]
    kinds = hooks.kinds()
    chosen = request.GET.get("kind", "")
    wanted = [chosen] if chosen in kinds else None
    hits = selectors.search_texts(actor=request.actor, query=query, kinds=wanted, limit=LIMIT) if query else []
    _note(hits)
    shared = [name for name, kind in kinds.items() if kind.shared_url and (not wanted or name in wanted)]
    return render(
        request,
        "search/search.html",
        {
            "query": query,
            "hits": hits,
            "shared_hits": selectors.search_shared(query=query, kinds=shared, limit=5) if query and shared else [],
            "kinds": [(name, kind.label) for name, kind in kinds.items()],
            "chosen": chosen if wanted else "",
            "is_full": len(hits) == LIMIT,
        },
    )


@any_staff
@reads_personal_data("検索")
@require_safe
def suggestions(request: Request) -> HttpResponse:
    """Offer titles that begin with `?q=` while somebody types, as a fragment."""
    hits = selectors.suggest_titles(actor=request.actor, text=request.GET.get("q", ""))
    _note(hits)
    return render(request, "search/_suggestions.html", {"hits": hits})


def _note(hits: Iterable[selectors.Hit]) -> None:
    """Titles and snippets may name a person: what was found counts as read."""
    for hit in hits:
        if hit.kind in subject_kinds():
            note_reading(hit.kind, [hit.object_id])
