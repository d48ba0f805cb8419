"""課題: given at the meeting, one's own list, finished with a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.meetings import selectors, services
from kakehashi.meetings.forms.outcomes import ActionForm, FinishForm, HandOverForm, ProposeForm
from kakehashi.meetings.models import Action
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Seat
from kakehashi.meetings.views.answers import add_problem, form_page, meeting_or_404, only, posted, posted_key

TABS = (("mine", "自分の課題"), ("open", "会議の課題"), ("all", "終わったものも"))


def _action_or_404(request: Request, action_id: UUID) -> tuple[Action, Seat | None]:
    try:
        return selectors.find_action(request.actor, action_id)
    except NotFound:
        raise Http404 from None


@staff(MeetingsPermission.READ)
@require_GET
def actions(request: Request) -> HttpResponse:
    """The list of actions with owner and due date: one's own, those of one's meetings, or all."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else "mine"
    rows = selectors.actions_of(request.actor, tab)
    if request.GET.get("format"):
        return spreadsheet_response(
            kind=request.GET["format"],
            name="会議の課題",
            headers=("会議", "すること", "担当", "課", "期限", "状態", "結果"),
            rows=(
                (one.meeting.title, one.title, one.owner_label, one.department.name, one.due_on, one.state_word, one.result)
                for one in rows.order_by("due_on", "id")[:20000]
            ),
        )  # fmt: skip
    page = keyset_page(rows, order_by=("due_on", "id"), cursor=request.GET.get("cursor"), size=50)
    return render(request, "meetings/actions.html", {"page": page, "tab": tab, "tabs": TABS})


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def new_action(request: Request, meeting_id: UUID) -> HttpResponse:
    """Give somebody something to do."""
    meeting, seat = meeting_or_404(request, meeting_id)
    only(seat.leads)
    items = selectors.items_of(meeting, seat)
    form = ActionForm(posted(request), meeting=meeting, items=items, initial={"item": request.GET.get("item")})

    def save(data: dict[str, Any]) -> str:
        services.assign_action(actor=request.actor, meeting=meeting, idempotency_key=posted_key(request), **data)
        return reverse("meetings-staff:meeting", args=[meeting.id])

    context = {"title": "課題を決める", "verb": "課題を決める", "meeting": meeting}
    return form_page(request, form, save, context, done="課題を決め、担当者に知らせました。")


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def action(request: Request, action_id: UUID) -> HttpResponse:
    """One action; its owner or who runs the meeting finishes it here."""
    found, seat = _action_or_404(request, action_id)
    may_finish = found.owner_id == request.actor.id or (seat is not None and seat.leads)
    form = FinishForm(posted(request))
    if request.method == "POST":
        only(may_finish)
        if form.is_valid():
            try:
                services.finish_action(
                    actor=request.actor, action=found, result=form.cleaned_data["result"], is_dropped="drop" in request.POST
                )  # fmt: skip
            except DomainError as problem:
                add_problem(form, problem)
            else:
                found, seat = _action_or_404(request, action_id)
                form = FinishForm()
    context = {
        "action": found,
        "seat": seat,
        "may_finish": may_finish and found.is_open,
        "form": form,
        "links": found.item.links.all() if found.item is not None and seat is not None else [],
        "proposals": selectors.proposals_from(request.actor, selectors.ACTION, [found.id]).get(found.id, []),
        "may_propose": may_finish and "approvals" in request.rooms,
        "case_id": selectors.case_of_action(found) if may_finish and "cases" in request.rooms else None,
    }
    return render(request, "meetings/action.html", context, status=422 if form.errors else 200)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, action_id: UUID) -> HttpResponse:
    """課題を引き継ぐ: to another person or post, with everything that was written about it."""
    found, seat = _action_or_404(request, action_id)
    only(found.is_open and (found.owner_id == request.actor.id or (seat is not None and seat.leads)))

    def save(data: dict[str, Any]) -> str:
        services.hand_over_action(actor=request.actor, action=found, **data)
        return reverse("meetings-staff:actions")

    context = {
        "title": f"引き継ぐ：{found.title}",
        "verb": "課題を引き継ぐ",
        "before": f"いまの担当：{found.owner_label}",
    }
    done = "課題を引き継ぎ、新しい担当者に知らせました。"
    return form_page(request, HandOverForm(posted(request)), save, context, done=done)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def propose(request: Request, action_id: UUID) -> HttpResponse:
    """課題から起案する."""
    found, seat = _action_or_404(request, action_id)
    only(found.owner_id == request.actor.id or (seat is not None and seat.leads))

    def save(data: dict[str, Any]) -> str:
        made = services.propose_action(
            actor=request.actor, action=found, matter_code=data["matter"], idempotency_key=posted_key(request)
        )
        return reverse("approvals-staff:edit", args=[made.id])

    context = {"title": f"起案する：{found.title}", "verb": "起案する", "before": found.detail}
    done = "起案の下書きを作りました。確かめて、回議に出してください。"
    return form_page(request, ProposeForm(posted(request)), save, context, done=done)
