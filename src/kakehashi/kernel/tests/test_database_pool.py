"""The pool after the database was gone."""

from types import SimpleNamespace

import psycopg
import pytest
from django.core.signals import got_request_exception
from django.db import OperationalError
from psycopg import errors
from psycopg_pool import PoolTimeout
from psycopg_pool.base import AttemptWithBackoff

from kakehashi.kernel import database_pool
from kakehashi.kernel.database_pool import is_lost, is_unavailable


def test_the_pool_asks_again_every_half_second():
    attempt = AttemptWithBackoff(timeout=300)
    for tried in range(8):
        attempt.update_delay(tried * 0.5)
        assert 0.4 <= attempt.delay <= 0.6


def wrapped(cause):
    error = OperationalError("gone")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (psycopg.OperationalError("the connection is closed"), True),
        (wrapped(psycopg.OperationalError("server closed the connection unexpectedly")), True),
        (wrapped(errors.AdminShutdown("terminating")), True),
        (wrapped(errors.LockNotAvailable("busy")), False),
        (wrapped(PoolTimeout("none free")), False),
        (wrapped(None), False),
        (ValueError("no"), False),
        (None, False),
    ],
)
def test_only_a_lost_database_counts(error, lost):
    assert is_lost(error) is lost


def test_connections_of_before_are_drained_after_a_loss(monkeypatch):
    drained = []

    class Pool:
        def drain(self):
            drained.append(True)

    row = SimpleNamespace(pool=Pool())
    monkeypatch.setattr(database_pool.connections, "all", lambda initialized_only: [row, SimpleNamespace()])
    for error in (ValueError("no"), psycopg.OperationalError("gone")):
        try:
            raise error
        except type(error):
            got_request_exception.send(sender=None, request=None)
    assert drained == [True]


@pytest.mark.parametrize(
    ("cause", "again"),
    [
        (PoolTimeout("none free"), True),
        (errors.TooManyConnections("full"), True),
        (errors.LockNotAvailable("busy"), True),
        (errors.DiskFull("full"), False),
    ],
)
def test_who_finds_no_connection_is_told_to_try_again(client, monkeypatch, cause, again):
    """Nothing is drained then, and the page says what to do: with a full database an error page would tell nobody."""
    assert is_unavailable(wrapped(cause)) is again

    def full(*_):
        raise wrapped(cause)

    monkeypatch.setattr("kakehashi.governments.middleware.tenant_by_host", full)
    client.raise_request_exception = False
    answer = client.get("/")
    assert (answer.status_code, answer.headers.get("Retry-After")) == ((503, "10") if again else (500, None))
    assert ("10秒ほど待って" in answer.content.decode()) is again
