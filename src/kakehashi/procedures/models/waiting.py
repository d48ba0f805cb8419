"""いまの待ち日数: how long a procedure took lately, as the worker last counted it."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.models.procedure import UNIT_CHOICES, Procedure


class WaitingTime(TenantModel):
    """The snapshot that the public page of one procedure shows; nothing is counted while a page is made.

    `count` is the number of applications whose result came within `WINDOW_DAYS`, `median_days` the day by which half of them
    had it, in `unit`; None with fewer than five of them, which would tell about persons and not about the procedure.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    median_days = models.PositiveIntegerField("中央値", null=True, blank=True)
    count = models.PositiveIntegerField("件数")
    unit = models.CharField("数え方", max_length=10, choices=UNIT_CHOICES)
    measured_at = models.DateTimeField("集計", default=clock.now)

    class Meta:
        verbose_name = "いまの待ち日数"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_waiting_procedure")
        ]

    def __str__(self) -> str:
        return f"{self.median_days}日（{self.count}件）"
