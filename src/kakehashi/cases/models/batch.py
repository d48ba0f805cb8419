"""一括の操作: one act upon many cases, looked at before, resumable while it runs, taken back for a moment after."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.cases.models.case import Case
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class BatchState(models.TextChoices):
    """Where a batch stands."""

    PLANNED = "planned", "実行前"
    RUNNING = "running", "実行中"
    DONE = "done", "完了"
    UNDONE = "undone", "元に戻した"


class RowState(models.TextChoices):
    """What became of one case in a batch."""

    WAITING = "waiting", "これから"
    DONE = "done", "済み"
    SKIPPED = "skipped", "見送り"
    UNDONE = "undone", "元に戻した"


class CaseBatch(TenantModel):
    """One act of one person upon up to 500 cases. `values` are what the person chose (handler, text, deadline …).

    `back` is the inbox it came from. `digest` is over the ids of the cases it changed, written with the journal's event.
    `finished_at` starts the ten seconds in which it may be taken back.
    """

    act = models.CharField(max_length=60)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.PLANNED)
    back = models.CharField(max_length=1000, blank=True, default="")
    made_by = TenantForeignKey("people.Person", related_name="+", db_index=False)
    made_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("government_id", "moved_at"), condition=Q(state="running"), name="case_batch_running"),
            models.Index(fields=("government_id", "made_at"), name="case_batch_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.made_at:%Y-%m-%d %H:%M}"


class CaseBatchRow(TenantModel):
    """One case of a batch: whether it was done, or why not; `before` is what the act needs to take it back."""

    batch = TenantForeignKey(CaseBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    reason = models.CharField(max_length=200, blank=True, default="")
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "batch", "case"), name="case_batch_row_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=("government_id", "batch", "position"), name="case_batch_row_by_position")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.state}"
