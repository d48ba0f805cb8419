"""Input shapes of funding schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from kakehashi.desk.models import FundingScheme, FundingState
from kakehashi.desk.services.funding import FIELDS

if TYPE_CHECKING:
    _SchemeBase = forms.ModelForm[FundingScheme]
else:
    _SchemeBase = forms.ModelForm


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SchemeForm(_SchemeBase):
    """Everything a scheme says."""

    url = forms.URLField(label="案内のページ", required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = FundingScheme
        fields = list(FIELDS)
        widgets = {
            "covers": forms.Textarea(attrs={"rows": 3}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
            "apply_from": _day(),
            "apply_until": _day(),
            "checked_on": _day(),
        }
        help_texts = {
            "words": "「、」で区切ります。相談の言葉と合うと、その相談のページに出ます。例：オンライン申請、標準化、RPA",
            "rate": "例：対象経費の2分の1、充当率90%",
            "source": "例：県の通知（令和8年4月1日付け）、要綱の名前",
            "apply_until": "決まっていなければ空けておきます。",
        }


class FundingUseForm(forms.Form):
    """What came of it."""

    state = forms.ChoiceField(label="どうなったか", choices=FundingState.choices)
    amount = forms.IntegerField(label="金額（千円）", required=False, min_value=0, max_value=1_000_000_000)
    note = forms.CharField(label="メモ", max_length=300, required=False)
