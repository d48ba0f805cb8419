"""Fetching through the access check: what is not the visitor's to see is not there."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404

from kakehashi.desk.models import Consultation, PublishedCase, SolvedCase
from kakehashi.desk.selectors import get_consultation, get_solved_case, published_cases
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request


def consultation_or_404(request: Request, consultation_id: UUID) -> Consultation:
    """Return a consultation the actor may see, else 404."""
    try:
        return get_consultation(request.actor, consultation_id)
    except NotFound:
        raise Http404 from None


def solved_case_or_404(request: Request, case_id: UUID) -> SolvedCase:
    """Return one of our solved cases the actor may see, else 404."""
    try:
        return get_solved_case(request.actor, case_id)
    except NotFound:
        raise Http404 from None


def shared_case_or_404(case_id: UUID) -> PublishedCase:
    """Return a case that was published to us, else 404."""
    case = published_cases().filter(id=case_id).first()
    if case is None:
        raise Http404
    return case


def show_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put a service's refusal beside its field, or above the form when the form has no such field."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
