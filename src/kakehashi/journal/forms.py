"""Input shapes of the journal's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.journal.hooks import known_events


class EventFilterForm(forms.Form):
    """What to look for in the log; every field may be left empty."""

    code = forms.ChoiceField(label="操作", required=False)
    who = forms.CharField(label="操作した人", required=False, max_length=100)
    since = forms.DateField(label="この日から", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="この日まで", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    subject = forms.UUIDField(
        label="対象の番号（ID）", required=False, error_messages={"invalid": "対象の番号の形が違います。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [("", "すべて"), *sorted(known_events().items(), key=lambda item: item[1])]
