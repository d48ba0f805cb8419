"""改組シミュレーター: load next April's organisation, see what breaks, mend who follows whom, apply in one act."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people import hooks, services
from kakehashi.people.domain.reorganisation import Plan
from kakehashi.people.forms.reorganisation import ColumnsForm, HeirsForm, PlanForm, StartForm, next_april
from kakehashi.people.models import Reorganisation
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors.reorganisations import (
    TABLE_HEADERS,
    comparison_of,
    grid_of,
    holder_findings,
    organisation_of,
    plan_like,
    reorganised,
    share_problems,
    table_of,
)
from kakehashi.people.views import say_on, status_of
from kakehashi.people.views.reorganisation_shares import row_of, shares_to_show


@staff(PeoplePermission.REORGANISE)
@require_http_methods(["GET", "POST"])
def reorganisations(request: Request) -> HttpResponse:
    """The plans so far, and the start of another."""
    form = StartForm(request.POST or None, request.FILES or None, initial={"effective_on": next_april(clock.today())})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = services.start_reorganisation(
                actor=request.actor,
                title=form.cleaned_data["title"],
                effective_on=form.cleaned_data["effective_on"],
                file_name=file.name if file else "",
                content=file.read() if file else b"",
            )
            return redirect(
                "people-staff:reorganisation-columns" if file else "people-staff:reorganisation-plan", made.id
            )
        except DomainError as error:
            say_on(form, error)
    rows = Reorganisation.objects.defer("content", "plan", "made")[:50]
    return render(request, "people/staff/reorganisations.html", {"form": form, "rows": rows}, status=status_of(form))


@staff(PeoplePermission.REORGANISE)
@require_GET
def today_table(request: Request) -> HttpResponse:
    """Today's organisation in the very columns that are read back: the best thing to start from."""
    plan = plan_like(organisation_of(clock.today()))
    kind = request.GET.get("format", "xlsx")
    return spreadsheet_response(kind=kind, name="今の組織", headers=TABLE_HEADERS, rows=table_of(plan))


@staff(PeoplePermission.REORGANISE)
@require_http_methods(["GET", "POST"])
def columns(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """Confirm which column of the table is which."""
    row = row_of(reorganisation_id)
    if not row.file_name or not row.is_draft:
        raise Http404
    grid = grid_of(row)
    form = ColumnsForm(
        request.POST or None, headers=grid.headers, initial=row.columns or services.proposed_columns(row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_columns(actor=request.actor, reorganisation=row, columns=form.cleaned_data)
            return redirect("people-staff:reorganisation", row.id)
        except DomainError as error:
            say_on(form, error)
    context = {"row": row, "form": form, "grid": grid, "sample": grid.rows[:5]}
    return render(request, "people/staff/reorganisation_columns.html", context, status=status_of(form))


@staff(PeoplePermission.REORGANISE)
@require_http_methods(["GET", "POST"])
def plan(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """The new organisation as a table to type in."""
    row = row_of(reorganisation_id)
    form = PlanForm(Plan.from_json(row.plan), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        departments, posts = form.read()
        if not form.errors:
            try:
                services.edit_plan(
                    actor=request.actor,
                    reorganisation=row,
                    departments=departments,
                    posts=posts,
                    expected_revision=_revision(request),
                )
                messages.success(request, "新しい組織を保存しました。")
                return redirect("people-staff:reorganisation", row.id)
            except Stale as error:
                form.errors.append(error.message)
        status = 422
    return render(request, "people/staff/reorganisation_plan.html", {"row": row, "form": form}, status=status)


@staff(PeoplePermission.REORGANISE)
@reads_personal_data("改組の試算")
@require_http_methods(["GET", "POST"])
def reorganisation(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """What changes, what breaks, who follows; and the one act that makes it so."""
    row = row_of(reorganisation_id)
    if row.awaits_columns:
        return redirect("people-staff:reorganisation-columns", row.id)
    found = comparison_of(row)
    form = HeirsForm(request.POST or None, found=found, initial=row.chosen)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = {key: value or "" for key, value in form.cleaned_data.items()}
            services.choose_heirs(
                actor=request.actor, reorganisation=row, chosen=chosen, expected_revision=_revision(request)
            )
            messages.success(request, "引継ぎ先を保存しました。")
            return redirect("people-staff:reorganisation", row.id)
        except DomainError as error:
            say_on(form, error)
    problems = [*row.unreadable, *found.problems, *share_problems(row, found)]
    findings = [*holder_findings(found, row.effective_on), *hooks.reorganisation_findings(reorganised(row, found))]
    if request.GET.get("format"):
        lines = [
            ("止まる" if each.is_broken else "移る", each.sentence, each.proposal, each.count) for each in findings
        ]
        headers = ("区分", "見つかったこと", "扱い", "件数")
        return spreadsheet_response(kind=request.GET["format"], name="改組の試算", headers=headers, rows=lines)
    context = {
        "row": row,
        "found": found,
        "form": form,
        "broken": [each for each in findings if each.is_broken],
        "moving": [each for each in findings if not each.is_broken],
        "problems": problems,
        "may_apply": row.is_draft and not problems and not any(f.stops for f in findings),
        "may_cancel": row.is_applied and clock.today() < row.effective_on,
        "names": {each.code: each.name for each in found.plan.departments},
        "shares": shares_to_show(row, found),
        "carried": [(_label(code), count) for code, count in row.carried.items()],
    }
    return render(request, "people/staff/reorganisation.html", context, status=status_of(form))


def _label(code: str) -> str:
    try:
        return hooks.affected_kind(code).label
    except UnknownKey:
        return "職に就いている人"


@staff(PeoplePermission.REORGANISE)
@reads_personal_data("改組の試算")
@require_POST
def apply(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """Make it so."""
    row = row_of(reorganisation_id)
    try:
        services.apply_reorganisation(actor=request.actor, reorganisation=row, expected_revision=_revision(request))
        messages.success(request, "改組を適用しました。その日の朝から新しい組織になり、案件や簿冊も移ります。")
    except Stale as error:
        messages.warning(request, error.message)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("people-staff:reorganisation", row.id)


@staff(PeoplePermission.REORGANISE)
@require_POST
def cancel(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """Call it off before its day."""
    row = row_of(reorganisation_id)
    try:
        services.cancel_reorganisation(actor=request.actor, reorganisation=row)
        messages.success(request, "適用を取りやめました。今の組織のままです。")
    except Stale:
        messages.warning(request, "その日が来ているので、取りやめられません。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("people-staff:reorganisation", row.id)


@staff(PeoplePermission.REORGANISE)
@require_POST
def discard(request: Request, reorganisation_id: UUID) -> HttpResponse:
    """Put the plan aside."""
    services.discard_reorganisation(actor=request.actor, reorganisation=row_of(reorganisation_id))
    messages.success(request, "この改組の試算は使わないことにしました。")
    return redirect("people-staff:reorganisations")


def _revision(request: Request) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
