"""Input shapes of 開示請求."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.selectors import departments_on
from kakehashi.records.forms.receipts import day
from kakehashi.records.models import Decision, Ground, RequestKind


class RequestForm(forms.Form):
    """開示請求を受け付ける."""

    kind = forms.ChoiceField(label="請求の種類", choices=RequestKind.choices)
    requester = forms.CharField(label="請求した人", max_length=200)
    asked_for = forms.CharField(label="求められている文書", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    requested_on = day(label="請求の日")
    due_on = day(label="決定の期限", help_text="条例の定める期限です。多くは、請求の日から15日以内です。")
    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="担当する課", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]


class MarkForm(forms.Form):
    """開示しない部分: words to find everywhere, or a part of the page in thousandths."""

    ground = forms.ChoiceField(label="開示しない事由", choices=Ground.choices)
    clause = forms.CharField(label="条項", max_length=120, help_text="例：情報公開条例第7条第2号")
    note = forms.CharField(label="説明", max_length=200, required=False)
    words = forms.CharField(
        label="隠す言葉",
        max_length=100,
        required=False,
        help_text="文字のあるPDFでは、この言葉のある所をすべて隠します。",
    )
    left = WholeNumberField(label="左からの位置", required=False, min_value=0, max_value=999)
    top = WholeNumberField(label="上からの位置", required=False, min_value=0, max_value=999)
    width = WholeNumberField(label="幅", required=False, min_value=1, max_value=1000)
    height = WholeNumberField(label="高さ", required=False, min_value=1, max_value=1000)


class OutcomeForm(forms.Form):
    """文書ごとの判断."""

    outcome = forms.ChoiceField(choices=Decision.choices[:3])
    ground = forms.ChoiceField(choices=[("", ""), *Ground.choices], required=False)
    clause = forms.CharField(max_length=120, required=False)


class DecisionForm(forms.Form):
    """決定する."""

    decision = forms.ChoiceField(label="決定", choices=Decision.choices)
    decided_on = day(label="決定の日")
    reason = forms.CharField(
        label="開示しない理由", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
