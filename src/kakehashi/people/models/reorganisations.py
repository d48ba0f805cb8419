"""Tables of the 改組 simulator."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Reorganisation(TenantModel):
    """改組: the organisation from a day on, tried out before the day.

    `plan` is the new organisation (`domain.reorganisation.Plan`), `chosen` the successors a person chose (`compare`);
    `revision` guards both against overwriting. While `columns` is None the uploaded table waits for its columns to be
    confirmed. `made` holds what applying made and changed, so that cancelling before the day restores it; `carried` counts
    what moved on the day, by kind.
    """

    title = models.CharField(max_length=100)
    effective_on = models.DateField()
    plan = models.JSONField(default=dict)
    chosen = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    file_name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(default=bytes)
    columns = models.JSONField(null=True, default=dict)
    unreadable = models.JSONField(default=list)
    made = models.JSONField(default=dict)
    carried = models.JSONField(default=dict)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    applied_by_label = models.CharField(max_length=200, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    carried_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-effective_on", "-made_at")
        indexes: ClassVar = [
            tenant_index("effective_on", name="reorganisation_by_day"),
            models.Index(
                fields=("government_id", "effective_on"),
                condition=models.Q(applied_at__isnull=False, carried_at__isnull=True),
                name="reorganisation_to_carry",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed, applied or put aside."""
        return self.applied_at is None and self.discarded_at is None

    @property
    def is_applied(self) -> bool:
        """Whether it was applied and has not been carried out on its day yet."""
        return self.applied_at is not None and self.carried_at is None

    @property
    def awaits_columns(self) -> bool:
        """Whether a person must confirm the columns of the uploaded table first."""
        return self.columns is None

    def heir_of(self, kind: str, old_id: Any) -> str | None:
        """The id of what applying made to follow a department or post (`kind`), None for nobody."""
        heir = self.made.get(kind, {}).get(str(old_id))
        return str(heir) if heir else None


class ReorganisationShare(TenantModel):
    """分けて引き継ぐもの: an exception to the default successor of a department or post (`domain.shares`).

    `code` is the kind of rows or EVERY, `heir` a planned code or post key. Rows are meant by `words` in their names or one by one.
    """

    reorganisation = TenantForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="shares")
    code = models.CharField(max_length=120)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=60)
    heir = models.CharField(max_length=100)
    words = models.CharField(max_length=60, blank=True)
    row_ids = models.JSONField(default=list)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "id")
        indexes: ClassVar = [tenant_index("reorganisation", name="reorganisation_share_of")]

    def __str__(self) -> str:
        return f"{self.subject_label} → {self.heir}"
