"""A file on its way into a kept table."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel, tenant_index


class ImportState(models.TextChoices):
    """How far it is."""

    READ = "read", "読み取った"
    APPLIED = "applied", "取り込んだ"


class TableImport(TenantModel):
    """An uploaded table: its headers and rows as they were read, which column is which of ours, and what became of each row.

    `rows` are [line, cells]; `faults` are lines that could not be read at all, [line, reason]. `matches` maps our keys to headers.
    """

    register = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=60, blank=True)
    headers = models.JSONField()
    rows = models.JSONField()
    faults = models.JSONField(default=list)
    matches = models.JSONField(default=dict)
    retires_missing = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    report = models.JSONField(default=dict)
    made_by = models.CharField(max_length=200)
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="one_table_import_per_key"),
        )
        indexes = (tenant_index("register", "created_at", name="table_import_by_register"),)

    def __str__(self) -> str:
        return self.file_name
