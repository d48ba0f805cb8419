"""Input shape of what the review sheet needs beside the plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.plans.domain.review_sheet import MoneyRow
from kakehashi.plans.models import SheetBasis


class SheetBasisForm(forms.Form):
    """The law, the purpose, budget and spending of each year, and why each indicator was chosen."""

    legal_basis = forms.CharField(label="根拠法令", max_length=300, required=False)
    purpose = forms.CharField(
        label="目的", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="空欄なら、ロジックモデルのいちばん右の箱の言葉を使います。",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        basis: SheetBasis | None,
        money: list[MoneyRow],
        indicators: list[tuple[UUID, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.years = [row.fiscal_year for row in money]
        self.indicators = [key for key, _, _ in indicators]
        if basis is not None:
            self.initial.update({"legal_basis": basis.legal_basis, "purpose": basis.purpose})
        for row in money:
            for name, word, amount in (("budget", "予算額", row.budget_yen), ("spent", "執行額", row.spent_yen)):
                self.fields[f"{name}_{row.fiscal_year}"] = WholeNumberField(
                    label=f"{fiscal_year_label(row.fiscal_year)}の{word}（円）",
                    required=False,
                    min_value=0,
                    max_value=10**15 - 1,
                    initial=amount,
                )
        for key, label, reason in indicators:
            self.fields[f"reason_{key}"] = forms.CharField(
                label=f"「{label}」の成果目標を決めた理由",
                max_length=1000,
                required=False,
                initial=reason,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "legal_basis": data["legal_basis"],
            "purpose": data["purpose"],
            "money": {year: (data[f"budget_{year}"], data[f"spent_{year}"]) for year in self.years},
            "reasons": {key: data[f"reason_{key}"] for key in self.indicators},
        }
