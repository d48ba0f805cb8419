"""議題: added, changed, taken off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.meetings import services
from kakehashi.meetings.forms.meetings import ItemForm
from kakehashi.meetings.models import Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.views.answers import form_page, item_or_404, meeting_or_404, only, posted, try_act


@staff(MeetingsPermission.RUN)
@require_http_methods(["GET", "POST"])
def new_item(request: Request, meeting_id: UUID) -> HttpResponse:
    """Add an item."""
    meeting, seat = meeting_or_404(request, meeting_id)
    only(seat.is_secretary)

    def save(data: dict[str, Any]) -> str:
        rest = {key: value for key, value in data.items() if key not in {"title", "kind", "presenter"}}
        services.add_item(
            actor=request.actor, meeting=meeting, title=data["title"], kind=data["kind"], presenter=data["presenter"], details=rest
        )  # fmt: skip
        return _page(meeting)

    context = {"title": "議題を加える", "verb": "議題を加える", "meeting": meeting}
    return form_page(request, ItemForm(posted(request)), save, context, done="議題を加えました。")


@staff(MeetingsPermission.RUN)
@require_http_methods(["GET", "POST"])
def edit_item(request: Request, item_id: UUID) -> HttpResponse:
    """Change an item."""
    item, meeting, seat = item_or_404(request, item_id)
    only(seat.is_secretary)

    def save(data: dict[str, Any]) -> str:
        services.edit_item(actor=request.actor, item=item, changes=data)
        return _page(meeting)

    context = {"title": "議題を直す", "verb": "保存する", "meeting": meeting}
    return form_page(request, ItemForm(posted(request), item=item), save, context)


@staff(MeetingsPermission.RUN)
@require_POST
def remove_item(request: Request, item_id: UUID) -> HttpResponse:
    """Take an item off."""
    item, meeting, seat = item_or_404(request, item_id)
    only(seat.is_secretary)
    try_act(
        request, lambda: services.remove_item(actor=request.actor, item=item), f"議題「{item.title}」を消しました。"
    )
    return redirect(_page(meeting))


def _page(meeting: Meeting) -> str:
    return reverse("meetings-staff:meeting", args=[meeting.id])
