"""What a person does to one case besides its own acts: follow, label, pin, hand to another section; and the hand-over of all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.cases.forms import HandOverForm, TransferForm
from kakehashi.cases.models import Case, Label, Message, Thread
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import possible_handlers
from kakehashi.cases.services import (
    follow_case,
    hand_over_cases,
    pin_message,
    set_labels,
    transfer_case,
    unfollow_case,
    unpin_message,
)
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.people.models import Department, Person
from kakehashi.people.selectors import departments_on

__all__ = ["follow", "hand_over", "labels_of_case", "pin", "transfer"]

_SHOWN = 200


def _case(case_id: UUID) -> Case:
    found: Case | None = Case.objects.select_related("department", "handler").filter(id=case_id).first()
    if found is None:
        raise Http404
    return found


@staff(CasePermission.READ)
@require_POST
def follow(request: Request, case_id: UUID) -> HttpResponse:
    """フォローする, or no more."""
    case = _case(case_id)
    if request.POST.get("on") == "0":
        unfollow_case(actor=request.actor, case=case)
        messages.success(request, "フォローをやめました。")
    else:
        follow_case(actor=request.actor, case=case)
        messages.success(request, "フォローしました。動きがあると、お知らせが届きます。")
    return redirect("cases-staff:case", case.id)


@staff(CasePermission.HANDLE)
@require_POST
def labels_of_case(request: Request, case_id: UUID) -> HttpResponse:
    """Lay exactly the chosen labels on the case; those of other sections stay."""
    case = _case(case_id)
    offered = {str(each) for each in request.POST.getlist("offered")}
    chosen = [each for each in request.POST.getlist("labels") if each in offered]
    there = case.case_labels.values_list("label_id", flat=True)
    others = [each for each in there if str(each) not in offered]
    wanted = Label.objects.filter(id__in=[*_ids(chosen), *others])
    if set_labels(actor=request.actor, case=case, labels=list(wanted)):
        messages.success(request, "ラベルを変えました。")
    return redirect("cases-staff:case", case.id)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@staff(CasePermission.HANDLE)
@require_POST
def pin(request: Request, case_id: UUID, message_id: UUID) -> HttpResponse:
    """メモを固定する, or no more."""
    message = Message.objects.filter(id=message_id, case_id=case_id, thread=Thread.INTERNAL).first()
    if message is None:
        raise Http404
    try:
        if request.POST.get("on") == "0":
            unpin_message(actor=request.actor, message=message)
        else:
            pin_message(actor=request.actor, message=message)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("cases-staff:case", case_id)


@staff(CasePermission.HANDLE)
@reads_personal_data("審査（担当課の変更）", asks_reason=True)
@require_http_methods(["GET", "POST"])
def transfer(request: Request, case_id: UUID) -> HttpResponse:
    """担当課を変える: another section handles the case from now on."""
    case = _case(case_id)
    others = [each for each in departments_on(clock.today()) if each.id != case.department_id]
    form = TransferForm(request.POST or None, departments=others)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            transfer_case(
                actor=request.actor, case=case, department=given["department"], handler=None, reason=given["reason"]
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"担当課を{given['department'].name}に変えました。")
            return redirect("cases-staff:inbox")
    return render(request, "cases/transfer.html", {"case": case, "form": form}, status=422 if form.is_bound else 200)


@staff(CasePermission.HANDLE)
@reads_personal_data("担当する案件の引継ぎ")
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, person_id: UUID) -> HttpResponse:
    """引継ぎ: what the person handles, and who takes all of it."""
    leaving = Person.objects.filter(id=person_id).first()
    if leaving is None:
        raise Http404
    rows = Case.objects.filter(handler=leaving, closed_at__isnull=True).select_related("department")
    section = _section(request)
    if section is not None:
        rows = rows.filter(department=section)
    listed, total = list(rows.order_by("sort_on", "id")[:_SHOWN]), rows.count()
    people = [
        each for each in possible_handlers(request.actor, section.id if section else None) if each.id != leaving.id
    ]
    successor = request.GET.get("to", "")
    named = _ids([successor])
    people += Person.objects.filter(id__in=named, is_active=True).exclude(id__in=[each.id for each in people])
    form = HandOverForm(request.POST or None, people=people, initial={"successor": successor})
    if request.method == "POST" and form.is_valid():
        try:
            count = hand_over_cases(
                actor=request.actor, leaving=leaving, successor=form.cleaned_data["successor"], department=section
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{count}件を{form.cleaned_data['successor'].name}さんに引き継ぎました。")
            return redirect(f"{reverse('cases-staff:inbox')}?tab=department")
    context = {"leaving": leaving, "rows": listed, "total": total, "form": form, "section": section}
    return render(request, "cases/hand_over.html", context, status=422 if form.is_bound else 200)


def _section(request: Request) -> Department | None:
    """Only the cases of this section, when the address says so."""
    try:
        wanted = UUID(request.GET.get("department", ""))
    except ValueError:
        return None
    return Department.objects.filter(id=wanted).first()
