"""How far the recording of monthly figures is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel


class SnapshotRun(TenantModel):
    """The last day on which every figure of the government that was due had been recorded; one row at most.

    `definitions` stands for the measures and their versions on that day, `months` is how far back it looked, `written` how many values
    it recorded. A run writes it in the transaction of its values: what was interrupted is not done.
    """

    taken_on = models.DateField(null=True)
    definitions = models.BigIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="one_snapshot_run")]

    def __str__(self) -> str:
        return f"{self.taken_on}"
