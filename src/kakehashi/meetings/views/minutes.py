"""会議録: drafted, corrected, approved, taken as PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.files.selectors import read_file
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.forms.outcomes import MinutesForm, ProposeForm
from kakehashi.meetings.models import Meeting, Minutes
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Seat
from kakehashi.meetings.views.answers import (
    add_problem,
    form_page,
    meeting_or_404,
    only,
    posted,
    posted_key,
    try_act,
)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def minutes(request: Request, meeting_id: UUID) -> HttpResponse:
    """The minutes: the secretariat writes them, the chair approves them, everybody who may reads them."""
    meeting, seat, found = _open(request, meeting_id)
    asked = found is not None and selectors.is_under_way(found)
    may_write = seat.is_secretary and found is not None and not found.is_approved and not asked
    initial = {"text": found.text, "revision": found.revision} if found is not None else {}
    form = MinutesForm(posted(request), initial=initial)
    if request.method == "POST":
        only(may_write)
        if form.is_valid():
            try:
                services.write_minutes(actor=request.actor, meeting=meeting, **form.cleaned_data)
            except DomainError as problem:
                add_problem(form, problem)
            else:
                return redirect("meetings-staff:minutes", meeting.id)
    context = {
        "meeting": meeting,
        "seat": seat,
        "minutes": found,
        "form": form,
        "may_write": may_write,
        "may_approve": seat.is_chair and found is not None and not found.is_approved and not asked,
        "may_propose": may_write and "approvals" in request.rooms,
        "is_secret": selectors.has_secret(meeting),
        "is_asked": asked,
        "proposals": selectors.proposals_from(request.actor, selectors.MINUTES, [found.id]).get(found.id, [])
        if found is not None
        else [],
        "record_url": _record_url(request, found),
    }
    return render(request, "meetings/minutes.html", context, status=422 if form.errors else 200)


@staff(MeetingsPermission.READ)
@require_POST
def draft(request: Request, meeting_id: UUID) -> HttpResponse:
    """会議録を作る, or anew, from what was recorded."""
    meeting, seat, _ = _open(request, meeting_id)
    only(seat.is_secretary)
    done = "会議録の下書きを、次第・出席・結果・課題から作りました。"
    try_act(request, lambda: services.draft_minutes(actor=request.actor, meeting=meeting), done)
    return redirect("meetings-staff:minutes", meeting.id)


@staff(MeetingsPermission.READ)
@require_POST
def approve(request: Request, meeting_id: UUID) -> HttpResponse:
    """会議録を承認する: the chair, upon the text that was read."""
    meeting, seat, _ = _open(request, meeting_id)
    only(seat.is_chair)
    text = request.POST.get("revision", "")
    revision = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    done = "会議録を承認しました。簿冊に入りました。"
    try_act(request, lambda: services.approve_minutes(actor=request.actor, meeting=meeting, revision=revision), done)
    return redirect("meetings-staff:minutes", meeting.id)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def propose(request: Request, meeting_id: UUID) -> HttpResponse:
    """会議録を起案して承認を受ける: the decision approves and files it."""
    meeting, seat, found = _open(request, meeting_id)
    only(seat.is_secretary and found is not None and not found.is_approved and "approvals" in request.rooms)
    assert found is not None

    def save(data: dict[str, Any]) -> str:
        made = services.propose_minutes(
            actor=request.actor,
            meeting=meeting,
            revision=found.revision,
            matter_code=data["matter"],
            idempotency_key=posted_key(request),
        )
        return reverse("approvals-staff:edit", args=[made.id])

    context = {
        "title": f"起案する：{meeting.title}の会議録",
        "verb": "起案する",
        "meeting": meeting,
        "before": "決裁されると、会議録が確定し、簿冊に入ります。回議の間は、会議録を直せません。"
        + _who_reads(meeting),
    }
    done = "起案の下書きを作りました。確かめて、回議に出してください。"
    return form_page(request, ProposeForm(posted(request)), save, context, done=done)


@staff(MeetingsPermission.READ)
@require_safe
def pdf(request: Request, meeting_id: UUID) -> HttpResponse:
    """The approved minutes as they were filed."""
    meeting, _, found = _open(request, meeting_id)
    if found is None or found.stored_file is None:
        raise Http404
    try:
        content = read_file(found.stored_file)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{meeting.title}会議録.pdf") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open(request: Request, meeting_id: UUID) -> tuple[Meeting, Seat, Minutes | None]:
    """The minutes for who may read all of them: they tell confidential items too. Else 404."""
    meeting, seat = meeting_or_404(request, meeting_id)
    if not selectors.reads_minutes(request.actor, meeting, seat):
        raise Http404
    return meeting, seat, selectors.minutes_of(meeting)


def _who_reads(meeting: Meeting) -> str:
    if not selectors.has_secret(meeting):
        return ""
    readers = "構成員・議長・書記と、回議で順番が来た人"
    return f"構成員限りの議題があるため、本文は{readers}だけに見えます。ほかの人には、指紋（SHA-256）だけが見えます。"


def _record_url(request: Request, found: Minutes | None) -> str:
    if found is None or found.document_id is None or "records" not in request.rooms:
        return ""
    return reverse("records-staff:document", args=[found.document_id])
