"""以前の回答の利用の同意: what an applicant let be copied from what they had filed before."""

from __future__ import annotations

from typing import Any

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel


class ReuseConsent(TenantModel):
    """The consent to copy earlier answers into one draft, as it was given: which questions, from which applications.

    `items` are ``{"key", "label", "from"}``: the question's key and label in the new form, and the id of the application the
    answer comes from; never the answer itself. `filing_key` is the key that draft and application share.
    """

    filing_key = models.UUIDField()
    items: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    agreed_at = models.DateTimeField("同意", default=clock.now)

    class Meta:
        verbose_name = "以前の回答の利用の同意"
        constraints = [models.UniqueConstraint(fields=["government_id", "filing_key"], name="procedures_one_reuse")]

    def __str__(self) -> str:
        return f"{len(self.items)}項目"
