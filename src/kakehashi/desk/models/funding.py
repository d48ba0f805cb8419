"""Funding schemes a solution can use, and where they are used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class SchemeKind(models.TextChoices):
    """What kind of money it is."""

    SUBSIDY = "subsidy", "補助金"
    GRANT = "grant", "交付金"
    SPECIAL_TAX = "special_tax", "特別交付税措置"
    BOND = "bond", "地方債"
    OTHER = "other", "その他"


class FundingScheme(TenantModel):
    """A scheme of the country, the prefecture or a foundation (財政措置), with where that was read and when.

    `words` are what it is for, separated by 「、」: they match it to consultations. Money is in thousands of yen (千円), as
    the schemes are written.
    """

    name = models.CharField("名前", max_length=120)
    kind = models.CharField("種類", max_length=12, choices=SchemeKind, default=SchemeKind.SUBSIDY)
    provider = models.CharField("どこが出すか", max_length=120)
    covers = models.TextField("対象になる経費", blank=True)
    rate = models.CharField("補助率・充当率", max_length=100, blank=True)
    ceiling = models.PositiveIntegerField("上限（千円）", null=True, blank=True)
    conditions = models.TextField("条件", blank=True)
    words = models.CharField("関係する言葉", max_length=200, blank=True)
    apply_from = models.DateField("受付の始まり", null=True, blank=True)
    apply_until = models.DateField("受付の終わり", null=True, blank=True)
    url = models.URLField("案内のページ", max_length=300, blank=True)
    source = models.CharField("出典", max_length=200)
    checked_on = models.DateField("確かめた日")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "財政措置"
        indexes: ClassVar = [tenant_index("-created_at", "-id", name="desk_scheme_latest")]

    def __str__(self) -> str:
        return self.name


class FundingState(models.TextChoices):
    """How far the use of a scheme has come."""

    PLANNED = "planned", "使うことを考えている"
    APPLIED = "applied", "申請した"
    GRANTED = "granted", "決まった"
    REFUSED = "refused", "通らなかった"
    DROPPED = "dropped", "使わないことにした"


class FundingUse(TenantModel):
    """One scheme for one consultation's solution. The amount is in thousands of yen."""

    scheme = TenantForeignKey(FundingScheme, related_name="uses")
    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="funding")
    state = models.CharField(max_length=8, choices=FundingState, default=FundingState.PLANNED)
    amount = models.PositiveIntegerField("金額（千円）", null=True, blank=True)
    note = models.CharField("メモ", max_length=300, blank=True)
    written_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "財政措置の利用"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "scheme", "consultation"], name="desk_funding_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.consultation}"
