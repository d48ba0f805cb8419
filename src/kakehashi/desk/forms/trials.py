"""Input shapes of trials."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.desk.domain.pulse import EASE, USE
from kakehashi.desk.forms.consultations import _text
from kakehashi.desk.models import TrialDecision


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class TrialForm(forms.Form):
    """What is tried, by whom, from when to when."""

    tool = forms.CharField(
        label="ツール",
        max_length=120,
        help_text="道具の一覧にあるものは、その名前を選びます。例：議事録の文字起こし",
        widget=forms.TextInput(attrs={"list": "known-tools", "autocomplete": "off"}),
    )
    aim = _text("何を確かめるか", "何がどうなったら広げるか、やめるかも書いておきます。", required=True)
    starts_on = _day("始まり")
    ends_on = _day("終わり")
    every_days = forms.TypedChoiceField(
        label="何日ごとに聞くか", choices=[(7, "7日ごと"), (14, "14日ごと"), (30, "30日ごと")], coerce=int, initial=14
    )
    departments = forms.MultipleChoiceField(
        label="課のみんなで試す", required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(label="人を選ぶ", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, departments: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = departments  # type: ignore[attr-defined]
        self.fields["people"].choices = people  # type: ignore[attr-defined]


class PulseForm(forms.Form):
    """Two questions and a word."""

    ease = forms.TypedChoiceField(
        label="使いごこちは", choices=list(EASE.items()), coerce=int, widget=forms.RadioSelect
    )
    use = forms.TypedChoiceField(label="仕事の役に", choices=list(USE.items()), coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(
        label="ひとこと", max_length=200, required=False, help_text="書き方で、だれの言葉か分かることがあります。"
    )


class DecideForm(forms.Form):
    """Spread or stop, and why."""

    decision = forms.ChoiceField(label="どうするか", choices=TrialDecision.choices, widget=forms.RadioSelect)
    reason = _text("理由", "試した人が読みます。", required=True)


class ExtendForm(forms.Form):
    """Until when it is tried on, and why."""

    ends_on = _day("新しい終わり")
    reason = forms.CharField(label="延ばす理由", max_length=300)
