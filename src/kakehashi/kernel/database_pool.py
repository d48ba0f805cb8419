"""After the database was gone: the pool asks again twice a second, and hands out no connection of before.

As it comes, the pool waits 1, 2, 4, 8 … seconds between its attempts, so that pages answered up to ten seconds later than the
database; and every connection that lay in it, dead by then, cost one person an error page. Who meets it all the same, or finds no
connection free for ten seconds, is told to try again in a moment (503), not that something is broken.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import psycopg
from django.core.signals import got_request_exception
from django.db import connections
from psycopg_pool import PoolTimeout, TooManyRequests

__all__ = ["ask_again_soon", "is_lost", "is_unavailable"]

_EVERY_SECONDS = 0.5
# Connection failures, and what a server says that is stopped, crashed or starting.
_GONE = ("08", "57P")
# The server goes on, but ended this one: the statement was cancelled or waited too long for a lock, two transactions stood in each
# other's way, the transaction idled or ran too long, or there was no room. What was asked is undone, and may be asked again.
_UNDONE = ("57014", "55P03", "40P01", "40001", "25P03", "25P04", "53300")
_MOST_CAUSES = 10


def ask_again_soon() -> None:
    """Set the rhythm of the pools and listen for lost connections; called once, when the program starts."""
    from psycopg_pool.base import AttemptWithBackoff

    AttemptWithBackoff.INITIAL_DELAY = _EVERY_SECONDS
    AttemptWithBackoff.DELAY_BACKOFF = 1.0
    got_request_exception.connect(_drain_after, dispatch_uid="kernel.database_pool")


def is_lost(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that the database is gone, and not that it refused something or has no room."""
    return any(_says_gone(cause) for cause in _causes(error))


def is_unavailable(error: BaseException | None) -> bool:
    """Whether trying again in a moment may help: the database is gone, starts, has no room, or ended this statement alone."""
    return any(
        _says_gone(cause)
        or isinstance(cause, PoolTimeout | TooManyRequests)
        or (isinstance(cause, psycopg.Error) and cause.sqlstate in _UNDONE)
        for cause in _causes(error)
    )


def _says_gone(cause: BaseException) -> bool:
    if isinstance(cause, PoolTimeout | TooManyRequests):
        return False
    if isinstance(cause, psycopg.InterfaceError):
        # A cursor or connection that was closed under somebody's hands.
        return True
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_GONE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that led to it: what fails first is often seen only as what failed next.

    A session that cannot be saved, a transaction that cannot be gone on with, a page that cannot be drawn: each is another error
    by its name, and the lost connection is its cause.
    """
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _drain_after(**_: Any) -> None:
    if not is_lost(sys.exc_info()[1]):
        return
    for connection in connections.all(initialized_only=True):
        pool = getattr(connection, "pool", None)
        if pool is not None:
            pool.drain()
