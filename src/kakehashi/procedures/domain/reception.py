"""受付の期間と件数: when a procedure takes applications, and how many (先着)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

__all__ = ["Reception", "reception_from_row"]


@dataclass(frozen=True, slots=True)
class Reception:
    """The days on which applications are taken, both included, and the greatest number of them; None where there is no limit."""

    id: UUID
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    places: int | None = None

    def is_early(self, today: dt.date) -> bool:
        """Whether applications are not taken yet."""
        return self.opens_on is not None and today < self.opens_on

    def is_over(self, today: dt.date) -> bool:
        """Whether the last day is past."""
        return self.closes_on is not None and today > self.closes_on


def reception_from_row(row: Any) -> Reception | None:
    """A reception as the database gives it inside another row (JSON), None for none."""
    if not row:
        return None
    days = [dt.date.fromisoformat(row[name]) if row[name] else None for name in ("opens_on", "closes_on")]
    return Reception(UUID(row["id"]), days[0], days[1], row["places"])
