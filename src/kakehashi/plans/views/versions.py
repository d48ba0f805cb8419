"""Versions of a plan with what differs, the Excel sheet out and in, and the booklet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.content import Content, differences
from kakehashi.plans.domain.sheet import headings, rows_of
from kakehashi.plans.forms import SheetForm, VersionForm
from kakehashi.plans.models import DxPlan, PlanVersion
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted
from kakehashi.plans.views.booklet import booklet_of

_SALT = "kakehashi.plans.sheet"


@staff(PlansPermission.READ)
@require_GET
def versions(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Every version, and what differs between two of them or between the last one and the plan now."""
    plan = selectors.find_plan(plan_id)
    return _versions(request, plan, VersionForm())


@staff(PlansPermission.EDIT)
@require_http_methods(["POST"])
def fix_version(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Keep the plan as it stands as a version."""
    plan = selectors.find_plan(plan_id)
    form = VersionForm(posted(request))
    if form.is_valid():
        try:
            made = services.fix_version(actor=request.actor, plan=plan, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, f"第{made.number}版として残しました。")
            return redirect("plans-staff:versions", plan_id)
    return _versions(request, plan, form)


@staff(PlansPermission.READ)
@require_GET
def sheet(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan in the layout that can be taken in again."""
    plan = selectors.find_plan(plan_id)
    rows = rows_of(selectors.plan_content(plan), plan.years)
    kind = request.GET.get("format", "xlsx")
    return spreadsheet_response(kind=kind, name=f"{plan.title} 計画の表", headers=headings(plan.years), rows=rows)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the sheet in: first what would change, then the act."""
    plan = selectors.find_plan(plan_id)
    if request.POST.get("content"):
        return _apply(request, plan)
    form = SheetForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {"plan": plan, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            read = services.read_sheet(form.cleaned_data["file"].read())
            context |= {
                "problems": read.problems,
                "changes": services.changes_of(plan, read.content),
                "sealed": _sealed(plan, read.content),
                "is_read": True,
            }
        except DomainError as problem:
            add_problem(form, problem)
    return render(request, "plans/take_in.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.READ)
@require_GET
def booklet(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan as a PDF booklet."""
    plan = selectors.find_plan(plan_id)
    return booklet_of(plan, request.government.name)  # type: ignore[attr-defined]


def _sealed(plan: DxPlan, content: Content) -> str:
    return signing.dumps({"plan": str(plan.id), "content": content}, salt=_SALT, compress=True)


def _apply(request: HttpRequest, plan: DxPlan) -> HttpResponse:
    try:
        sealed = signing.loads(request.POST["content"], salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        raise Http404 from None
    if sealed["plan"] != str(plan.id):
        raise Http404
    try:
        changes = services.import_sheet(actor=request.actor, plan=plan, content=sealed["content"])  # type: ignore[attr-defined]
    except DomainError as problem:
        messages.error(request, f"{problem.message}計画は変わっていません。")
        return redirect("plans-staff:take-in", plan.id)
    messages.success(
        request, f"{len(changes)}か所を取り込みました。" if changes else "同じ内容でした。変わったところはありません。"
    )
    return redirect("plans-staff:plan", plan.id)


def _versions(request: HttpRequest, plan: DxPlan, form: VersionForm) -> HttpResponse:
    kept = list(selectors.versions_of(plan))
    context: dict[str, Any] = {"plan": plan, "versions": kept, "form": form}
    if kept:
        context |= _compared(request, plan, kept)
    return render(request, "plans/versions.html", context, status=422 if form.errors else 200)


def _compared(request: HttpRequest, plan: DxPlan, kept: list[PlanVersion]) -> dict[str, Any]:
    """The chosen versions (the last one and the plan now unless told) and their differences."""
    numbers = {str(one.number): one for one in kept}
    before = numbers.get(request.GET.get("before", ""), kept[0])
    after = numbers.get(request.GET.get("after", ""))
    later = after.content if after else selectors.plan_content(plan)
    return {"before": before, "after": after, "changes": differences(before.content, later)}
