"""What every form page of this room does with what was posted."""

from __future__ import annotations

import hashlib
from decimal import Decimal
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


def seen_now(form: forms.BaseForm) -> str:
    """A digest of what the form's thing says now; the page carries it, so that a form opened before another save is known."""
    words = repr([(name, str(form.initial.get(name, ""))) for name in sorted(form.fields)])
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def is_stale(request: HttpRequest, form: forms.ModelForm) -> bool:  # type: ignore[type-arg]
    """Whether somebody saved since this form was opened; then the form says so and what stands now, and keeps what was typed."""
    seen = request.POST.get("seen", "")
    if not seen or seen == seen_now(form):
        return False
    now = [
        f"{form.fields[name].label}「{form.initial[name]}」"
        for name in form.changed_data
        if isinstance(form.initial.get(name), str | int | Decimal) and name in form.fields
    ]
    form.add_error(
        None,
        "この画面を開いたあとに、ほかの人か別の画面が先に保存しました。書いたものは下に残っています。"
        + (f"いま保存されている内容：{'、'.join(now)}。" if now else "")
        + "確かめて、もう一度押すと、下の内容で保存します。",
    )
    return True
