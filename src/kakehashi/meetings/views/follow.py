"""Everybody on the same page: the presenter turns, the screens that follow ask every two seconds whether something moved.

Without a script the page shows where the presenter is and a link that asks again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Shown
from kakehashi.meetings.views.answers import meeting_or_404, only, try_act
from kakehashi.meetings.views.materials import material_or_404, reading_context


@staff(MeetingsPermission.READ)
@require_GET
def follow(request: Request, meeting_id: UUID) -> HttpResponse:
    """The page that is shown, and for the presenter the buttons that turn it for everybody."""
    return render(request, "meetings/follow.html", _context(request, _shown_or_404(request, meeting_id)))


@staff(MeetingsPermission.READ)
@require_GET
def stage(request: Request, meeting_id: UUID) -> HttpResponse:
    """The shown page as a fragment, or 204 while nothing moved since `revision`."""
    meeting_or_404(request, meeting_id)
    if selectors.stage_revision(meeting_id) == request.GET.get("revision"):
        return HttpResponse(status=204)
    context = _context(request, _shown_or_404(request, meeting_id)) | {"is_fragment": True}
    return render(request, "meetings/_stage.html", context)


@staff(MeetingsPermission.READ)
@require_POST
def present(request: Request, material_id: UUID) -> HttpResponse:
    """発表を始める: the screens turn to this material."""
    opened = material_or_404(request, material_id)
    only(opened.seat.turns(opened.item))
    text = request.POST.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    done = "発表を始めました。みんなの画面が、このページになりました。"
    act = lambda: services.take_stage(actor=request.actor, material=opened.material, page=page)  # noqa: E731
    if not try_act(request, act, done):
        return redirect("meetings-staff:material", opened.material.id)
    return redirect("meetings-staff:follow", opened.meeting.id)


@staff(MeetingsPermission.READ)
@require_POST
def turn(request: Request, meeting_id: UUID) -> HttpResponse:
    """ページをめくる, for everybody. With a script the answer is the new page itself."""
    meeting, _ = meeting_or_404(request, meeting_id)
    text = request.POST.get("page", "")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    problem = ""
    try:
        services.turn_page(actor=request.actor, meeting=meeting, page=page)
    except DomainError as refused:
        problem = refused.message
    if request.htmx:
        context = _context(request, _shown_or_404(request, meeting_id)) | {"problem": problem, "is_fragment": True}
        return render(request, "meetings/_stage.html", context)
    if problem:
        messages.error(request, problem)
    return redirect("meetings-staff:follow", meeting.id)


@staff(MeetingsPermission.READ)
@require_POST
def leave(request: Request, meeting_id: UUID) -> HttpResponse:
    """発表を終える: the page stays, nobody turns it."""
    meeting, _ = meeting_or_404(request, meeting_id)
    try_act(request, lambda: services.leave_stage(actor=request.actor, meeting=meeting), "発表を終えました。")
    return redirect("meetings-staff:follow", meeting.id)


def _shown_or_404(request: Request, meeting_id: UUID) -> Shown:
    try:
        return selectors.stage_of(request.actor, meeting_id)
    except NotFound:
        raise Http404 from None


def _context(request: Request, shown: Shown) -> dict[str, Any]:
    context: dict[str, Any] = {
        "meeting": shown.meeting,
        "seat": shown.seat,
        "stage": shown.stage,
        "is_hidden": shown.is_hidden,
        "is_presenter": shown.stage.presenter_id is not None and shown.stage.presenter_id == request.actor.id,
        "revision": selectors.stage_revision(shown.meeting.id),
        "from_follow": True,
    }
    if shown.opened is not None:
        context |= reading_context(request, shown.opened, shown.stage.page)
    return context
