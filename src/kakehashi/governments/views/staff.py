"""設定・組織: the rooms a government uses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kakehashi.governments.permissions import GovernmentsPermission
from kakehashi.governments.selectors import room_settings
from kakehashi.governments.services import switch_room
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError


@staff(GovernmentsPermission.SWITCH_ROOM)
@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """What the government uses, what each room is for, and how work goes on without it."""
    found = room_settings(request.government)  # type: ignore[attr-defined]
    context = {"rooms": found, "count": sum(one.is_on for one in found)}
    return render(request, "governments/rooms.html", context)


@staff(GovernmentsPermission.SWITCH_ROOM)
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Switch one room on or off and go back to the list."""
    room, is_on = request.POST.get("room", ""), request.POST.get("is_on") == "on"
    try:
        switch_room(actor=request.actor, room=room, is_on=is_on)  # type: ignore[attr-defined]
    except DomainError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, "使い始めました。" if is_on else "使うのをやめました。内容は残っています。")
    return redirect("governments-staff:rooms")
