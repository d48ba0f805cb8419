"""時間のかかる取り込み: what the worker is to do with a batch, how far it is, and how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.models.batch import Batch


class WorkVerb(models.TextChoices):
    """What the worker does."""

    READ = "read", "一覧表を読み、一行ずつ試す"
    TRY = "try", "一行ずつ試す"
    APPLY = "apply", "台帳に反映する"
    UNDO = "undo", "取り込みを元に戻す"
    SURVEY = "survey", "棚卸調査を取り込む"


class WorkState(models.TextChoices):
    """Where it stands."""

    WAITING = "waiting", "順番を待っています"
    RUNNING = "running", "動いています"
    DONE = "done", "終わりました"
    FAILED = "failed", "できませんでした"


OPEN_STATES = (WorkState.WAITING, WorkState.RUNNING)


class ImportWork(TenantModel):
    """One piece of work on a batch that is too long for a request. There is at most one open piece for a batch.

    The work is one transaction, so a worker that is killed leaves nothing half done: the queue gives the task back and it begins anew.
    `done` of `total` rows is written over another connection while it runs (`total` 0: not known yet). `report` holds the numbers
    of a survey: {"read", "created", "updated", "unchanged", "skipped", "problems": [[line, survey id, reason], …], "wrong": how many}.
    """

    batch = TenantForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="works")
    verb = models.CharField(max_length=10, choices=WorkVerb.choices)
    name = models.CharField("ファイル", max_length=200)
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    stage = models.CharField("いま", max_length=100, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    begun = models.PositiveSmallIntegerField("始めた回数", default=0)
    message = models.TextField("できなかった理由", blank=True, default="")
    report: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    begun_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "時間のかかる取り込み"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "batch"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="procedures_one_open_work",
            )
        ]
        indexes = [tenant_index("batch", "-asked_at", name="procedures_work_of_batch")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}：{self.name}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_STATES

    @property
    def seconds_left(self) -> int | None:
        """How long it will still take by how long it took so far; None while nobody can say."""
        if self.begun_at is None or self.told_at is None or not self.done or self.done > self.total:
            return None
        spent: timedelta = self.told_at - self.begun_at
        return round(spent.total_seconds() * (self.total - self.done) / self.done)

    @property
    def minutes_left(self) -> int:
        """The same in whole minutes, at least one."""
        return max(1, round((self.seconds_left or 0) / 60))
