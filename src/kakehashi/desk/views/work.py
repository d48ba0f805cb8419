"""The work on a consultation: one view for each verb."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kakehashi.desk import services
from kakehashi.desk.domain.options import STEPS_WITH_TOOL
from kakehashi.desk.forms.work import (
    CauseForm,
    DecideForm,
    EscalateForm,
    EscalationAnswerForm,
    JoinForm,
    MergeForm,
    OptionForm,
    TaskForm,
    TriageForm,
)
from kakehashi.desk.models import Escalation, SolutionOption
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.intake import origin_of, possible_askers
from kakehashi.desk.selectors.issues import mergeable, open_issues, same_trouble
from kakehashi.desk.selectors.work import escalation_line, tools_for
from kakehashi.desk.views.access import consultation_or_404
from kakehashi.desk.views.acts import do_act
from kakehashi.desk.views.work_page import split_form
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_on


@staff(DeskPermission.SUPPORT)
@require_POST
def triage(request: Request, consultation_id: UUID) -> HttpResponse:
    """The desk takes the consultation and says what it is about."""
    found = consultation_or_404(request, consultation_id)
    form = TriageForm(request.POST, auto_id="triage_%s")

    def act() -> object:
        return services.triage_consultation(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(
        request, found, act, "受け付けました。テーマの確認事項を「やること」に入れました。", form=form, name="triage"
    )


@staff(DeskPermission.SUPPORT)
@require_POST
def cause(request: Request, consultation_id: UUID) -> HttpResponse:
    """Write down a cause with its whys."""
    found = consultation_or_404(request, consultation_id)
    form = CauseForm(request.POST, auto_id="cause_%s", departments=list(departments_on(clock.today())))

    def act() -> object:
        return services.record_cause(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "原因を残しました。", form=form, name="cause")


@staff(DeskPermission.SUPPORT)
@require_POST
def option(request: Request, consultation_id: UUID) -> HttpResponse:
    """Write down an option of a step, or (`act=none`) why the step has nothing."""
    found = consultation_or_404(request, consultation_id)
    step, is_fit, wishes = request.POST.get("step", ""), request.POST.get("act") != "none", origin_of(found)
    takes_tool = step in {each.value for each in STEPS_WITH_TOOL}
    form = OptionForm(
        request.POST, auto_id=f"option-{step}_%s", takes_tool=takes_tool, tools=tools_for(wishes.zone if wishes else "")
    )

    def act() -> object:
        return services.write_option(actor=request.actor, consultation=found, is_fit=is_fit, **form.cleaned_data)

    words = "案を残しました。" if is_fit else "この段は当てはまらないと残しました。次の段へ進めます。"
    return do_act(request, found, act, words, form=form, name=f"option-{step}")


@staff(DeskPermission.SUPPORT)
@require_POST
def decide_option(request: Request, option_id: UUID) -> HttpResponse:
    """Take an option or let it go."""
    row = SolutionOption.objects.filter(id=option_id).first()
    if row is None:
        raise Http404
    found = consultation_or_404(request, row.consultation_id)
    form = DecideForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError("決めたことと理由を書いてください。")
        services.decide_option(actor=request.actor, option=row, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "案について決めたことを残しました。")
    return redirect("desk-staff:consultation", found.id)


@staff(DeskPermission.SUPPORT)
@require_POST
def task(request: Request, consultation_id: UUID) -> HttpResponse:
    """Write down something to do."""
    found = consultation_or_404(request, consultation_id)
    form = TaskForm(request.POST, auto_id="task_%s", people=possible_askers())

    def act() -> object:
        return services.add_task(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "やることに加えました。", form=form, name="task")


@staff(DeskPermission.READ)
@require_POST
def finish_task(request: Request, task_id: UUID) -> HttpResponse:
    """Tick something as done, or not."""
    try:
        done = services.finish_task(actor=request.actor, task_id=task_id, is_done=request.POST.get("done") == "1")
    except NotFound:
        raise Http404 from None
    return redirect("desk-staff:consultation", done.consultation_id)


@staff(DeskPermission.SUPPORT)
@require_POST
def escalate(request: Request, consultation_id: UUID) -> HttpResponse:
    """Hand a question up."""
    found = consultation_or_404(request, consultation_id)
    form = EscalateForm(request.POST, auto_id="escalate_%s", line=escalation_line(found))

    def act() -> object:
        return services.escalate_consultation(actor=request.actor, consultation=found, **form.cleaned_data)

    return do_act(request, found, act, "上に相談しました。本人に知らせました。", form=form, name="escalate")


@staff(DeskPermission.READ)
@require_POST
def answer(request: Request, escalation_id: UUID) -> HttpResponse:
    """Answer what was handed up; only who was asked."""
    row = Escalation.objects.select_related("asked_by", "to").filter(id=escalation_id).first()
    if row is None or row.to_id != request.actor.id:
        raise Http404
    found = consultation_or_404(request, row.consultation_id)
    row.consultation = found
    form = EscalationAnswerForm(request.POST, auto_id="answer_%s")

    def act() -> object:
        return services.answer_escalation(actor=request.actor, escalation=row, **form.cleaned_data)

    return do_act(request, found, act, "返事を伝えました。", form=form, name="answer")


@staff(DeskPermission.SUPPORT)
@require_POST
def merge(request: Request, consultation_id: UUID) -> HttpResponse:
    """Let this consultation go on in another one."""
    found = consultation_or_404(request, consultation_id)
    form = MergeForm(request.POST, auto_id="merge_%s", others=mergeable(found, same_trouble(request.actor, found)))

    def act() -> object:
        given = form.cleaned_data
        return services.merge_consultations(
            actor=request.actor, source=found, target=given["joins"], reason=given["reason"]
        )

    return do_act(
        request, found, act, "いっしょに進めることにしました。相談した人に知らせました。", form=form, name="merge"
    )


@staff(DeskPermission.SUPPORT)
@require_POST
def split(request: Request, consultation_id: UUID) -> HttpResponse:
    """Take a second trouble out into a consultation of its own."""
    found = consultation_or_404(request, consultation_id)
    form = split_form(found, request.POST)

    def act() -> object:
        given = dict(form.cleaned_data)
        ids = [UUID(each) for each in given.pop("messages")]
        return services.split_consultation(actor=request.actor, consultation=found, message_ids=ids, **given)

    return do_act(request, found, act, "二つの相談に分けました。", form=form, name="split")


@staff(DeskPermission.SUPPORT)
@require_POST
def join(request: Request, consultation_id: UUID) -> HttpResponse:
    """Join a consultation to a cross-section issue."""
    found = consultation_or_404(request, consultation_id)
    form = JoinForm(request.POST, auto_id="join_%s", issues=open_issues())

    def act() -> object:
        return services.join_issue(actor=request.actor, consultation=found, issue=form.cleaned_data["issue"])

    return do_act(request, found, act, "全庁課題に加えました。", form=form, name="join")
