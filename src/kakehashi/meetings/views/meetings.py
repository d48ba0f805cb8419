"""会議: one's own list, one meeting, and the verbs that bring it from 準備中 to 閉会."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.forms.meetings import MeetingForm, ReasonForm
from kakehashi.meetings.models import Attendance
from kakehashi.meetings.permissions import MeetingsPermission
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
    items = selectors.items_of(found, seat)
    context = {
        "meeting": found,
        "seat": seat,
        "may_follow": found.is_open,
        "lines": [{"item": item, "reads": seat.reads(item, found), "prepares": seat.prepares(item)} for item in items],
        "attendances": list(Attendance.objects.filter(meeting=found).select_related("person")),
        "members": selectors.members_of(found.body) if not found.is_given_out else [],
        "quorum": selectors.quorum_of(found),
    }
    return render(request, "meetings/meeting.html", context)


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
