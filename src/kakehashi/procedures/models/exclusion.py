"""対象外の定義: written rules by which procedures stay off line."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel


class ExclusionRule(TenantModel):
    """One written rule why a procedure is not put online (対象外の定義), decided once and applied to many.

    A closed rule (`closed_at`) is not offered any more; procedures excluded by it keep it.
    """

    code = models.CharField("記号", max_length=20)
    title = models.CharField("ルールの名前", max_length=100)
    text = models.TextField("ルールの文")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField("終えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "対象外のルール"
        constraints = [models.UniqueConstraint(fields=["government_id", "code"], name="procedures_exclusion_rule_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
