"""After the database was gone: the pool asks again twice a second, and hands out no connection of before.

As it comes, the pool waits 1, 2, 4, 8 … seconds between its attempts, so that pages answered up to ten seconds later than the
database; and every connection that lay in it, dead by then, cost one person an error page. Who meets it all the same, or finds no
connection free for ten seconds, is told to try again in a moment (503), not that something is broken.
"""

from __future__ import annotations

import sys
from typing import Any

import psycopg
from django.core.signals import got_request_exception
from django.db import OperationalError, connections
from psycopg_pool import PoolTimeout

__all__ = ["ask_again_soon", "is_lost", "is_unavailable"]

_EVERY_SECONDS = 0.5
# Connection failures, and what a server says that is stopped, crashed or starting.
_GONE = ("08", "57P")


def ask_again_soon() -> None:
    """Set the rhythm of the pools and listen for lost connections; called once, when the program starts."""
    from psycopg_pool.base import AttemptWithBackoff

    AttemptWithBackoff.INITIAL_DELAY = _EVERY_SECONDS
    AttemptWithBackoff.DELAY_BACKOFF = 1.0
    got_request_exception.connect(_drain_after, dispatch_uid="kernel.database_pool")


def is_lost(error: BaseException | None) -> bool:
    """Whether an error says that the database is gone, and not that it refused something or has no room."""
    cause = _cause(error)
    if not isinstance(cause, psycopg.OperationalError) or isinstance(cause, PoolTimeout):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_GONE)


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error says that trying again in a moment may help: the database is gone, starts, or has no room for another connection."""
    return is_lost(error) or isinstance(_cause(error), PoolTimeout | psycopg.errors.TooManyConnections)


def _cause(error: BaseException | None) -> BaseException | None:
    return error.__cause__ if isinstance(error, OperationalError) else error


def _drain_after(**_: Any) -> None:
    if not is_lost(sys.exc_info()[1]):
        return
    for connection in connections.all(initialized_only=True):
        pool = getattr(connection, "pool", None)
        if pool is not None:
            pool.drain()
