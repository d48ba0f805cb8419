"""Trials of tools: the list, one trial with how people feel over time, the short survey, the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.pulse import Pulse, trend
from kakehashi.desk.forms.trials import DecideForm, ExtendForm, PulseForm, TrialForm
from kakehashi.desk.models import ToolTrial
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import get_consultation
from kakehashi.desk.selectors.trials import (
    TRIAL_TABS,
    comments,
    get_trial,
    open_tickets,
    people_in,
    pulses,
    ticket_of,
    tool_tried,
    trials,
)
from kakehashi.desk.selectors.work import tools
from kakehashi.desk.views.outcome import attempt
from kakehashi.indicators.adapters.charts import draw_series
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Person
from kakehashi.people.selectors import departments_on

_HEADERS = ("ツール", "何を確かめるか", "課", "始めた人", "始まり", "終わり", "試す人", "状態", "理由", "決めた日")
_ROUNDS = (
    "回",
    "聞いた日",
    "聞いた人",
    "答えた人",
    "使いやすさ（1〜5）",
    "役に立つか（1〜5）",
    "使いにくいと答えた割合（%）",
)


@staff(DeskPermission.TRIAL_READ)
@require_safe
def trial_list(request: Request) -> HttpResponse:
    """Show what the visitor is asked, then the trials."""
    tab = request.GET.get("tab", "running")
    tab = tab if tab in TRIAL_TABS else "running"
    rows = trials(tab)
    if kind := request.GET.get("format"):
        lines = [
            (r.tool, r.aim, r.department.name if r.department else "", r.owner.name, r.starts_on, r.ends_on, getattr(r, "member_count", 0),
             r.state_label, r.reason, r.decided_at)
            for r in rows.order_by("-created_at")[:5000]
        ]  # fmt: skip
        return spreadsheet_response(kind=kind, name="ツールの試行", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor"), size=30),
        "tabs": TRIAL_TABS.items(),
        "tab": tab,
        "tickets": open_tickets(request.actor)[:10],
        "can_run": request.actor.can(DeskPermission.TRIAL_RUN, request.government.id),
    }
    return render(request, "desk/trials.html", context)


@staff(DeskPermission.TRIAL_RUN)
def new_trial(request: Request) -> HttpResponse:
    """Begin a trial; `?consultation=` names the one whose solution it tries."""
    department_id = getattr(request.actor, "department_id", None)
    departments = [(str(row.id), row.name) for row in departments_on(clock.today())]
    colleagues = list(people_in([department_id])[:200]) if department_id else []
    origin = None
    if wanted := request.GET.get("consultation"):
        try:
            origin = get_consultation(request.actor, UUID(wanted))
        except (ValueError, NotFound):
            raise Http404 from None
    form = TrialForm(
        request.POST or None, departments=departments, people=[(str(p.id), p.name) for p in colleagues],
        initial={"starts_on": clock.today(), "tool": request.GET.get("tool", "")[:100], "aim": origin.desired_state if origin else ""},
    )  # fmt: skip
    made: list[ToolTrial] = []

    def act() -> None:
        values: dict[str, Any] = dict(form.cleaned_data)
        members = list(people_in([UUID(each) for each in values.pop("departments")]))
        members += Person.objects.filter(id__in=values.pop("people"), is_active=True)
        made.append(services.begin_trial(actor=request.actor, members=members, consultation=origin, **values))

    if request.method == "POST" and attempt(
        request, form, act, "試行を始めました。聞く日になると、試す人に知らせます。"
    ):
        return redirect("desk-staff:trial", made[0].id)
    context = {"form": form, "origin": origin, "known_tools": tools().filter(retired_on__isnull=True)[:500]}
    return render(request, "desk/trial_new.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.TRIAL_READ)
@require_safe
def trial(request: Request, trial_id: UUID) -> HttpResponse:
    """Show one trial: how people feel over time, drawn and as a table; `?format=` writes the rounds out."""
    found = _trial_or_404(trial_id)
    if kind := request.GET.get("format"):
        lines = [(p.number, p.opened_on, p.asked, p.answered, p.ease, p.use, p.hard_share) for p in pulses(found)]
        return spreadsheet_response(kind=kind, name=f"{found.tool}の試行", headers=_ROUNDS, rows=lines)
    return _page(request, found)


def _page(
    request: Request,
    found: ToolTrial,
    *,
    decide_form: DecideForm | None = None,
    extend_form: ExtendForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rounds = pulses(found)
    context = {
        "trial": found,
        "rounds": rounds,
        "chart": _chart(rounds),
        "trend": trend(rounds),
        "comments": comments(found),
        "known_tool": tool_tried(found),
        "can_support": request.actor.can(DeskPermission.SUPPORT, request.government.id),
        "members": found.members.select_related("person"),
        "ticket": open_tickets(request.actor).filter(round__trial=found).first(),
        "can_run": not found.decision and request.actor.can(DeskPermission.TRIAL_RUN, request.government.id),
        "decide_form": decide_form or DecideForm(auto_id="decide_%s"),
        "extend_form": extend_form or ExtendForm(auto_id="extend_%s"),
        "extend_failed": extend_form is not None,
        "decide_failed": decide_form is not None,
    }
    return render(request, "desk/trial.html", context, status=status)


def _chart(rounds: list[Pulse]) -> Any:
    texts = ["" if pulse.ease is None else f"{pulse.ease}" for pulse in rounds]
    return draw_series([f"{p.number}回" for p in rounds], [p.ease for p in rounds], texts, ceiling=Decimal(5))


@staff(DeskPermission.TRIAL_READ)
def pulse(request: Request, round_id: UUID) -> HttpResponse:
    """Two questions, ten seconds."""
    try:
        ticket = ticket_of(request.actor, round_id)
    except NotFound:
        raise Http404 from None
    form = PulseForm(request.POST or None)
    act = lambda: services.answer_pulse(actor=request.actor, round_id=round_id, **form.cleaned_data)  # noqa: E731 - one act
    if request.method == "POST" and attempt(request, form, act, "ありがとうございました。"):
        return redirect("desk-staff:trial", ticket.round.trial_id)
    context = {"form": form, "ticket": ticket, "trial": ticket.round.trial}
    return render(request, "desk/pulse.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.TRIAL_RUN)
@require_POST
def decide(request: Request, trial_id: UUID) -> HttpResponse:
    """Spread the tool or stop."""
    found, form = _trial_or_404(trial_id), DecideForm(request.POST, auto_id="decide_%s")
    act = lambda: services.decide_trial(actor=request.actor, trial=found, **form.cleaned_data)  # noqa: E731 - one act
    if attempt(request, form, act, "決めました。試した人に知らせます。"):
        return redirect("desk-staff:trial", found.id)
    return _page(request, found, decide_form=form, status=422)


@staff(DeskPermission.TRIAL_RUN)
@require_POST
def extend(request: Request, trial_id: UUID) -> HttpResponse:
    """Go on trying."""
    found, form = _trial_or_404(trial_id), ExtendForm(request.POST, auto_id="extend_%s")
    act = lambda: services.extend_trial(actor=request.actor, trial=found, **form.cleaned_data)  # noqa: E731 - one act
    if attempt(request, form, act, "試す期間を延ばしました。"):
        return redirect("desk-staff:trial", found.id)
    return _page(request, found, extend_form=form, status=422)


def _trial_or_404(trial_id: UUID) -> ToolTrial:
    try:
        return get_trial(trial_id)
    except NotFound:
        raise Http404 from None
