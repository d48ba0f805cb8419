"""What every form page of this room does with what was posted."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict

from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7


def posted(request: HttpRequest) -> QueryDict | None:
    """The posted data, None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def posted_key(request: HttpRequest) -> UUID:
    """The idempotency key of the form; a forged or missing one is replaced by a new key."""
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()


def add_problem(form: forms.BaseForm, problem: DomainError) -> None:
    """Put a refusal of a service beside its field, or above the form."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
