"""Evaluation scales as data, and the ways a plan is judged."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.attainment import PLAN_POLICY_WORDS
from kakehashi.plans.domain.scales import SCALES
from kakehashi.plans.forms import EvaluationsForm, ScaleForm
from kakehashi.plans.models import EvaluationScale
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted


@staff(PlansPermission.READ)
@require_GET
def scales(request: HttpRequest) -> HttpResponse:
    """Every scale with its steps, those of the program and the town's own, and every policy of attainment in words."""
    own = {row.code: row for row in EvaluationScale.objects.order_by("code")}
    lines = [{"scale": one, "own": own.get(one.code)} for one in selectors.all_scales()]
    context = {"lines": lines, "builtin": set(SCALES), "policies": PLAN_POLICY_WORDS.values()}
    return render(request, "plans/scales.html", context)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def edit_scale(request: HttpRequest, scale_id: UUID | None = None) -> HttpResponse:
    """Make a scale, or change one of the town's own."""
    scale = get_object_or_404(EvaluationScale, id=scale_id) if scale_id else None
    form = ScaleForm.of(scale, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_scale(actor=request.actor, scale=scale, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "評価の段階を保存しました。")
            return redirect("plans-staff:scales")
    title = "評価の段階を直す" if scale else "評価の段階を作る"
    context = {"form": form, "title": title, "verb": "保存する"}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def evaluations(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Choose the further ways a plan is judged."""
    plan = selectors.find_plan(plan_id)
    chosen = [f"{policy}|{scale.code}" for policy, scale in selectors.ways_of(plan)[1:]]
    form = EvaluationsForm(posted(request), initial={"ways": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_evaluations(actor=request.actor, plan=plan, wanted=form.pairs)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "評価の決め方を保存しました。")
            return redirect("plans-staff:plan", plan_id)
    context = {"form": form, "plan": plan, "title": "評価の決め方", "verb": "保存する"}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)
