"""What the installation remembers of its own upkeep."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import GlobalModel


class Standing(Enum):
    """How one attempt to make a backup went."""

    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"
    CUT_OFF = "cut off"


class BackupRun(GlobalModel):
    """One attempt to make a backup. `error` is empty when it succeeded; `path` is on the machine called `machine`."""

    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    machine = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=1000, blank=True)
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at",)

    def standing(self, now: datetime) -> Standing:
        """How it went, or goes: the one judgement that doctor and the status page show."""
        if self.finished_at and not self.error:
            return Standing.DONE
        if self.error:
            return Standing.FAILED
        return Standing.RUNNING if self.is_running(now) else Standing.CUT_OFF

    def is_running(self, now: datetime) -> bool:
        """Whether it may still be at work; one that began six hours ago and says nothing was cut off."""
        return self.finished_at is None and not self.error and now - self.started_at < timedelta(hours=6)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.error or 'ok'}"
