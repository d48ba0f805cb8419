"""When the effect is asked again, and what the answer says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from kakehashi.desk.domain.effect import Effect

ASKED_AFTER = (30, 90)
"""Days after a solution: the first habit is formed, then the first quarter is over."""
REMIND_AFTER = timedelta(days=7)
LATEST = timedelta(days=60)
"""So long after the day itself it is still asked: what was solved long before the program came is left in peace."""
CONTENT = {5: "とても良い", 4: "良い", 3: "どちらでもない", 2: "良くない", 1: "とても良くない"}


def still_released(
    *,
    before_minutes: Decimal | None,
    before_cases: int | None,
    before_sheets: int | None,
    minutes: Decimal | None,
    cases: int | None,
    sheets: int | None,
) -> Effect | None:
    """Return what is released by the numbers of now, or None when one side is not known."""
    if before_minutes is None or before_cases is None or minutes is None or cases is None:
        return None
    return Effect(before_minutes, before_cases, minutes, cases, before_sheets, sheets)
