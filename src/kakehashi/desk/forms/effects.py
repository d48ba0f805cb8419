"""Input shapes of the questions after 30 and 90 days."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.desk.domain.effect_checks import CONTENT
from kakehashi.desk.forms.consultations import _count, _minutes
from kakehashi.desk.models import StillSo


class EffectForm(forms.Form):
    """How it is now. Only what changed is written; what stays empty is as it was at the solution."""

    still = forms.ChoiceField(label="いまの様子", choices=StillSo.choices, widget=forms.RadioSelect)
    minutes = _minutes("いま1件にかかる時間（分）")
    cases = _count("いまの件数（1年）")
    sheets = _count("いまの紙（1件あたり枚）", most=10_000)
    content = forms.TypedChoiceField(
        label="使ってみて",
        choices=[("", "答えない"), *CONTENT.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    note = forms.CharField(
        label="ひとこと", max_length=300, required=False, help_text="人の名前や番号は書かないでください。"
    )

    def __init__(self, *args: Any, is_discontinued: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_discontinued:
            words = {
                StillSo.SAME: "やめたまま",
                StillSo.CHANGED: "一部だけ、また始まった",
                StillSo.LOST: "また元のとおりしている",
            }
            self.fields["still"].choices = [(value.value, label) for value, label in words.items()]  # type: ignore[attr-defined]
