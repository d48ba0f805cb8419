"""受付の期間と件数: a row only for procedures that have one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.models.procedure import Procedure


class ReceptionWindow(TenantModel):
    """When a procedure takes applications online, and how many.

    Beside the procedure, not in it: a procedure without limits never touches this table while an application is accepted. With
    `places`, `taken` is counted up by the same transaction that accepts the application, under the row's own lock: exactly so
    many are accepted, whatever comes at once. What is withdrawn does not free a place by itself; staff raise `places`.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    opens_on = models.DateField("受付を始める日", null=True, blank=True)
    closes_on = models.DateField("受付を終える日", null=True, blank=True)
    places = models.PositiveIntegerField("先着の件数", null=True, blank=True)
    taken = models.PositiveIntegerField("受け付けた件数", default=0)

    class Meta:
        verbose_name = "受付の期間と件数"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_reception_procedure"),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(taken__lte=F("places")), name="procedures_reception_places"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_on or ''}〜{self.closes_on or ''}"

    @property
    def left(self) -> int | None:
        """How many are still taken, None without a limit."""
        return None if self.places is None else max(0, self.places - self.taken)
