"""一括決裁: several proposals chosen together, each decided by an act of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.approvals.models.proposals import Proposal
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class BatchRowState(models.TextChoices):
    """What became of one proposal of a batch."""

    WAITING = "waiting", "これから"
    DONE = "done", "決裁した"
    FAILED = "failed", "決裁できなかった"


class DecisionBatch(TenantModel):
    """What one person chose to decide together. `confirmed_at`: they looked at the list and pressed 決裁する."""

    made_by_id = models.UUIDField()
    made_as_id = models.UUIDField(null=True, blank=True)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            tenant_index("made_by_id", "-made_at", name="decision_batch_by_person"),
            models.Index(
                fields=("government_id",),
                condition=models.Q(confirmed_at__isnull=False, finished_at__isnull=True),
                name="decision_batch_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_by_label} {self.made_at:%Y-%m-%d}"


class DecisionBatchRow(TenantModel):
    """One proposal of a batch with the digest that stood on the confirmation page: nothing newer is decided."""

    batch = TenantForeignKey(DecisionBatch, on_delete=models.CASCADE, related_name="rows")
    proposal = TenantForeignKey(Proposal, related_name="+")
    digest = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=BatchRowState, default=BatchRowState.WAITING)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "batch", "proposal"), name="proposal_once_a_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.state}"
