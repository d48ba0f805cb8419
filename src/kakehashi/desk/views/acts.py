"""What is done with a consultation: one view for each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kakehashi.desk import services
from kakehashi.desk.domain.options import Step
from kakehashi.desk.forms import CycleForm, DeclineForm, PurposeForm, ResolveForm, SupporterForm, WaitForm
from kakehashi.desk.hooks import get_promotion
from kakehashi.desk.models import Consultation, RootCause, SolutionOption
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import supporter_suggestions
from kakehashi.desk.views.access import consultation_or_404, show_error
from kakehashi.desk.views.consultations import consultation_page
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.requests import Request
from kakehashi.people.models import Person


@staff(DeskPermission.SUPPORT)
@require_POST
def purpose(request: Request, consultation_id: UUID) -> HttpResponse:
    """Confirm purpose and desired state."""
    found = consultation_or_404(request, consultation_id)
    form = PurposeForm(request.POST, auto_id="purpose_%s")

    def act() -> object:
        return services.confirm_purpose(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "目的と目指す状態を確認しました。", form=form, name="purpose")


@staff(DeskPermission.SUPPORT)
@require_POST
def assign(request: Request, consultation_id: UUID) -> HttpResponse:
    """Decide who supports; the reasons that were shown are kept with the decision."""
    found = consultation_or_404(request, consultation_id)
    form = SupporterForm(request.POST, auto_id="assign_%s", suggestions=supporter_suggestions(found))

    def act() -> object:
        chosen = form.cleaned_data["supporter"]
        return services.assign_supporter(
            actor=request.actor,
            consultation=found,
            supporter=Person.objects.get(id=chosen),
            reason=form.reasons[chosen],
        )

    return do_act(request, found, act, "支援担当を決め、本人と相談した人に知らせました。", form=form, name="assign")


@staff(DeskPermission.SUPPORT)
@require_POST
def cycle(request: Request, consultation_id: UUID) -> HttpResponse:
    """Write one turn in one line."""
    found = consultation_or_404(request, consultation_id)
    form = CycleForm(request.POST, auto_id="cycle_%s")

    def act() -> object:
        return services.record_cycle(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "一行残しました。", form=form, name="cycle")


@staff(DeskPermission.SUPPORT)
@require_POST
def wait(request: Request, consultation_id: UUID) -> HttpResponse:
    """Say what the work waits for."""
    found = consultation_or_404(request, consultation_id)
    form = WaitForm(request.POST, auto_id="wait_%s")

    def act() -> object:
        return services.wait_for(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "待っていることを記録しました。", form=form, name="wait")


@staff(DeskPermission.SUPPORT)
@require_POST
def decline(request: Request, consultation_id: UUID) -> HttpResponse:
    """Say that the desk does not take it, and why."""
    found = consultation_or_404(request, consultation_id)
    form = DeclineForm(request.POST, auto_id="decline_%s")

    def act() -> object:
        return services.decline_consultation(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "対応しないことを記録しました。", form=form, name="decline")


@staff(DeskPermission.FILE)
@require_POST
def withdraw(request: Request, consultation_id: UUID) -> HttpResponse:
    """Take one's own consultation back."""
    found = consultation_or_404(request, consultation_id)
    return do_act(
        request,
        found,
        lambda: services.withdraw_consultation(actor=request.actor, consultation=found),
        "取り下げました。",
    )


@staff(DeskPermission.SUPPORT)
def resolve(request: Request, consultation_id: UUID) -> HttpResponse:
    """Say what was done and what it changed."""
    found = consultation_or_404(request, consultation_id)
    form = ResolveForm(request.POST or None, initial=resolve_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.resolve_consultation(actor=request.actor, consultation=found, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "相談が解決しました。次は、事例にしてほかの課や町に伝えられます。")
            return redirect("desk-staff:consultation", found.id)
    status = 422 if form.errors else 200
    return render(request, "desk/resolve.html", {"consultation": found, "form": form}, status=status)


def resolve_initial(found: Consultation) -> dict[str, Any]:
    """What is known already: the causes that were found, the options that were taken and their extra work."""
    causes = "\n".join(cause.text for cause in RootCause.objects.filter(consultation=found).order_by("id"))
    taken = list(SolutionOption.objects.filter(consultation=found, choice=SolutionOption.Choice.CHOSEN).order_by("id"))
    hours = [option.migration_hours for option in taken if option.migration_hours is not None]
    return {
        "after_cases": found.cases_a_year, "cause": found.cause or causes,
        "what_was_done": "\n".join(option.text for option in taken),
        "migration_hours": sum(hours) if hours else None,
        "is_discontinued": any(option.step == Step.DISCONTINUE for option in taken),
    }  # fmt: skip


@staff(DeskPermission.SUPPORT)
@require_POST
def promote(request: Request, consultation_id: UUID) -> HttpResponse:
    """Turn the consultation into a thing of another room."""
    found = consultation_or_404(request, consultation_id)
    kind = request.POST.get("kind", "")
    try:
        label = get_promotion(kind).label
        url = services.promote_consultation(
            actor=request.actor, consultation=found, kind=kind, choice=request.POST.get("choice", "")
        )
    except UnknownKey:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:consultation", found.id)
    messages.success(request, f"相談から{label}を作りました。")
    return redirect(url)


@staff(DeskPermission.CASE_WRITE)
@require_POST
def write_case(request: Request, consultation_id: UUID) -> HttpResponse:
    """Begin a solved case from a solved consultation."""
    found = consultation_or_404(request, consultation_id)
    try:
        case = services.draft_solved_case(actor=request.actor, consultation=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:consultation", found.id)
    return redirect("desk-staff:case-edit", case.id)


@staff(DeskPermission.SUPPORT)
@require_POST
def tick(request: Request, step_id: UUID) -> HttpResponse:
    """Tick a step of work taken over from elsewhere."""
    try:
        step = services.tick_step(actor=request.actor, step_id=step_id, is_done=request.POST.get("done") == "1")
    except NotFound:
        raise Http404 from None
    return redirect("desk-staff:consultation", step.consultation_id)


def do_act(
    request: Request,
    found: Consultation,
    act: Callable[[], object],
    words: str,
    *,
    form: django_forms.BaseForm | None = None,
    name: str = "",
) -> HttpResponse:
    """Do one act and go back to the page; a refusal comes back beside the field, with what was typed."""
    if form is not None and not form.is_valid():
        return consultation_page(request, found, failed=name, form=form, status=422)
    try:
        act()
    except DomainError as error:
        if form is None:
            messages.error(request, error.message)
            return redirect("desk-staff:consultation", found.id)
        show_error(form, error)
        return consultation_page(request, found, failed=name, form=form, status=422)
    except NotFound:
        raise Http404 from None
    messages.success(request, words)
    return redirect("desk-staff:consultation", found.id)
