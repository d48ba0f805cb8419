"""The journal's background work."""

from __future__ import annotations

import time
from uuid import UUID

from kakehashi.journal.services import complete_tree, purge_expired, seal_events, stamp_newest
from kakehashi.kernel.queue import sweep

# The quick search looks near the newest seal only; a full one finds what a very long transaction left behind.
_FULL_SEARCH_SECONDS = 3600.0
_searched_fully: dict[UUID, float] = {}


# A leaf is promised within ten seconds.
@sweep(name="journal.seal", seconds=4, patience=7)
def seal_journal(government_id: UUID) -> None:
    """Seal what waits; a search through the whole log at the worker's start and once an hour."""
    now = time.monotonic()
    everywhere = now - _searched_fully.get(government_id, -_FULL_SEARCH_SECONDS) >= _FULL_SEARCH_SECONDS
    # So many that a worker with much to catch up on is never idle between two sweeps.
    seal_events(everywhere=everywhere, limit=50_000)
    if everywhere:
        complete_tree()
        _searched_fully[government_id] = now


@sweep(name="journal.stamp", seconds=3600)
def stamp_journal(government_id: UUID) -> None:
    """Have the newest checkpoint stamped once a day, where an authority is set."""
    stamp_newest(once_a_day=True)


@sweep(name="journal.purge", seconds=3600)
def purge_personal_data(government_id: UUID) -> None:
    """Let go of personal data whose period is over, by every room's clocks."""
    purge_expired()
