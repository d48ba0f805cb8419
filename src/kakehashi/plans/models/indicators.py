"""What an initiative is measured by: a measure with targets, or words with a date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.plans.domain.attainment import POLICY_WORDS, AttainmentPolicy
from kakehashi.plans.domain.targets import METHOD_WORDS, TargetMethod
from kakehashi.plans.models.tree import Initiative


class IndicatorKind(models.TextChoices):
    """A number, or a result in words with a date."""

    NUMBER = "number", "数で測る"
    WORDS = "words", "言葉と日付で示す"


class PlanIndicator(TenantModel):
    """An indicator (指標) of an initiative: which measure, from which baseline, under which attainment policy."""

    initiative = TenantForeignKey(Initiative, related_name="indicators", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.NUMBER)
    measure_code = models.CharField(max_length=120, blank=True)
    label = models.CharField("名前", max_length=120, blank=True)
    attainment_policy = models.CharField(
        "達成率の決め方", max_length=20, choices=list(POLICY_WORDS.items()), default=AttainmentPolicy.RATIO
    )
    baseline = models.DecimalField("基準値", max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField("基準値の年度", null=True, blank=True)
    baseline_note = models.CharField("基準値の説明", max_length=200, blank=True)
    target_method = models.CharField(
        "目標の決め方",
        max_length=10,
        choices=list(METHOD_WORDS.items()),
        default=TargetMethod.MANUAL,
        db_default=TargetMethod.MANUAL.value,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "initiative", "measure_code"),
                condition=models.Q(kind="number"),
                name="one_measure_per_initiative",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.measure_code


class IndicatorTarget(TenantModel):
    """What an indicator shall be in a fiscal year: a number, or words. `is_derived`: drawn by the method from those that were given."""

    indicator = TenantForeignKey(PlanIndicator, related_name="targets", on_delete=models.CASCADE)
    fiscal_year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    is_derived = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "indicator", "fiscal_year"), name="one_target_per_year"),
        ]

    def __str__(self) -> str:
        return f"{fiscal_year_label(self.fiscal_year)} {self.value if self.value is not None else self.words}"


class WordResult(TenantModel):
    """A result in words with the day it was reached, such as 「全体方針を策定した」."""

    indicator = TenantForeignKey(PlanIndicator, related_name="results", on_delete=models.CASCADE)
    reached_on = models.DateField("いつ")
    text = models.CharField("何ができたか", max_length=300)
    recorded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text
