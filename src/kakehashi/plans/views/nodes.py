"""Adding and changing policies, programmes and initiatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.plans import selectors, services
from kakehashi.plans.forms import InitiativeForm, PolicyForm, ProgramForm
from kakehashi.plans.models import DxPlan
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, is_stale, posted, seen_now


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def add_policy(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Add a policy to a plan."""
    plan = selectors.find_plan(plan_id)

    def save(data: dict[str, Any]) -> object:
        return services.add_policy(actor=request.actor, plan=plan, **data)  # type: ignore[attr-defined]

    return _page(request, PolicyForm(posted(request)), plan, "基本方針を加える", save)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def add_program(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """Add a programme to a policy."""
    policy = selectors.find_policy(policy_id)

    def save(data: dict[str, Any]) -> object:
        return services.add_program(actor=request.actor, policy=policy, **data)  # type: ignore[attr-defined]

    return _page(request, ProgramForm(posted(request)), policy.plan, "施策を加える", save)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def add_initiative(request: HttpRequest, program_id: UUID) -> HttpResponse:
    """Add an initiative to a programme, and go on to its page."""
    program = selectors.find_program(program_id)

    def save(data: dict[str, Any]) -> object:
        details = {key: data.pop(key) for key in ("budget_yen", "starts_on", "ends_on", "unit_name", "sunset_on")}
        return services.add_initiative(actor=request.actor, program=program, details=details, **data)  # type: ignore[attr-defined]

    return _page(request, InitiativeForm(posted(request)), program.policy.plan, "取組を加える", save)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def edit_node(request: HttpRequest, kind: str, node_id: UUID) -> HttpResponse:
    """Change the words of a policy, programme or initiative."""
    node, form_class, plan, title = _node(kind, node_id)

    def save(data: dict[str, Any]) -> object:
        return services.edit_node(actor=request.actor, node=_node(kind, node_id)[0], changes=data)  # type: ignore[attr-defined]

    return _page(request, form_class(posted(request), instance=node), plan, title, save)


@staff(PlansPermission.EDIT)
@require_POST
def remove_node(request: HttpRequest, kind: str, node_id: UUID) -> HttpResponse:
    """Remove a branch that has nothing below it."""
    node, _, plan, _ = _node(kind, node_id)
    try:
        services.remove_node(actor=request.actor, node=node)  # type: ignore[attr-defined]
        messages.success(request, f"「{node.title}」を消しました。")
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("plans-staff:plan", plan.id)


def _node(kind: str, node_id: UUID) -> tuple[Any, Any, DxPlan, str]:
    if kind == "policies":
        policy = selectors.find_policy(node_id)
        return policy, PolicyForm, policy.plan, "基本方針を直す"
    if kind == "programs":
        program = selectors.find_program(node_id)
        return program, ProgramForm, program.policy.plan, "施策を直す"
    if kind == "initiatives":
        initiative = selectors.find_initiative(node_id)
        return initiative, InitiativeForm, initiative.program.policy.plan, "取組を直す"
    raise Http404


def _page(
    request: HttpRequest,
    form: django_forms.ModelForm,  # type: ignore[type-arg]
    plan: DxPlan,
    title: str,
    save: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and not is_stale(request, form):
        try:
            save(form.cleaned_data)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "保存しました。")
            return redirect("plans-staff:plan", plan.id)
    context = {"form": form, "plan": plan, "title": title, "verb": "保存する", "seen": seen_now(form)}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)
