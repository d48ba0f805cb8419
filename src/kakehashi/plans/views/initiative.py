"""One initiative: how it goes, what it is measured by, its targets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.indicators.domain.figure import PERCENT
from kakehashi.indicators.selectors import all_measures
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.states import STATE_WORDS, InitiativeState
from kakehashi.plans.forms import IndicatorForm, ReportForm, TargetsForm, UnitForm, WordsForm
from kakehashi.plans.models import Initiative, PlanIndicator
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted
from kakehashi.plans.views.staff import OUTCOMES


@staff(PlansPermission.READ)
@require_GET
def initiative(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """State, reason and next move; indicators with this year's target against the actual; every target of the plan."""
    found = selectors.find_initiative(initiative_id)
    form = ReportForm(initial={"state": found.state, "reason": found.reason, "next_move": found.next_move})
    return _show(request, found, form)


@staff(PlansPermission.REPORT)
@require_POST
def report(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """Report how the initiative goes."""
    found = selectors.find_initiative(initiative_id)
    form = ReportForm(posted(request))
    if form.is_valid():
        try:
            services.report_initiative(actor=request.actor, initiative=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "状態を報告しました。")
            return redirect("plans-staff:initiative", initiative_id)
    return _show(request, found, form)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """Choose what the initiative is measured by."""
    found = selectors.find_initiative(initiative_id)
    form = IndicatorForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.attach_indicator(actor=request.actor, initiative=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "指標を付けました。続けて目標を決めます。")
            return redirect("plans-staff:targets", made.id)
    return _form_page(request, form, found, "指標を付ける", "指標を付ける")


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Set the yearly targets."""
    indicator = selectors.find_indicator(indicator_id)
    former = {target.fiscal_year: target for target in indicator.targets.all()}
    form = TargetsForm(posted(request), indicator=indicator, former=former)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_targets(
                actor=request.actor,  # type: ignore[attr-defined]
                indicator=indicator,
                values=form.values,
                words=form.words,
                method=form.method,
                places=_places(indicator),
            )
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "目標を決めました。")
            return redirect("plans-staff:initiative", indicator.initiative_id)
    return _form_page(request, form, indicator.initiative, "目標を決める", "目標を決める")


@staff(PlansPermission.REPORT)
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Record a result in words with its day."""
    indicator = selectors.find_indicator(indicator_id)
    form = WordsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.record_words(actor=request.actor, indicator=indicator, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "成果を記録しました。")
            return redirect("plans-staff:initiative", indicator.initiative_id)
    return _form_page(request, form, indicator.initiative, "成果を記録する", "記録する")


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """A unit that is set up for a time ends, or goes on with a reason."""
    found = selectors.find_initiative(initiative_id)
    form = UnitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        day, note = form.cleaned_data["until"], form.cleaned_data["note"]
        try:
            if form.cleaned_data["act"] == "close":
                services.close_unit(actor=request.actor, initiative=found, on=day, lesson=note)  # type: ignore[attr-defined]
            else:
                services.extend_unit(actor=request.actor, initiative=found, until=day, reason=note)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "組織の期間を決めました。")
            return redirect("plans-staff:initiative", initiative_id)
    return _form_page(request, form, found, "期間つきの組織の終わり", "決める")


@staff(PlansPermission.EDIT)
@require_POST
def detach(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Take an indicator off its initiative."""
    indicator = selectors.find_indicator(indicator_id)
    services.detach_indicator(actor=request.actor, indicator=indicator)  # type: ignore[attr-defined]
    messages.success(request, "指標を外しました。外す前の目標は操作の記録に残っています。")
    return redirect("plans-staff:initiative", indicator.initiative_id)


def _places(indicator: PlanIndicator) -> int:
    """Decimals of targets that are drawn: one for a percentage, none for what is counted."""
    described = {one.code: one for one in all_measures()}.get(indicator.measure_code)
    return 1 if described is None or described.unit in PERCENT else 0


def _show(request: HttpRequest, found: Initiative, form: ReportForm) -> HttpResponse:
    plan = found.program.policy.plan
    year = selectors.plan_year(plan)
    lines = selectors.indicator_lines(found, year)
    context: dict[str, Any] = {
        "initiative": found,
        "plan": plan,
        "lines": [{"line": line, "targets": list(line.indicator.targets.order_by("fiscal_year"))} for line in lines],
        "year": year,
        "outcomes": OUTCOMES,
        "form": form,
        "reports": _reports(found),
        "reviews": selectors.lines_about(found),
        "logic": selectors.model_about(found),
    }
    return render(request, "plans/initiative.html", context, status=422 if form.errors else 200)


def _reports(found: Initiative) -> list[dict[str, Any]]:
    events = events_for(found.id)
    return [
        {
            "at": event.occurred_at,
            "who": event.actor_label,
            "state": STATE_WORDS[InitiativeState(event.payload["to"])],
            "reason": event.payload.get("reason", ""),
            "next_move": event.payload.get("next_move", ""),
        }
        for event in events
        if event.code == "plans.initiative.reported"
    ][::-1]


def _form_page(
    request: HttpRequest, form: django_forms.BaseForm, found: Initiative, title: str, verb: str
) -> HttpResponse:
    context = {"form": form, "plan": found.program.policy.plan, "initiative": found, "title": title, "verb": verb}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)
