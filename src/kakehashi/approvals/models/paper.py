"""The paper of a decision that was made on paper."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.approvals.models.proposals import Proposal
from kakehashi.kernel import clock
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


@insert_only
class PaperOriginal(TenantModel):
    """押印された原本 as it was scanned, and where the paper lies. Insert-only: a better scan is a new row."""

    proposal = TenantForeignKey(Proposal, related_name="originals")
    file_id = models.UUIDField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=200, blank=True)
    registered_by_label = models.CharField(max_length=200)
    registered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("registered_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "proposal", "file_id"), name="paper_original_once"),
        ]

    def __str__(self) -> str:
        return self.name
