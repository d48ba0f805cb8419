"""What belongs to a form as a whole, as the editor shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.eforms.domain.fees import fee_fields
from kakehashi.eforms.domain.whole_form import GREATEST_FEE, NO_FEE, Fee

__all__ = ["WholeForm"]


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
