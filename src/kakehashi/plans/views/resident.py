"""The published plan for residents."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kakehashi.kernel.access import resident
from kakehashi.kernel.requests import Request
from kakehashi.plans import selectors
from kakehashi.plans.domain.logic_layout import lay_out
from kakehashi.plans.models import DxPlan


@resident
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The published plans; a single one is shown at once."""
    found = list(selectors.published_plans()[:20])
    if len(found) == 1:
        return redirect("plans:plan", found[0].id)
    return render(request, "plans/resident_index.html", {"plans": found})


@resident
@require_GET
def plan(request: Request, plan_id: UUID) -> HttpResponse:
    """One plan: what we do, this year's target and how far we are. Figures are those recorded last, nothing is counted."""
    found = selectors.find_plan(plan_id)
    if not found.is_public:
        raise Http404
    tree = selectors.plan_tree(found, selectors.plan_year(found), live=False, rooms=request.rooms)
    logic_of = {one.branch.id: one for one in selectors.models_of(found)}
    return render(
        request,
        "plans/resident_plan.html",
        {"plan": found, "tree": tree, "summary": summary_of(found), "logic": logic_of},
    )


@resident
@require_GET
def logic(request: Request, plan_id: UUID, model_id: UUID) -> HttpResponse:
    """How an initiative of a published plan is meant to work. Figures are those recorded last, nothing is counted."""
    row = selectors.find_model(model_id)
    if row.plan.id != plan_id or not row.plan.is_public:
        raise Http404
    model, _ = selectors.drawn_model(row, live=False, rooms=request.rooms)
    context = {"plan": row.plan, "model": model, "drawing": lay_out(model), "said": model.title}
    return render(request, "plans/resident_logic.html", context)


def summary_of(plan: DxPlan) -> str:
    """The words to residents in the page's language, Japanese where there are no others."""
    language = get_language() or "ja"
    chosen = {"en": plan.summary_en, "ja-easy": plan.summary_easy}.get(language, "")
    return chosen or plan.summary
