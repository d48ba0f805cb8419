"""What belongs to a form as a whole, as the editor shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.eforms.domain.fees import fee_fields
from kakehashi.eforms.domain.whole_form import GREATEST_FEE, NO_FEE, Fee, ScreeningQuestion
from kakehashi.eforms.forms.properties import PropertiesForm

__all__ = ["BlockForm", "QuestionForm", "WholeForm"]


class WholeForm(forms.Form):
    """The fee of a form."""

    fee_kind = forms.ChoiceField(
        label="手数料など、申請する人が支払うお金",
        choices=[("", "ありません"), ("fixed", "決まった額"), ("answer", "答えや計算で決まる額")],
        required=False,
        widget=forms.RadioSelect,
    )
    fee_yen = forms.IntegerField(
        label="決まった額（円）",
        required=False,
        min_value=1,
        max_value=GREATEST_FEE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "short"}),
    )
    fee_field = forms.ChoiceField(
        label="額が決まる項目",
        required=False,
        help_text="計算・金額・数の項目と、「選択肢ごとの数」を書いた選択の項目から選べます。",
    )

    def __init__(self, definition: FormDefinition, item: FormDefinition, data: Any = None) -> None:
        super().__init__(data, auto_id="prop_%s")
        fee = definition.fee
        choices = [("", "選んでください"), *((field.key, field.label) for field in fee_fields(definition))]
        self.fields["fee_field"].choices = choices  # type: ignore[attr-defined]
        self.initial = {
            "fee_kind": "answer" if fee.field else "fixed" if fee.yen else "",
            "fee_yen": fee.yen or None,
            "fee_field": fee.field,
        }

    def basics(self) -> list[BoundField]:
        """Every input."""
        return [self[name] for name in self.fields]

    def sections(self) -> Iterator[tuple[str, list[BoundField], bool]]:
        """No groups."""
        return iter(())

    def clean(self) -> dict[str, Any]:
        """The sum or the question that the chosen kind needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("fee_kind") == "fixed" and not cleaned.get("fee_yen") and "fee_yen" not in self.errors:
            self.add_error("fee_yen", "額を入力してください。")
        if cleaned.get("fee_kind") == "answer" and not cleaned.get("fee_field"):
            self.add_error("fee_field", "額が決まる項目を選んでください。")
        return cleaned

    def fee(self) -> Fee:
        """The fee that was chosen."""
        kind = self.cleaned_data.get("fee_kind")
        if kind == "fixed":
            return Fee(yen=self.cleaned_data["fee_yen"])
        return Fee(field=self.cleaned_data["fee_field"]) if kind == "answer" else NO_FEE


class BlockForm(forms.Form):
    """A new block."""

    title = forms.CharField(label="部品の名前", max_length=200, help_text="例：氏名と連絡先、振込先、同居の家族")


class QuestionForm(PropertiesForm):
    """A question before starting, and what its exit page says."""

    texts = {"label": "質問の文", "help": "説明", "why": "進めない理由", "elsewhere": "ほかにできること"}

    def __init__(self, definition: FormDefinition, item: ScreeningQuestion, data: Any = None) -> None:
        super().__init__(definition, item, data)
        self.fields["label"] = forms.CharField(
            label="質問の文",
            max_length=300,
            initial=item.label,
            help_text="「はい」か「いいえ」で答えられる文にします。",
        )
        self.fields["help"] = _lines("説明", item.help)
        self.fields["stops_on"] = forms.ChoiceField(
            label="申請へ進めない答え",
            choices=[("no", "「いいえ」のとき"), ("yes", "「はい」のとき")],
            initial=item.stops_on,
            widget=forms.RadioSelect,
        )
        self.fields["why"] = _lines("進めない理由", item.why)
        self.fields["why"].required = True
        self.fields["elsewhere"] = _lines("ほかにできること（窓口、別の手続など）", item.elsewhere)
        self.add_translations()

    def changes(self) -> dict[str, Any]:
        """What to change in the question."""
        names = ("label", "help", "stops_on", "why", "elsewhere")
        return {name: self.cleaned_data[name] for name in names} | {"translations": self.translations()}


def _lines(label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4_000, initial=initial, widget=forms.Textarea(attrs={"rows": 3})
    )
