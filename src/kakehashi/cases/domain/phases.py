"""The five phases every kind of work is mapped to, and what follows from them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

FAR_AWAY = date(9998, 12, 31)
"""Where work without a due date stands in an order by due date: behind everything that has one."""


class Phase(StrEnum):
    """Where a case stands. The room that owns the work has finer states and says them in `state_label`."""

    NEW = "new"
    WORKING = "working"
    WAITING = "waiting"
    DECIDING = "deciding"
    DONE = "done"


LABELS: dict[Phase, str] = {
    Phase.NEW: "新着",
    Phase.WORKING: "対応中",
    Phase.WAITING: "待ち",
    Phase.DECIDING: "決裁中",
    Phase.DONE: "完了",
}


def sort_date(due_on: date | None) -> date:
    """The date by which work is ordered: its due date, else far away."""
    return due_on or FAR_AWAY
