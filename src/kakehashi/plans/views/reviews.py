"""Reviews of a plan: opened, written by the sections, closed, printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import selectors, services
from kakehashi.plans.forms import CloseReviewForm, OpenReviewForm, ReviewLineForm
from kakehashi.plans.models import PlanReview
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted


@staff(PlansPermission.READ)
@require_GET
def reviews(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The reviews of a plan, and the form that opens the next one."""
    plan = selectors.find_plan(plan_id)
    form = OpenReviewForm(plan=plan, initial={"fiscal_year": fiscal_year(clock.today())})
    return _list(request, plan, form)


@staff(PlansPermission.REVIEW)
@require_POST
def open_review(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Open the review of a year or a quarter."""
    plan = selectors.find_plan(plan_id)
    form = OpenReviewForm(posted(request), plan=plan)
    if form.is_valid():
        try:
            review = services.open_review(actor=request.actor, plan=plan, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, f"{review.label}の評価を始めました。数字は今の値を写しました。")
            return redirect("plans-staff:review", review.id)
    return _list(request, plan, form)


@staff(PlansPermission.READ)
@require_GET
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review: every initiative with its figures, what was missed and what comes next; who has not written."""
    found = selectors.find_review(review_id)
    if kind := request.GET.get("format"):
        return _export(kind, found)
    return _show(request, found, CloseReviewForm(initial={"summary": found.summary}))


@staff(PlansPermission.REPORT)
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Write how one initiative did."""
    found = selectors.find_line(line_id)
    form = ReviewLineForm(posted(request), initial={key: getattr(found, key) for key in ReviewLineForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_line(actor=request.actor, line=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, f"「{found.initiative.title}」の評価を書きました。")
            return redirect("plans-staff:review", found.review_id)
    context = {"form": form, "line": found, "plan": found.review.plan}
    return render(request, "plans/review_line.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.REVIEW)
@require_POST
def close(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Close a review."""
    found = selectors.find_review(review_id)
    form = CloseReviewForm(posted(request))
    if form.is_valid():
        try:
            services.close_review(actor=request.actor, review=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "評価を締めました。")
            return redirect("plans-staff:review", review_id)
    return _show(request, found, form)


@staff(PlansPermission.REVIEW)
@require_POST
def remind(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Remind the sections that have not written."""
    people = services.remind_review(actor=request.actor, review=selectors.find_review(review_id))  # type: ignore[attr-defined]
    messages.success(request, f"{people}人に催促しました。")
    return redirect("plans-staff:review", review_id)


def _list(request: HttpRequest, plan: Any, form: OpenReviewForm) -> HttpResponse:
    context = {"plan": plan, "reviews": selectors.reviews_of(plan), "form": form, "can_review": _may_review(request)}
    return render(request, "plans/reviews.html", context, status=422 if form.errors else 200)


def _show(request: HttpRequest, found: PlanReview, form: CloseReviewForm) -> HttpResponse:
    lines = selectors.lines_of(found)
    context = {
        "review": found,
        "plan": found.plan,
        "lines": lines,
        "waiting": sum(one.written_at is None for one in lines),
        "missed": sum(one.is_missed for one in lines),
        "form": form,
        "can_review": _may_review(request),
    }
    return render(request, "plans/review.html", context, status=422 if form.errors else 200)


def _may_review(request: HttpRequest) -> bool:
    return bool(request.actor.can(PlansPermission.REVIEW, request.government.id))  # type: ignore[attr-defined]


def _export(kind: str, found: PlanReview) -> HttpResponse:
    headers = [
        "取組", "担当課", "指標", "目標", "実績", "達成率(%)", "達成率の決め方", "結果", "未達の要因", "何が起きたか", "次の動き",
        "次の一手", "書いた人",
    ]  # fmt: skip
    rows = []
    for one in selectors.lines_of(found):
        owner = one.initiative.department.name if one.initiative.department else ""
        tail = [one.get_result_display(), one.cause_word, one.cause_text, one.move_word, one.move_text, one.written_by]
        for figure in one.figures or [{}]:
            cells = [figure.get(key, "") for key in ("label", "target", "actual", "rate", "policy")]
            rows.append([one.initiative.title, owner, *cells, *tail])
    return spreadsheet_response(kind=kind, name=f"{found.plan.title} {found.label}", headers=headers, rows=rows)
