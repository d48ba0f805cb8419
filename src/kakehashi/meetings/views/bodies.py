"""会議体: the list, one body, founding and changing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.forms.bodies import BodyForm
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.views.answers import body_or_404, form_page, posted, posted_key


@staff(MeetingsPermission.READ)
@require_GET
def bodies(request: Request) -> HttpResponse:
    """Every body of the government, with its rule."""
    may_manage = request.actor.can(MeetingsPermission.MANAGE, request.government.id)
    return render(request, "meetings/bodies.html", {"bodies": selectors.all_bodies(), "may_manage": may_manage})


@staff(MeetingsPermission.READ)
@require_GET
def body(request: Request, body_id: UUID) -> HttpResponse:
    """One body: who sits on it today, its rule, and those of its meetings that the visitor sees."""
    found = body_or_404(body_id)
    context = {
        "body": found,
        "members": selectors.members_of(found),
        "class_words": dict(selectors.record_classes()).get(found.class_code, ""),
        "meetings": selectors.meetings_of(request.actor).filter(body=found).order_by("-starts_at")[:20],
        "may_manage": request.actor.can(MeetingsPermission.MANAGE, request.government.id),
        "may_call": selectors.serves(request.actor, found) and found.is_active,
    }
    return render(request, "meetings/body.html", context)


@staff(MeetingsPermission.MANAGE)
@require_http_methods(["GET", "POST"])
def new_body(request: Request) -> HttpResponse:
    """Found a body."""
    form = BodyForm(posted(request))

    def save(data: dict[str, Any]) -> str:
        details = {key: value for key, value in form.values.items() if key not in {"name", "chair_post", "secretariat"}}
        made = services.found_body(
            actor=request.actor, name=data["name"], chair_post=data["chair_post"], secretariat=data["secretariat"],
            members=form.seats, idempotency_key=posted_key(request), details=details,
        )  # fmt: skip
        return reverse("meetings-staff:body", args=[made.id])

    return form_page(
        request, form, save, {"title": "会議体を置く", "verb": "会議体を置く"}, done="会議体を置きました。"
    )


@staff(MeetingsPermission.MANAGE)
@require_http_methods(["GET", "POST"])
def edit_body(request: Request, body_id: UUID) -> HttpResponse:
    """Change a body, its seats or its rule."""
    found = body_or_404(body_id)
    form = BodyForm(posted(request), body=found)

    def save(data: dict[str, Any]) -> str:
        services.edit_body(actor=request.actor, body=found, changes=form.values, members=form.seats)
        return reverse("meetings-staff:body", args=[found.id])

    return form_page(request, form, save, {"title": f"{found.name}を直す", "verb": "保存する", "body": found})
