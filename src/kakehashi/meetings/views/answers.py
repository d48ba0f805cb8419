"""Fetching through the seat, and what every form page does with what was posted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors
from kakehashi.meetings.models import AgendaItem, Meeting, MeetingBody
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Seat


def posted(request: Request) -> QueryDict | None:
    """The posted data, None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def posted_key(request: Request) -> UUID:
    """The idempotency key of the form; a forged or missing one is replaced by a new key."""
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()


def add_problem(form: forms.BaseForm, problem: DomainError) -> None:
    """Put a refusal of a service beside its field, or above the form."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def meeting_or_404(request: Request, meeting_id: UUID) -> tuple[Meeting, Seat]:
    """A meeting and the visitor's seat; 404 for whoever has none."""
    try:
        return selectors.find_meeting(request.actor, meeting_id)
    except NotFound:
        raise Http404 from None


def item_or_404(request: Request, item_id: UUID) -> tuple[AgendaItem, Meeting, Seat]:
    """An item the visitor may read, with its meeting and their seat, else 404."""
    try:
        return selectors.find_item(request.actor, item_id)
    except NotFound:
        raise Http404 from None


def body_or_404(body_id: UUID) -> MeetingBody:
    """A body of this government, else 404."""
    try:
        return selectors.find_body(body_id)
    except NotFound:
        raise Http404 from None


def only(allowed: bool) -> None:
    """403 for whoever sees the meeting and may not do this in it."""
    if not allowed:
        raise PermissionRefused(MeetingsPermission.RUN)


def try_act(request: Request, act: Callable[[], object], done: str) -> bool:
    """Do an act that asks nothing; say that it was done, or why it was not."""
    try:
        act()
    except DomainError as problem:
        messages.error(request, problem.message)
        return False
    messages.success(request, done)
    return True


def form_page(
    request: Request,
    form: forms.BaseForm,
    save: Callable[[dict[str, Any]], str],
    context: dict[str, Any],
    *,
    done: str = "保存しました。",
) -> HttpResponse:
    """A form page: save and go where `save` says, or show it again with what is wrong.

    `context` holds title, verb, meeting (None: none), and whether files are sent (`has_file`).
    """
    if request.method == "POST" and form.is_valid():
        try:
            target = save(form.cleaned_data)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, done)
            return redirect(target)
    status = 422 if form.errors else 200
    return render(request, "meetings/form.html", {"form": form, **context}, status=status)
