"""DX計画 for staff: the list, the tree, and the plan as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import selectors, services
from kakehashi.plans.forms import NewPlanForm, PlanForm
from kakehashi.plans.models import DxPlan
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import IndicatorLine, PlanTree
from kakehashi.plans.selectors.sunsets import units_to_decide
from kakehashi.plans.views.answers import add_problem, is_stale, posted, posted_key, seen_now

OUTCOMES = {"met": ("success", "目標達成"), "running": ("working", "進行中"), "missed": ("error", "未達")}


@staff(PlansPermission.READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every plan of the government."""
    return render(request, "plans/index.html", {"plans": selectors.plans(), "sunsets": list(units_to_decide())})


@staff(PlansPermission.READ)
@require_GET
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan as a tree: state words, sparklines, this year's target against the actual figure."""
    found = selectors.find_plan(plan_id)
    tree = selectors.plan_tree(found, selectors.plan_year(found, _asked_year(request)), live=True)
    if kind := request.GET.get("format"):
        return _export(kind, tree)
    context = {
        "plan": found,
        "tree": tree,
        "logic": {one.branch.id: one for one in selectors.models_of(found)},
        "outcomes": OUTCOMES,
        "sunsets": list(units_to_decide(found)),
        "years": [(year, fiscal_year_label(year)) for year in found.years],
        "can_edit": _can(request, PlansPermission.EDIT),
        "can_publish": _can(request, PlansPermission.PUBLISH),
    }
    return render(request, "plans/plan.html", context)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a plan, empty or from a skeleton."""
    form = NewPlanForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = _create(request, dict(form.cleaned_data))
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "計画を作りました。続けて施策と取組を書きます。")
            return redirect("plans-staff:plan", made.id)
    context = {"form": form, "title": "計画を作る", "verb": "計画を作る"}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Change the plan's own words, years and policies of attainment."""
    found = selectors.find_plan(plan_id)
    form = PlanForm(posted(request), instance=selectors.find_plan(plan_id))
    if request.method == "POST" and form.is_valid() and not is_stale(request, form):
        try:
            services.edit_plan(actor=request.actor, plan=found, changes=form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "計画を直しました。")
            return redirect("plans-staff:plan", plan_id)
    context = {"form": form, "plan": found, "title": "計画を直す", "verb": "保存する", "seen": seen_now(form)}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.PUBLISH)
@require_POST
def publish(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show the plan to residents."""
    try:
        services.publish_plan(actor=request.actor, plan=selectors.find_plan(plan_id))  # type: ignore[attr-defined]
        messages.success(request, "計画を公開しました。住民のページで見られます。")
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("plans-staff:plan", plan_id)


@staff(PlansPermission.PUBLISH)
@require_POST
def withdraw(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the plan off the residents' pages."""
    services.withdraw_plan(actor=request.actor, plan=selectors.find_plan(plan_id))  # type: ignore[attr-defined]
    messages.success(request, "計画の公開をやめました。")
    return redirect("plans-staff:plan", plan_id)


def _create(request: HttpRequest, data: dict[str, Any]) -> DxPlan:
    return services.create_plan(
        actor=request.actor,  # type: ignore[attr-defined]
        title=data.pop("title"),
        first_year=data.pop("first_year"),
        last_year=data.pop("last_year"),
        skeleton_code=data.pop("skeleton_code"),
        idempotency_key=posted_key(request),
        details=data,
    )


def _asked_year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _can(request: HttpRequest, permission: str) -> bool:
    return bool(request.actor.can(permission, request.government.id))  # type: ignore[attr-defined]


def _export(kind: str, tree: PlanTree) -> HttpResponse:
    headers = [
        "基本方針", "施策", "取組", "担当課", "状態", "理由", "次の一手", "指標", "単位", "基準値",
        f"{tree.year_label}の目標", f"{tree.year_label}の実績", "達成率(%)", "達成率の決め方", "目標に対して",
    ]  # fmt: skip
    rows = []
    for policy in tree.policies:
        for program in policy.programs:
            for one in program.initiatives:
                item = one.initiative
                owner = item.department.name if item.department else ""
                head = [policy.policy.title, program.program.title, item.title, owner, item.state_word, item.reason]
                head.append(item.next_move)
                rows += [[*head, *_cells(line)] for line in one.indicators] or [head]
    return spreadsheet_response(kind=kind, name=f"{tree.plan.title} {tree.year_label}", headers=headers, rows=rows)


def _cells(line: IndicatorLine) -> list[object]:
    target = line.target
    figure = line.reading.figure if line.reading else None
    value = figure.value if figure else None
    words = "、".join(result.text for result in line.results)
    return [
        line.label,
        line.unit,
        _float(line.indicator.baseline),
        (_float(target.value) if target.value is not None else target.words) if target else "",
        _float(value) if value is not None else words or (figure.word if figure else ""),
        _float(line.attainment.rate) if line.attainment else "",
        line.policy_text if line.attainment else "",
        OUTCOMES[line.outcome][1] if line.outcome else "",
    ]


def _float(number: Any) -> float | str:
    return "" if number is None else float(number)
