"""What the review sheet needs beside the plan: the money of each fiscal year, and why an indicator was chosen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.plans.models.indicators import PlanIndicator
from kakehashi.plans.models.tree import Initiative


class InitiativeYear(TenantModel):
    """The budget (予算額) and what was spent (執行額) of an initiative in a fiscal year, in whole yen; None where it is not known."""

    initiative = TenantForeignKey(Initiative, related_name="money_years", on_delete=models.CASCADE)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    budget_yen = models.BigIntegerField("予算額（円）", null=True, blank=True)
    spent_yen = models.BigIntegerField("執行額（円）", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["fiscal_year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "initiative", "fiscal_year"), name="one_money_year"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {fiscal_year_label(self.fiscal_year)}"


class SheetBasis(TenantModel):
    """The words of the review sheet that nothing else knows: the law it rests on (根拠法令) and what it is for (目的)."""

    initiative = TenantForeignKey(Initiative, related_name="sheet_basis", on_delete=models.CASCADE)
    legal_basis = models.CharField("根拠法令", max_length=300, blank=True)
    purpose = models.TextField("目的", max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "initiative"), name="one_sheet_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}"


class IndicatorReason(TenantModel):
    """Why this indicator and this target were chosen (成果目標設定の理由)."""

    indicator = TenantForeignKey(PlanIndicator, related_name="reasons", on_delete=models.CASCADE)
    reason = models.TextField("成果目標を決めた理由", max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "indicator"), name="one_reason_per_indicator"),
        ]

    def __str__(self) -> str:
        return self.reason
