"""Input shapes of the case pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kakehashi.cases.hooks import BatchField
from kakehashi.cases.models import Label, Purpose, Scope, Stance, Thread, Tone
from kakehashi.people.models import Department, Person


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


class LabelForm(forms.Form):
    """A label: its word, its colour, and who uses it."""

    name = forms.CharField(label="言葉", max_length=20)
    tone = forms.ChoiceField(label="色", choices=Tone.choices, initial=Tone.BLUE.value)
    everybody = forms.BooleanField(label="すべての課で使う", required=False)


class LabelsForm(forms.Form):
    """The labels of one case."""

    labels = forms.MultipleChoiceField(label="ラベル", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, labels: Sequence[Label], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["labels"].choices = [(str(label.id), label.name) for label in labels]  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    """A text that is sent often, in the languages its readers read."""

    name = forms.CharField(label="名前", max_length=40)
    purpose = forms.ChoiceField(label="使うところ", choices=Purpose.choices)
    everybody = forms.BooleanField(label="すべての課で使う", required=False)
    ja = forms.CharField(label="日本語の文", widget=forms.Textarea(attrs={"rows": 6}), max_length=3000)
    ja_easy = forms.CharField(
        label="やさしい日本語の文", widget=forms.Textarea(attrs={"rows": 4}), max_length=3000, required=False
    )
    en = forms.CharField(label="英語の文", widget=forms.Textarea(attrs={"rows": 4}), max_length=3000, required=False)


class FilesField(forms.FileField):
    """Several files at once."""

    widget = type("FilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each of the files; an empty list for none."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in chosen if each]


class InquiryForm(forms.Form):
    """A question to another section."""

    department = forms.ChoiceField(label="照会先")
    question = forms.CharField(label="聞きたいこと", widget=forms.Textarea(attrs={"rows": 6}), max_length=3000)
    due_on = forms.DateField(label="回答の期限", widget=forms.DateInput(attrs={"type": "date"}))
    scope = forms.ChoiceField(
        label="照会先に見せるもの", choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.QUESTION.value
    )
    papers = FilesField(label="付けるファイル", required=False)

    def __init__(self, *args: Any, departments: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(each.id): each for each in departments}
        field: Any = self.fields["department"]
        field.choices = [("", "選んでください"), *((key, each.name) for key, each in self.departments.items())]

    def clean_department(self) -> Department:
        """The section itself."""
        return self.departments[self.cleaned_data["department"]]


class AnswerForm(forms.Form):
    """The answer of the asked section."""

    stance = forms.ChoiceField(label="回答", choices=Stance.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label="意見・条件・理由", widget=forms.Textarea(attrs={"rows": 6}), max_length=5000, required=False,
        help_text="「支障なし」のほかは、理由や条件を書きます。",
    )  # fmt: skip
    papers = FilesField(label="付けるファイル", required=False)


class TransferForm(forms.Form):
    """Which section handles the case from now on, and why."""

    department = forms.ChoiceField(label="担当課")
    reason = forms.CharField(label="理由", max_length=300, help_text="職員だけが読みます。")

    def __init__(self, *args: Any, departments: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(each.id): each for each in departments}
        self.fields["department"].choices = [(key, each.name) for key, each in self.departments.items()]  # type: ignore[attr-defined]

    def clean_department(self) -> Department:
        """The section itself."""
        return self.departments[self.cleaned_data["department"]]


class HandOverForm(forms.Form):
    """Who takes over the open cases."""

    successor = forms.ChoiceField(label="引き継ぐ人")

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.id): each for each in people}
        field: Any = self.fields["successor"]
        field.choices = [("", "選んでください"), *((key, each.name) for key, each in self.people.items())]

    def clean_successor(self) -> Person:
        """The person."""
        return self.people[self.cleaned_data["successor"]]


class BatchForm(forms.Form):
    """What a batch act asks for, drawn from its fields; every answer is kept as text."""

    def __init__(self, *args: Any, asked: Sequence[BatchField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for each in asked:
            self.fields[each.name] = _drawn(each)

    def clean(self) -> dict[str, Any]:
        """Let each field say what is wrong with its answer."""
        given: dict[str, Any] = super().clean() or {}
        for each in self.asked:
            if each.fault is not None and each.name in given and (fault := each.fault(_as_text(given[each.name]))):
                self.add_error(each.name, fault)
        return given

    def values(self) -> dict[str, str]:
        """The answers as text."""
        return {key: _as_text(value) for key, value in self.cleaned_data.items()}


def _as_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def _drawn(each: BatchField) -> forms.Field:
    shown: dict[str, Any] = {
        "label": each.label, "required": each.is_required, "initial": each.initial, "help_text": each.help_text,
    }  # fmt: skip
    if each.kind == "choice":
        return forms.ChoiceField(choices=each.choices, **shown)
    if each.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **shown)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, **shown)
