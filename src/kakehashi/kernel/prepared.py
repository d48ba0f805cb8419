"""Statements that PostgreSQL parses and plans once for each connection: the door of the hot paths.

Django's cursor writes the values into the text of a statement, which PostgreSQL then reads and plans anew each time. For a page that
is nothing; for the few statements that run for every application it was half of the work. Here the text is sent once and
afterwards only the values are. What was measured stands in `docs/develop/speed.md`.

Only for statements whose text never changes and which run thousands of times; everything else is an ordinary query set. Between us
and the database only a pooler that knows prepared statements may stand (pgbouncer from 1.21).
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import RawCursor, errors, pq, sql

__all__ = ["begin_with", "run_prepared"]


def run_prepared(statement: bytes, values: Sequence[Any]) -> RawCursor[Any]:
    """Run a statement with placeholders `$1, $2 …` and return its cursor, in the transaction that is open.

    Give values as text, with a cast at the placeholder (`$1::uuid`): the types of the values are part of what is prepared, and an
    int that needs one byte more would be prepared again. Raises the errors of `django.db`.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    began = monotonic()
    with connection.wrap_database_errors:
        cursor = RawCursor(connection.connection)
        cursor.execute(statement, values, prepare=True)
    if connection.queries_logged:
        # Tests count queries; these count too.
        connection.queries_log.append({"sql": statement.decode(), "time": f"{monotonic() - began:.3f}"})
    return cursor


def begin_with(setting: str, value: str) -> None:
    """Set a setting until the end of the transaction; begins it in the same message when it has not begun yet.

    Saves every request a round trip. Call it inside `transaction.atomic()`, where Django has left the beginning to the driver.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    driver = connection.connection
    has_begun = driver.pgconn.transaction_status != pq.TransactionStatus.IDLE
    if has_begun or driver.isolation_level is not None or connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
        return
    text = sql.SQL("BEGIN; SELECT set_config({}, {}, true)").format(setting, value)
    with connection.wrap_database_errors:
        result = driver.pgconn.exec_(text.as_bytes(driver))
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise errors.error_from_result(result)
