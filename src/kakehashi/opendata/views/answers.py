"""What the pages have in common."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, QueryDict

from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.requests import Request
from kakehashi.opendata import selectors
from kakehashi.opendata.domain.registry import DatasetSource
from kakehashi.opendata.permissions import OpendataPermission


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


def source_or_404(code: str) -> DatasetSource:
    """A dataset this government is offered, else 404."""
    try:
        return selectors.find_source(code)
    except NotFound:
        raise Http404 from None


def may_publish(request: Request) -> bool:
    """Whether the visitor may publish."""
    return request.actor.can(OpendataPermission.PUBLISH, request.government.id)
