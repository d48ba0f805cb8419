"""Statements that PostgreSQL parses and plans once for each connection, and fewer waits for it: the door of the hot paths.

Django's cursor writes the values into the text of a statement, which PostgreSQL then reads and plans anew each time, and every
BEGIN, setting, statement and COMMIT is a wait of its own, after which a busy machine's processor has forgotten this request. For a
page that is nothing; for what runs for every application it was half of the work. Here the text is sent once and afterwards only
the values are, and what belongs together goes in one message: libpq's pipeline, driven directly, because psycopg's own costs more
than the waits it saves. What was measured stands in `docs/develop/speed.md`.

Only for statements whose text never changes and which run thousands of times; everything else is an ordinary query set. Between us
and the database only a pooler that knows prepared statements may stand (pgbouncer from 1.21).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from select import POLLIN, poll
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import OperationalError, errors, pq
from psycopg.adapt import PyFormat, Transformer

__all__ = ["Answer", "begin_with", "run_prepared", "set_until_the_end"]

_IDLE = pq.TransactionStatus.IDLE
_FAILED = pq.ExecStatus.FATAL_ERROR
_SYNC = pq.ExecStatus.PIPELINE_SYNC

Values = Sequence[Any]
_BEGIN: tuple[bytes, Values] = (b"BEGIN", ())
_COMMIT: tuple[bytes, Values] = (b"COMMIT", ())
_TELL = b"SELECT set_config($1::text, $2::text, true)"

# The names of what is prepared, by connection of the driver; psycopg's own register stays empty, so that it clears nothing of ours.
_names: WeakKeyDictionary[Any, dict[bytes, bytes]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a SELECT or RETURNING, and how many rows the statement read or wrote."""

    rows: list[tuple[Any, ...]]
    count: int


def run_prepared(statement: bytes, values: Sequence[Any], *, and_commit: bool = False) -> Answer:
    """Run a statement with placeholders `$1, $2 …` in the transaction that is open.

    Every value travels as text and is read as the type of the cast at its placeholder (`$1::uuid`), so none may lack its cast. `and_commit` sends the COMMIT along when a scope's own transaction is open
    and nothing else (no savepoint): for the last write of a request. What the request does afterwards is a new transaction of the
    same scope. Raises the errors of `django.db`; then nothing is committed.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    opening, began = _opening_of(connection), monotonic()
    with connection.wrap_database_errors:
        driver = connection.connection
        reader = Transformer(driver)
        given = [value.encode() if type(value) is str else _as_text(reader, value) for value in values]
        before = opening.statements() if opening is not None and opening.is_due else []
        after = [_COMMIT] if and_commit and opening is not None and len(connection.atomic_blocks) == 1 else []
        # BEGIN, setting and COMMIT are prepared too: PostgreSQL would read and plan them anew for every request.
        steps = [(_prepare(driver, text), known) for text, known in (*before, (statement, given), *after)]
        if len(steps) > 1:
            results = _in_one_message(driver.pgconn, steps)
        else:
            results = [driver.pgconn.exec_prepared(*steps[0])]
        if opening is not None:
            opening.is_told = True
        _raise_failure(results)
        result = results[len(before)]
        reader.set_pgresult(result)
        rows = reader.load_rows(0, result.ntuples, tuple)
    _log(connection, statement, began)
    return Answer(rows, result.command_tuples or 0)


@contextmanager
def begin_with(setting: str, value: str) -> Iterator[None]:
    """Inside, every transaction on the connection begins with setting a setting (until its end), before its first statement.

    It is told with the first statement, not before it: a request that asks the database nothing costs it nothing, and nobody can
    forget to tell it again after a COMMIT. Open it inside the outermost `transaction.atomic()`.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.execute_wrapper(_Opening(connection, setting, value)):
        yield


def set_until_the_end(setting: str, value: str) -> None:
    """Set a setting until the end of the transaction that is open."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


class _Opening:
    """What each transaction begins with; Django calls it around every statement of its own cursors."""

    def __init__(self, connection: Any, setting: str, value: str) -> None:
        self.connection, self.setting, self.value = connection, setting, value
        self.is_told = False

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        if self.is_due:
            began, messages = monotonic(), self.messages()
            with self.connection.wrap_database_errors:
                _raise_failure([self.connection.connection.pgconn.exec_(b"; ".join(messages))])
            self.is_told = True
            _log(self.connection, messages[-1], began)
        return execute(*arguments)

    @property
    def is_due(self) -> bool:
        """Whether the server has not been told in the transaction that is open, or none is open."""
        return not self.is_told or self.connection.connection.pgconn.transaction_status == _IDLE

    def statements(self) -> list[tuple[bytes, Values]]:
        """BEGIN unless the driver has sent it, and the setting: to be prepared, with their values."""
        tell = (_TELL, (self.setting.encode(), self.value.encode()))
        is_idle = self.connection.connection.pgconn.transaction_status == _IDLE
        return [_BEGIN, tell] if is_idle else [tell]

    def messages(self) -> list[bytes]:
        """The same as plain text, for what is not prepared."""
        pgconn = self.connection.connection.pgconn
        quote = pq.Escaping(pgconn).escape_literal
        setting, value = bytes(quote(self.setting.encode())), bytes(quote(self.value.encode()))
        tell = b"SELECT set_config(" + setting + b", " + value + b", true)"
        return [b"BEGIN", tell] if pgconn.transaction_status == _IDLE else [tell]


def _opening_of(connection: Any) -> _Opening | None:
    return next((one for one in connection.execute_wrappers if isinstance(one, _Opening)), None)


def _as_text(writer: Any, value: Any) -> Any:
    return None if value is None else writer.get_dumper(value, PyFormat.TEXT).dump(value)


def _prepare(driver: Any, statement: bytes) -> bytes:
    known = _names.setdefault(driver, {})
    name = known.get(statement)
    if name is None:
        name = b"kakehashi_%d" % len(known)
        _raise_failure([driver.pgconn.prepare(name, statement)])
        known[statement] = name
    return name


def _in_one_message(pgconn: Any, steps: Sequence[tuple[bytes, Values]]) -> list[Any]:
    """Send everything that was prepared, then wait once; the results in order. What follows a failed statement is not run."""
    pgconn.enter_pipeline_mode()
    try:
        for name, given in steps:
            pgconn.send_query_prepared(name, given)
        pgconn.pipeline_sync()
        return _results(pgconn)
    finally:
        if pgconn.status == pq.ConnStatus.OK:
            pgconn.exit_pipeline_mode()


def _results(pgconn: Any) -> list[Any]:
    results: list[Any] = []
    answers, ends = poll(), 0
    answers.register(pgconn.socket, POLLIN)
    while ends < 2:
        # Waiting here, as `get_result` would, must not hold the interpreter: the thread that holds the lock we wait for in the
        # database needs it to go on.
        while pgconn.is_busy():
            answers.poll()
            pgconn.consume_input()
        # One None ends each statement; two in a row mean that nobody answers any more.
        result = pgconn.get_result()
        if result is None:
            ends += 1
            continue
        if result.status == _SYNC:
            return results
        ends = 0
        results.append(result)
    raise OperationalError("the connection was lost while waiting for the database")


def _raise_failure(results: Sequence[Any]) -> None:
    for result in results:
        if result.status == _FAILED:
            raise errors.error_from_result(result)


def _log(connection: Any, statement: bytes, began: float) -> None:
    """Tests count queries; these count too."""
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement.decode(), "time": f"{monotonic() - began:.3f}"})
