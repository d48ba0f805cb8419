"""照会: ask another section, answer, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.cases import hooks
from kakehashi.cases.forms import AnswerForm, InquiryForm
from kakehashi.cases.models import Case, Inquiry, MessageTemplate, Purpose, Scope
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import (
    get_inquiry,
    may_answer,
    may_see,
    templates_on_offer,
)
from kakehashi.cases.services import answer_inquiry, ask_section, text_for, withdraw_inquiry
from kakehashi.cases.services.inquiries import INQUIRY_FILE
from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale, beside
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_on

__all__ = ["ask", "inquiry", "withdraw"]

_DAYS = 5


@staff(CasePermission.HANDLE)
@reads_personal_data("審査（ほかの課への照会）", asks_reason=True)
@require_http_methods(["GET", "POST"])
def ask(request: Request, case_id: UUID) -> HttpResponse:
    """照会する: ask another section about a case."""
    case = Case.objects.select_related("department", "handler").filter(id=case_id).first()
    if case is None:
        raise Http404
    others = [each for each in departments_on(clock.today()) if each.id != case.department_id]
    initial = {"due_on": add_business_days(clock.today(), _DAYS), "question": _prefilled(request, case)}
    form = InquiryForm(request.POST or None, request.FILES or None, departments=others, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            given["files"] = _stored(request, given.pop("papers"))
            ask_section(actor=request.actor, case=case, **given)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{given['department'].name}に照会しました。回答は、この案件に届きます。")
            return redirect("cases-staff:case", case.id)
    context = {
        "case": case,
        "form": form,
        "templates": templates_on_offer(request.actor, Purpose.INQUIRY),
    }
    return render(request, "cases/ask.html", context, status=422 if form.is_bound else 200)


def _prefilled(request: Request, case: Case) -> str:
    """The text of the template the address names, filled in for this case."""
    try:
        wanted = UUID(request.GET.get("template", ""))
    except ValueError:
        return ""
    found = MessageTemplate.objects.filter(id=wanted, retired_at__isnull=True).first()
    return text_for(found, case) if found else ""


@staff(CasePermission.READ)
@reads_personal_data("ほかの課からの照会への回答")
@require_http_methods(["GET", "POST"])
def inquiry(request: Request, inquiry_id: UUID) -> HttpResponse:
    """The question with what the asked section may see, and its answer."""
    found = _get(request, inquiry_id)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            given["files"] = _stored(request, given.pop("papers"))
            answer_inquiry(actor=request.actor, inquiry=found, **given)
        except Stale as error:
            messages.warning(request, error.message)
            return redirect("cases-staff:inquiry", found.id)
        except PermissionRefused:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{found.asked_from}に回答しました。")
            return redirect("cases-staff:inbox")
    context: dict[str, Any] = {
        "inquiry": found,
        "form": form,
        "may_answer": found.is_open and may_answer(request.actor, found),
        "may_withdraw": found.is_open and not may_answer(request.actor, found),
        "files": list(found.attachments.select_related("stored_file")),
    }
    if found.scope == Scope.CONTENT:
        context |= _content(request, found.case)
    return render(request, "cases/inquiry.html", context, status=422 if form.is_bound else 200)


def _content(request: Request, case: Case) -> dict[str, Any]:
    """The asking case as its own page shows it, without acts."""
    kind = hooks.case_kind(case.kind)
    if case.kind.partition(".")[0] not in request.rooms or not kind.summary_template:
        return {}
    shown = dict(kind.summary_context(case)) if kind.summary_context else {}
    return {
        **shown,
        "case": case,
        "is_asked": True,
        "summary_template": kind.summary_template,
        "can_accept": False,
        "can_confirm": False,
    }


@staff(CasePermission.HANDLE)
@require_POST
def withdraw(request: Request, inquiry_id: UUID) -> HttpResponse:
    """照会を取り下げる."""
    found = _get(request, inquiry_id)
    try:
        withdraw_inquiry(actor=request.actor, inquiry=found)
    except Stale as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "照会を取り下げました。")
    return redirect("cases-staff:case", found.case_id)


def _stored(request: Request, files: list[Any]) -> list[StoredFile]:
    with beside("papers"):
        return [store_file(actor=request.actor, name=file.name, content=file, purpose=INQUIRY_FILE) for file in files]


def _get(request: Request, inquiry_id: UUID) -> Inquiry:
    """A question between two sections; for everybody else it does not exist."""
    found = get_inquiry(inquiry_id)
    if found is None or not may_see(request.actor, found):
        raise Http404
    return found
