"""Background work of the exchange: the staff side calls the public side; rows of empty calls are dropped."""

from __future__ import annotations

import logging
from uuid import UUID

from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import peer
from kakehashi.exchange.services.inbox import sweep_inbox
from kakehashi.exchange.services.rounds import forget_empty_bundles, run_round
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import sweep

_log = logging.getLogger("kakehashi.exchange")


@sweep(name="exchange.round", seconds=60)
def call_public_side(government_id: UUID) -> None:
    """Take and bring what waits, where this is the staff side and an address is registered."""
    other = peer()
    if other is None or other.side is not Side.STAFF or not other.url:
        return
    done = run_round(actor=system_actor(government_id, "外との受け渡し"))
    if done.failure:
        _log.warning("the exchange with the public side failed: %s", done.failure)


@sweep(name="exchange.forget_empty_bundles", seconds=24 * 60 * 60)
def forget_empty(government_id: UUID) -> None:
    """Drop what nobody will look at."""
    forget_empty_bundles()


@sweep(name="exchange.inbox", seconds=30)
def take_files(government_id: UUID) -> None:
    """Take in what other systems put into the watched folder."""
    sweep_inbox()
