"""What a solution still does 30 and 90 days later, asked of the person who had the trouble."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kakehashi.desk.domain.effect import Effect
from kakehashi.desk.domain.effect_checks import still_released
from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class StillSo(models.TextChoices):
    """Whether the change still stands."""

    SAME = "same", "解決したときと同じ"
    CHANGED = "changed", "数が変わった"
    LOST = "lost", "元のやり方に戻った"


class EffectCheck(TenantModel):
    """One question, so many days after a solution (効果の確認): minutes, cases, paper, and whether people are content.

    Unanswered rows stay open until the later question is asked (`lapsed_at`). The numbers are for one case and for a year,
    as in the consultation, and empty where nobody measured.
    """

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="effect_checks")
    after_days = models.PositiveSmallIntegerField()
    asked_of = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    still = models.CharField("いまは", max_length=10, choices=StillSo, blank=True)
    minutes = models.DecimalField("いまの時間（分/件）", max_digits=8, decimal_places=1, null=True, blank=True)
    cases = models.PositiveIntegerField("いまの件数（件/年）", null=True, blank=True)
    sheets = models.PositiveIntegerField("いまの紙（枚/件）", null=True, blank=True)
    content = models.PositiveSmallIntegerField(
        "満足", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    note = models.CharField("ひとこと", max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "効果の確認"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["government_id", "consultation", "after_days"], name="desk_effect_check_once"
            )
        ]
        indexes: ClassVar = [
            tenant_index("-asked_at", "-id", name="desk_effect_check_latest"),
            tenant_index("answered_at", name="desk_effect_check_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}（{self.after_days}日後）"

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.answered_at is None and self.lapsed_at is None

    @property
    def effect(self) -> Effect | None:
        """What is released now, or None while unanswered or unmeasured."""
        if self.answered_at is None:
            return None
        asked = self.consultation
        return still_released(
            before_minutes=asked.minutes_each, before_cases=asked.cases_a_year, before_sheets=asked.before_sheets,
            minutes=self.minutes, cases=self.cases, sheets=self.sheets,
        )  # fmt: skip
