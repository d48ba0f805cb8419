"""Number series: gapless, or the gap is explained."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class NumberSeries(TenantModel):
    """The last number taken in a series: kind (起案・文書・収受), period (fy2026) and symbol (総)."""

    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=40)
    symbol = models.CharField(max_length=20)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "kind", "period", "symbol"), name="number_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol}{self.period}: {self.last_number}"


class VoidNumber(TenantModel):
    """欠番: a number that was taken and will not be used, with who and why."""

    series = TenantForeignKey(NumberSeries, related_name="void_numbers")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    voided_by_label = models.CharField(max_length=200)
    voided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "series", "number"), name="void_number_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)
