"""画面での作業時間: how long people worked at an application, from the moments at which the journal saw them.

Two moments of one person that lie at most `PAUSE` apart are work between them; a longer pause is not. The last look of a stretch
has no end that anybody recorded, so each stretch counts `LAST_LOOK` more. Work away from the screen is not in it: a lower bound.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from uuid import UUID

__all__ = ["LAST_LOOK", "PAUSE", "minutes_of"]

PAUSE = dt.timedelta(minutes=10)
LAST_LOOK = dt.timedelta(minutes=1)


def minutes_of(moments: Iterable[tuple[UUID | None, dt.datetime]]) -> int:
    """Whole minutes, rounded up, of (who, when) in any order; nothing recorded is 0."""
    total, last = dt.timedelta(), dict[UUID | None, dt.datetime]()
    for who, when in sorted(moments, key=lambda each: each[1]):
        before = last.get(who)
        total += when - before if before is not None and when - before <= PAUSE else LAST_LOOK
        last[who] = when
    return math.ceil(total / dt.timedelta(minutes=1))
