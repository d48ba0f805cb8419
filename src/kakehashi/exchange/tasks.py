"""Background work of the exchange: the staff side calls the public side, files of other systems are taken in, old rows go.

The call may wait for a slow line, so it is a task of the queue: the sweeps, which seal and number, never wait for it.
"""

from __future__ import annotations

import logging
from uuid import UUID

from kakehashi.exchange.services import claim_messages, forget_messages, gather_messages
from kakehashi.exchange.services import send_message as send_message_service
from kakehashi.exchange.services.inbox import sweep_inbox
from kakehashi.exchange.services.rounds import claim_round, forget_old_rows, run_round
from kakehashi.governments.selectors import who_has
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import enqueue, sweep, task

_log = logging.getLogger("kakehashi.exchange")


@sweep(name="exchange.claim_round", seconds=20)
def claim(government_id: UUID) -> None:
    """Queue a call, once a minute, where this is the staff side and an address is registered."""
    if claim_round():
        enqueue("exchange.call", government_id=government_id)


@task("exchange.call")
def call(government_id: UUID) -> None:
    """Take and bring what waits."""
    done = run_round(actor=system_actor(government_id, "外との受け渡し"))
    if done.failure:
        _log.warning("the exchange with the public side failed: %s", done.failure)


@sweep(name="exchange.forget_old_rows", seconds=24 * 60 * 60)
def forget(government_id: UUID) -> None:
    """Drop what nobody will look at."""
    forget_old_rows()
    forget_messages()


@sweep(name="exchange.inbox", seconds=30)
def take_files(government_id: UUID) -> None:
    """Take in what other systems put into the watched folder."""
    sweep_inbox()


@sweep(name="exchange.gather_webhooks", seconds=4, waiting=who_has("exchange_webhook", "state = 'active'"))
def gather(government_id: UUID) -> None:
    """Write messages for what the journal has sealed since the last look."""
    gather_messages()


@sweep(
    name="exchange.claim_webhooks",
    seconds=4,
    waiting=who_has("exchange_webhookmessage", "state = 'waiting' AND next_attempt_at <= now()"),
)
def claim_due(government_id: UUID) -> None:
    """Queue the messages of one government that are due."""
    claim_messages()


@task("exchange.send_webhook")
def send_webhook(government_id: UUID, message_id: str) -> None:
    """Send one message."""
    send_message_service(message_id=UUID(message_id))
