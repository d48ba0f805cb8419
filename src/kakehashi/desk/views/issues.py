"""Pages of cross-section issues (全庁課題)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.likeness import sections
from kakehashi.desk.forms.work import CloseIssueForm, IssueForm
from kakehashi.desk.models import Consultation, CrossIssue, IssueMember
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.issues import OPEN, get_issue, issues_in, members_of, same_trouble
from kakehashi.desk.views.access import show_error
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.selectors import departments_on

_HEADERS = ("課題", "状態", "課の数", "相談の件数", "取りまとめる課", "作った日", "終えた日", "結果")


def _issue_or_404(issue_id: UUID) -> CrossIssue:
    try:
        return get_issue(issue_id)
    except NotFound:
        raise Http404 from None


@staff(DeskPermission.READ)
@require_safe
def issue_list(request: Request) -> HttpResponse:
    """The issues, by state; `?format=` writes them out."""
    state = request.GET.get("state", CrossIssue.State.OPEN.value)
    rows = issues_in(state).order_by("-raised_at", "-id")
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name="全庁課題", headers=_HEADERS, rows=[_line(row) for row in rows[:5_000]]
        )
    context = {
        "page": keyset_page(issues_in(state), order_by=("-raised_at", "-id"), cursor=request.GET.get("cursor")),
        "state": state,
        "states": CrossIssue.State.choices,
        "can_support": request.actor.can(DeskPermission.SUPPORT, request.government.id),
    }
    return render(request, "desk/issues.html", context)


def _line(row: Any) -> tuple[Any, ...]:
    return (
        row.title, row.get_state_display(), row.sections, row.asked, row.owner.name if row.owner else "", row.raised_at,
        row.closed_at, row.result,
    )  # fmt: skip


@staff(DeskPermission.SUPPORT)
def new_issue(request: Request) -> HttpResponse:
    """Make an issue of several consultations; `?from=` brings one and those like it, already ticked."""
    first = _first(request)
    same = same_trouble(request.actor, first) if first is not None else []
    ticked = [first, *same] if first is not None else []
    known = {row.id for row in ticked}
    recent = Consultation.objects.filter(state__in=OPEN, issue_members__isnull=True).select_related(
        "department", "asked_by"
    )
    others = [*ticked, *(row for row in recent.order_by("-created_at")[:60] if row.id not in known)]
    initial = {
        "title": first.task if first is not None else "", "summary": first.problem if first is not None else "",
        "consultations": [str(row.id) for row in ticked],
    }  # fmt: skip
    form = IssueForm(
        request.POST or None, initial=initial, departments=list(departments_on(clock.today())), others=others
    )
    if request.method == "POST" and form.is_valid():
        try:
            issue = services.raise_issue(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "全庁課題を作り、相談した人みんなに知らせました。")
            return redirect("desk-staff:issue", issue.id)
    return render(request, "desk/issue_new.html", {"form": form}, status=422 if form.errors else 200)


def _first(request: Request) -> Consultation | None:
    try:
        key = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    found: Consultation | None = (
        Consultation.objects.filter(id=key, state__in=OPEN).select_related("department", "asked_by").first()
    )
    return found


@staff(DeskPermission.READ)
@require_safe
def issue(request: Request, issue_id: UUID) -> HttpResponse:
    """One issue with its consultations."""
    return issue_page(request, _issue_or_404(issue_id))


def issue_page(
    request: Request, found: CrossIssue, form: CloseIssueForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an issue; `form` comes back with errors."""
    members = members_of(found)
    known = [hours for member in members if (hours := member.consultation.hours_a_year) is not None]
    can = request.actor.can(DeskPermission.SUPPORT, request.government.id)
    context = {
        "issue": found,
        "members": members,
        "sections": sections(member.consultation.department_id for member in members),
        "hours": sum(known) if known else None,
        "may_write": can and found.state == CrossIssue.State.OPEN,
        "close_form": form or CloseIssueForm(auto_id="close_%s"),
        "failed": "close" if form is not None else "",
    }
    return render(request, "desk/issue.html", context, status=status)


@staff(DeskPermission.SUPPORT)
@require_POST
def close(request: Request, issue_id: UUID) -> HttpResponse:
    """Say how an issue ended."""
    found, form = _issue_or_404(issue_id), CloseIssueForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return issue_page(request, found, form, status=422)
    try:
        services.close_issue(actor=request.actor, issue=found, **form.cleaned_data)
    except Stale as error:
        messages.warning(request, error.message)
    except DomainError as error:
        show_error(form, error)
        return issue_page(request, found, form, status=422)
    else:
        messages.success(request, "結果を残し、相談した人みんなに知らせました。")
    return redirect("desk-staff:issue", found.id)


@staff(DeskPermission.SUPPORT)
@require_POST
def leave(request: Request, member_id: UUID) -> HttpResponse:
    """Take a consultation out of an issue again."""
    member = IssueMember.objects.select_related("issue").filter(id=member_id).first()
    if member is None:
        raise Http404
    try:
        services.leave_issue(actor=request.actor, member=member, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "全庁課題から外しました。")
    return redirect("desk-staff:issue", member.issue_id)
