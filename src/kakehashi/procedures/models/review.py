"""様式の確認: a person has looked at a version of a procedure's form."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.models.procedure import Procedure


class FormReview(TenantModel):
    """A person checked this version of the form; without it a procedure is not published, singly or in bulk."""

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="reviews")
    form_version = TenantForeignKey("eforms.FormVersion", related_name="+")
    reviewed_by_id = models.UUIDField(null=True)
    reviewed_by = models.CharField("確認した人", max_length=200)
    reviewed_at = models.DateTimeField("確認した日時", default=clock.now)
    note = models.CharField("確認のメモ", max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "様式の確認"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "procedure", "form_version"], name="procedures_review_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewed_by} {self.reviewed_at:%Y-%m-%d}"
