"""会議: one's own list, one meeting, and the verbs that bring it from 準備中 to 閉会."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.forms.meetings import MeetingForm, ReasonForm
from kakehashi.meetings.hooks import link_target
from kakehashi.meetings.models import Action, AgendaLink, Attendance, Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Seat
from kakehashi.meetings.views.answers import (
    body_or_404,
    form_page,
    meeting_or_404,
    only,
    posted,
    posted_key,
    try_act,
)


@staff(MeetingsPermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """The meetings one has a seat at: what is coming, then what was, page by page."""
    past = keyset_page(
        selectors.past_meetings(request.actor),
        order_by=("-starts_at", "-id"),
        cursor=request.GET.get("cursor"),
        size=30,
    )
    context = {
        "coming": list(selectors.coming_meetings(request.actor)[:50]),
        "page": past,
        "serving": [body for body in selectors.active_bodies() if selectors.serves(request.actor, body)],
        "may_manage": request.actor.can(MeetingsPermission.MANAGE, request.government.id),
    }
    return render(request, "meetings/index.html", context)


@staff(MeetingsPermission.READ)
@require_GET
def meeting(request: Request, meeting_id: UUID) -> HttpResponse:
    """Everything of one meeting that the visitor's seat lets them see."""
    found, seat = meeting_or_404(request, meeting_id)
    lines = _lines(request, found, seat)
    context = {
        "meeting": found,
        "seat": seat,
        "lines": lines,
        "loose_actions": Action.objects.filter(meeting=found, item__isnull=True).order_by("due_on", "id"),
        "attendances": list(Attendance.objects.filter(meeting=found)),
        "members": selectors.members_of(found.body) if not found.is_given_out else [],
        "quorum": selectors.quorum_of(found),
        "may_follow": found.is_open,
        "may_answer": (seat.is_member or seat.is_chair) and found.is_given_out and not found.is_over,
        "may_act": seat.leads and (found.is_open or found.is_over),
        "may_propose": "approvals" in request.rooms
        and request.actor.can(ApprovalsPermission.DRAFT, request.government.id),
        "may_read_minutes": selectors.reads_minutes(request.actor, found, seat),
    }
    return render(request, "meetings/meeting.html", context)


def _lines(request: Request, found: Meeting, seat: Seat) -> list[dict[str, Any]]:
    """The agenda as it is shown: each item with what came of it and what it is linked to."""
    items = selectors.items_of(found, seat)
    decisions = {item.id: decision for item in items for decision in item.decisions.all()}
    made = [one.id for one in decisions.values()]
    proposals = selectors.proposals_from(request.actor, selectors.DECISION, made) if made else {}
    actions: dict[UUID, list[Action]] = {}
    for action in Action.objects.filter(meeting=found, item__isnull=False).order_by("due_on", "id"):
        if action.item_id is not None:
            actions.setdefault(action.item_id, []).append(action)
    return [
        {
            "item": item,
            "reads": seat.reads(item, found),
            "prepares": seat.prepares(item),
            "decision": decisions.get(item.id),
            "proposals": proposals.get(decisions[item.id].id, []) if item.id in decisions else [],
            "actions": actions.get(item.id, []),
            "links": [_shown(request, link) for link in item.links.all()],
        }
        for item in items
    ]


def _shown(request: Request, link: AgendaLink) -> dict[str, Any]:
    """A link with its address, for whoever may follow it; else with the words it was made with."""
    target = link_target(link.kind)
    found = None
    may_follow = target is not None and request.actor.can(target.permission, request.government.id)
    if target is not None and may_follow and target.room in request.rooms:
        found = target.describe(link.target_id)
    label, url = found or (link.label, "")
    return {"id": link.id, "kind": target.label if target is not None else link.kind, "label": label, "url": url}


@staff(MeetingsPermission.RUN)
@require_http_methods(["GET", "POST"])
def call(request: Request, body_id: UUID) -> HttpResponse:
    """Call a meeting of a body."""
    body = body_or_404(body_id)
    only(selectors.serves(request.actor, body))
    form = MeetingForm(posted(request), body=body, initial={"clerk": request.actor.id})

    def save(data: dict[str, Any]) -> str:
        made = services.call_meeting(
            actor=request.actor, body=body, starts_at=data["starts_at"], title=data["title"],
            idempotency_key=posted_key(request), details=form.details,
        )  # fmt: skip
        return reverse("meetings-staff:meeting", args=[made.id])

    context = {"title": f"{body.name}を招集する", "verb": "招集する", "body": body}
    return form_page(request, form, save, context, done="会議を招集しました。続けて議題を加えます。")


@staff(MeetingsPermission.RUN)
@require_http_methods(["GET", "POST"])
def edit(request: Request, meeting_id: UUID) -> HttpResponse:
    """Change day, place, link or clerk."""
    found, seat = meeting_or_404(request, meeting_id)
    only(seat.is_secretary)
    form = MeetingForm(posted(request), body=found.body, meeting=found)

    def save(data: dict[str, Any]) -> str:
        changes = {**form.details, "starts_at": data["starts_at"], "title": data["title"] or found.title}
        services.edit_meeting(actor=request.actor, meeting=found, changes=changes)
        return reverse("meetings-staff:meeting", args=[found.id])

    return form_page(request, form, save, {"title": "会議の案内を直す", "verb": "保存する", "meeting": found})


@staff(MeetingsPermission.RUN)
@require_http_methods(["GET", "POST"])
def cancel(request: Request, meeting_id: UUID) -> HttpResponse:
    """Call the meeting off, with its reason."""
    found, seat = meeting_or_404(request, meeting_id)
    only(seat.is_secretary)

    def save(data: dict[str, Any]) -> str:
        services.cancel_meeting(actor=request.actor, meeting=found, reason=data["reason"])
        return reverse("meetings-staff:meeting", args=[found.id])

    context = {"title": "会議を中止する", "verb": "中止する", "meeting": found}
    return form_page(request, ReasonForm(posted(request)), save, context, done="会議を中止しました。")


_STEPS = {
    "distribute": (services.distribute_meeting, "資料を配布し、構成員に知らせました。配布した資料は固定されました。"),
    "open": (services.open_meeting, "開会しました。"),
    "close": (services.close_meeting, "閉会しました。続けて会議録を作ります。"),
}


@staff(MeetingsPermission.READ)
@require_POST
def step(request: Request, meeting_id: UUID, verb: str) -> HttpResponse:
    """資料を配布する, 開会する or 閉会する."""
    found, seat = meeting_or_404(request, meeting_id)
    if verb not in _STEPS:
        raise Http404
    only(seat.is_secretary if verb == "distribute" else seat.leads)
    act, done = _STEPS[verb]
    try_act(request, lambda: act(actor=request.actor, meeting=found), done)
    return redirect("meetings-staff:meeting", found.id)
