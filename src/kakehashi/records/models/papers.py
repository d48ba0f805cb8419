"""Paper in the same catalogue: where it lies, which copy is the 原本, and when the paper may go."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.records.models.registry import Document


class Original(models.TextChoices):
    """原本: which of paper and scan is the record."""

    PAPER = "paper", "紙が原本"
    SCAN = "scan", "電子が原本"


class PaperItem(TenantModel):
    """The paper of a document. `code` is written on it (別送の紙), `may_go_on` is the first day it may be thrown away.

    Where the paper is the 原本 it goes with its record file and `may_go_on` is None.
    """

    document = TenantForeignKey(Document, related_name="papers")
    code = models.CharField(max_length=20)
    place = models.CharField(max_length=120)
    sheets = models.PositiveIntegerField(null=True, blank=True)
    original = models.CharField(max_length=10, choices=Original.choices, default=Original.PAPER)
    clause = models.CharField(max_length=200, blank=True)
    compared_by_label = models.CharField(max_length=200, blank=True)
    compared_on = models.DateField(null=True, blank=True)
    may_go_on = models.DateField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)
    gone_by_label = models.CharField(max_length=200, blank=True)
    registered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "document"), name="paper_of_a_document_once"),
            models.UniqueConstraint(fields=("government_id", "code"), name="paper_item_code_once"),
        ]
        indexes: ClassVar = [tenant_index("may_go_on", name="paper_item_by_day")]

    def __str__(self) -> str:
        return self.code
