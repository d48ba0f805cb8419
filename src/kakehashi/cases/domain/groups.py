"""What every page of 時間の使われ方 shares: a group that is counted, hidden while it is small, and has a median of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from statistics import median
from typing import Generic, TypeVar
from uuid import UUID

from kakehashi.kernel.office_hours import OFFICE_DAY, office_time

FEWEST = 5
"""Groups of fewer are not shown, so that no figure is one person's."""
TOUCH_HOURS = 2
"""Office hours up to which work was in hand; after that it lay."""

TraceT = TypeVar("TraceT")


@dataclass(slots=True)
class TraceGroup(Generic[TraceT]):
    """A matter in a section, or everything. Whoever derives from it says when a trace began and ended."""

    matter: str
    section: str
    department_id: UUID | None = None
    traces: list[TraceT] = field(default_factory=list)

    @staticmethod
    def span(trace: TraceT) -> tuple[dt.datetime, dt.datetime]:
        """When a trace began and when it ended."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """How many."""
        return len(self.traces)

    @property
    def is_small(self) -> bool:
        """Whether it is too small to be shown."""
        return self.count < FEWEST

    @property
    def days(self) -> float:
        """The median of office days (8.75 hours) from beginning to end; 0 without any."""
        times = [office_time(*self.span(each)) / OFFICE_DAY for each in self.traces]
        return round(median(times), 1) if times else 0.0
