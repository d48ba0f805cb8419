"""While the database restarts, has no room or ends a statement, nobody is told that something is broken: 503, in Japanese, try again.

Each fault is a real one: the server itself ends the connection or the statement, in the middle of a request's transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import Client
from psycopg import InterfaceError, errors
from psycopg_pool import PoolClosed, PoolTimeout

from kakehashi.people.testing import Cast
from kakehashi.site import buffered


def asked(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lost() -> None:
    asked("SELECT pg_terminate_backend(pg_backend_pid())")


def lost_and_swallowed() -> None:
    """Somebody catches the first error and goes on: what comes then is called something else."""
    try:
        lost()
    except DatabaseError:
        asked("SELECT 1")


def lost_before_the_commit() -> None:
    """The connection breaks after the last statement of the page."""
    connection.connection.pgconn.finish()


def lost_while_drawing() -> None:
    """An error of another kind that the lost connection led to."""
    try:
        lost()
    except DatabaseError:
        raise KeyError("rows") from None


def cancelled() -> None:
    asked("SET LOCAL statement_timeout = 5", "SELECT pg_sleep(5)")


def idled() -> None:
    asked("SET LOCAL idle_in_transaction_session_timeout = 5", "SELECT 1")
    for _ in range(200):
        asked("SELECT pg_sleep(0)")
        __import__("time").sleep(0.05)


def raises(cause: Exception) -> Callable[[], None]:
    """What Django makes of an error of the driver that cannot be brought about in a moment."""

    def fault() -> None:
        raise OperationalError("of the driver") from cause

    fault.__name__ = type(cause).__name__
    return fault


FAULTS = [
    lost,
    lost_and_swallowed,
    lost_before_the_commit,
    lost_while_drawing,
    cancelled,
    idled,
    raises(PoolTimeout("none free for ten seconds")),
    raises(PoolClosed("the process leaves")),
    raises(InterfaceError("the cursor is closed")),
    raises(errors.CannotConnectNow("the database system is shutting down")),
    raises(errors.CrashShutdown("another server process crashed")),
    raises(errors.TooManyConnections("sorry, too many clients already")),
    raises(errors.DeadlockDetected("two stood in each other's way")),
    raises(errors.LockNotAvailable("a migration holds it")),
]


@pytest.fixture
def visitor(swept_database: str, new_cast: Callable[[], Cast]) -> Client:
    new_cast()
    return Client(raise_request_exception=False)


def judged(answer: object) -> tuple[object, ...]:
    page = answer.content.decode()  # type: ignore[attr-defined]
    return answer.status_code, answer.headers.get("Retry-After"), "10秒ほど待って" in page  # type: ignore[attr-defined]


def test_every_fault_of_the_database_is_503_and_the_next_page_is_served(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for fault in FAULTS:
        with monkeypatch.context() as patch:
            patch.setattr("kakehashi.site.views.present_announcements", lambda *_, fault=fault, **__: fault() or [])
            told[fault.__name__] = judged(visitor.get("/hibari/"))
        assert visitor.get("/hibari/").status_code == 200, fault.__name__
    assert {name: seen for name, seen in told.items() if seen != (503, "10", True)} == {}


def test_a_session_that_cannot_be_saved_is_503(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library calls that a bad request."""

    def save(self: SessionStore, must_create: bool = False) -> None:
        lost()

    monkeypatch.setattr(SessionStore, "save", save)
    answer = visitor.post("/language/", {"language": "en", "next": "/"})
    monkeypatch.undo()
    assert answer.status_code in {302, 503}
    connections.close_all()


def test_a_process_that_leaves_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[int, list[tuple[str, str]], str]] = []
    gone = SimpleNamespace(
        submit=lambda *_: (_ for _ in ()).throw(RuntimeError("cannot schedule new futures after shutdown"))
    )
    monkeypatch.setattr(buffered, "_threads", gone)
    scope = SimpleNamespace(
        proto="http", headers={}, method="GET", path="/", query_string="", server="a:1", client="127.0.0.1:1", scheme="http",
        http_version="1", authority=None,
    )  # fmt: skip
    protocol = SimpleNamespace(response_str=lambda *answer: said.append(answer))
    loop = asyncio.new_event_loop()
    try:
        work = buffered.application(scope, protocol)
        with pytest.raises(StopIteration), monkeypatch.context() as patch:
            patch.setattr(asyncio, "get_running_loop", lambda: loop)
            work.send(None)
    finally:
        loop.close()
    [(status, headers, page)] = said
    assert status == 503
    assert ("retry-after", "10") in headers
    assert "10秒ほど待って" in page
