"""まとめて作った様式: which form a batch gave to which procedure, so that it can be taken back with the batch."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.models.batch import Batch


class BatchForm(TenantModel):
    """One form of a batch. The form is named without a key: an undo deletes it and the row stays as the report does.

    `revision` is the draft's as the batch left it: a form that somebody went on with is left alone.
    """

    SOURCES = [("starter", "ひな形"), ("block", "部品"), ("procedure", "手続"), ("paper", "変換した様式")]

    batch = TenantForeignKey(Batch, on_delete=models.CASCADE, related_name="forms")
    procedure_id = models.UUIDField()
    form_id = models.UUIDField()
    source = models.CharField("もと", max_length=10, choices=SOURCES)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "まとめて作った様式"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "batch", "procedure_id"], name="procedures_batch_form_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.form_id}"
