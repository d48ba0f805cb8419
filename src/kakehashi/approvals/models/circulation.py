"""供覧: who is to read a proposal, and when they did. Readers are no consultees; they stop nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.approvals.models.proposals import Proposal
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Post


class Reader(TenantModel):
    """A post that a proposal is shown to (供覧).

    `reached_at`: it lies with the post since then (None: not yet, it waits for the decision). `read_at` with the name of
    that moment is the only thing a reader leaves.
    """

    proposal = TenantForeignKey(Proposal, related_name="readers")
    round = models.PositiveSmallIntegerField()
    post = TenantForeignKey(Post, related_name="+")
    post_label = models.CharField(max_length=120)
    reached_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=100, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "post_label", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "proposal", "round", "post"), name="reader_once_a_round"),
        ]
        indexes: ClassVar = [
            tenant_index("post", "read_at", name="reader_by_post"),
        ]

    def __str__(self) -> str:
        return self.post_label
