"""How far the recording of the monthly figures is, for the status page and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.governments.selectors import tenants
from kakehashi.indicators.models import SnapshotRun
from kakehashi.kernel.queue import governments_with_work, sweeps

SWEEP = "indicators.snapshots"


@dataclass(frozen=True)
class Progress:
    """Of how many governments today's figures are recorded, of all there are; and the last run of the open scope's own, if any."""

    done: int
    all: int
    own: SnapshotRun | None

    @property
    def is_done(self) -> bool:
        """Whether nobody waits any more."""
        return self.done >= self.all


def snapshot_progress() -> Progress:
    """Count who is done today. Of other governments nothing but their number is known."""
    every = {one.id for one in tenants()}
    waiting = governments_with_work(next(one for one in sweeps() if one.name == SWEEP)) or set()
    return Progress(len(every - waiting), len(every), SnapshotRun.objects.exclude(taken_on=None).first())
