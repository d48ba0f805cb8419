"""Input shapes of holds and extensions."""

from __future__ import annotations

from django import forms

from kakehashi.records.domain.reasons import HOLD_WORDS


class HoldForm(forms.Form):
    """廃棄の保留: the ground, the reason in words, and when the matter ended if it did."""

    ground = forms.ChoiceField(
        label="保留の事由", choices=[(ground.value, words) for ground, words in HOLD_WORDS.items()]
    )
    reason = forms.CharField(
        label="理由", max_length=200, help_text="請求の番号や事件の名など、あとで分かる書き方をします。"
    )
    decided_on = forms.DateField(
        label="裁決・決定の日、又は終わる日",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="まだ終わっていないときは空のままにします。終わるまで廃棄できません。",
    )
    clause = forms.CharField(label="根拠の条項", max_length=200, required=False)


class ExtensionForm(forms.Form):
    """延長: whole years and why."""

    years = forms.IntegerField(label="延長する年数", min_value=1, max_value=60)
    reason = forms.CharField(label="理由", max_length=200)
