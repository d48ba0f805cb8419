"""取込済: which other system has taken over which application."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.models.application import Application


class TakenOver(TenantModel):
    """What a key of the API said that its system has: one application up to a version of the answers, and its number there."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="taken_over")
    token_id = models.UUIDField()
    system = models.CharField("システム", max_length=200)
    version = models.PositiveSmallIntegerField("版")
    number = models.CharField("取り込んだシステムでの番号", max_length=100, blank=True, default="")
    taken_at = models.DateTimeField("取込み", default=clock.now)

    class Meta:
        verbose_name = "取込済"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "token_id", "application"), name="procedures_taken_once")
        ]
        indexes: ClassVar = [tenant_index("application", name="procedures_taken_app")]

    def __str__(self) -> str:
        return f"{self.system} 第{self.version}版"
