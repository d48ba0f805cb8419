"""Input shapes of the case pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.cases.models import Thread
from kakehashi.people.models import Person


class MessageForm(forms.Form):
    """A message; the thread is chosen by which of the two forms is sent."""

    body = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)
    thread = forms.ChoiceField(choices=Thread.choices, widget=forms.HiddenInput)
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AssignForm(forms.Form):
    """Who handles a case; empty is nobody in particular."""

    handler = forms.ChoiceField(label="担当", required=False)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [("", "（担当なし）"), *((str(person.id), person.name) for person in people)]  # type: ignore[attr-defined]


class FilterNameForm(forms.Form):
    """The name of a filter to keep."""

    name = forms.CharField(label="名前", max_length=30)
    query = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
