"""Reading an archive: one pass, in which two connections fill tables without indexes; those are built afterwards."""

from __future__ import annotations

import os
import shutil
import tarfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import Any, Self

import psycopg
import zstandard
from psycopg import sql

from kakehashi.site.archive.contents import (
    FOLDERS,
    NOT_KEPT,
    Connection,
    Contents,
    Head,
    NotRestorable,
    columns_of,
    table_names,
)
from kakehashi.site.archive.sealing import NotReadable, RecoveryKey, SealedReader
from kakehashi.site.archive.writing import Progress

_LOADERS = 2
_SESSION = (
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '256MB'",
    "SET max_parallel_maintenance_workers = 2",
    "SET lock_timeout = '10s'",
)


class ArchiveReader:
    """An archive that is read from front to end: `head`, then `unpack_keys`, then `load`, each once and in this order."""

    def __init__(self, path: Path, key: RecoveryKey) -> None:
        self._path, self._key = path, key

    def __enter__(self) -> Self:
        self._file = self._path.open("rb")
        try:
            sealed: Any = SealedReader(self._file, self._key)
            plain = zstandard.ZstdDecompressor().stream_reader(sealed, read_size=1 << 20, closefd=False)
            self._tar = tarfile.open(fileobj=plain, mode="r|", bufsize=1 << 20)
            self._members = iter(self._tar)
            self.head = Head.read(self._read(next(self._members)))
        except BaseException as error:
            self._file.close()
            if isinstance(error, (*_DAMAGE, ValueError, KeyError, TypeError, StopIteration)):
                raise NotRestorable(f"{self._path}: {error}") from error
            raise
        self._next: tarfile.TarInfo | None = next(self._members, None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tar.close()
        self._file.close()
        if isinstance(error, _DAMAGE):
            raise NotRestorable(str(error)) from error

    def unpack_keys(self, home: Path) -> None:
        """Put keys, checkpoints and waiting mails below `home`; no member may leave it."""
        for folder in FOLDERS:
            (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            (home / folder).chmod(0o700)
        while self._next is not None and self._next.name.split("/")[0] in ("keys", "journal", "mail"):
            self._unpack(home, self._next)
            self._next = next(self._members, None)

    def load(self, *, url: str, home: Path, progress: Progress) -> Contents:
        """Load every row into the empty tables behind `url` (the owner's), and every file below `home`.

        Triggers of our own are off while loading (they would write rows that the archive holds too); keys, indexes and
        constraints are made afterwards and so are checked. After an error the database is of no use and must be emptied.
        """
        with psycopg.connect(url, autocommit=True) as connection:
            self._refuse_unknown(connection)
            with bare_tables(connection, url):
                contents = self._fill(url, home, progress)
            for sequence, value in contents.sequences.items():
                connection.execute("SELECT setval(%s::regclass, %s)", [f'public."{sequence}"', value])
            connection.execute("ANALYZE")
        return contents

    def add_rows(
        self, connection: Connection, home: Path, progress: Progress, *, places: dict[str, str] | None = None
    ) -> Contents:
        """Add every row in the caller's transaction, to tables that hold others' rows; for one government.

        `places` names other tables of the same columns into which the rows of some tables go instead.
        """
        self._refuse_unknown(connection)
        contents = None
        for member in self._rest():
            if member.name == "contents.json":
                contents = Contents.read(self._read(member))
            elif member.name.startswith("tables/"):
                table = member.name.split("/")[1]
                progress(table, list(self.head.columns).index(table), len(self.head.columns))
                place = (places or {}).get(table, table)
                _copy_in(connection, place, self.head.columns[table], self._read(member))
            else:
                self._unpack(home, member)
        if contents is None:
            raise NotRestorable("the archive has no end")
        return contents

    def _refuse_unknown(self, connection: Connection) -> None:
        known = set(table_names(connection))
        missing = sorted(set(self.head.columns) - known)
        for table, columns in self.head.columns.items():
            if table in known:
                missing += [f"{table}.{name}" for name in set(columns) - set(columns_of(connection, table))]
        if missing:
            raise NotRestorable(f"these tables or columns are unknown to this version: {', '.join(missing)}")

    def _fill(self, url: str, home: Path, progress: Progress) -> Contents:
        contents, order = None, list(self.head.columns)
        with Loaders(url, self.head.columns) as loaders:
            for member in self._rest():
                if member.name == "contents.json":
                    contents = Contents.read(self._read(member))
                elif member.name.startswith("tables/"):
                    table = member.name.split("/")[1]
                    progress(table, order.index(table), len(order))
                    loaders.put(table, self._read(member))
                else:
                    progress("files", len(order), len(order))
                    self._unpack(home, member)
        if contents is None:
            raise NotRestorable("the archive has no end")
        return contents

    def _rest(self) -> Iterator[tarfile.TarInfo]:
        while self._next is not None:
            yield self._next
            self._next = next(self._members, None)

    def _read(self, member: tarfile.TarInfo) -> bytes:
        file = self._tar.extractfile(member)
        return file.read() if file else b""

    def _unpack(self, home: Path, member: tarfile.TarInfo) -> None:
        """Write a file of the archive at its place below `home`; whatever is no plain file there is refused.

        Python's own filter for archives came with 3.11.4, and Debian 12 has 3.11.2.
        """
        if member.name.split("/")[0] not in FOLDERS or member.name in NOT_KEPT or member.isdir():
            return
        content = self._tar.extractfile(member) if member.isreg() else None
        place = home / member.name
        if content is None or ".." in place.parts or not place.resolve().is_relative_to(home.resolve()):
            raise NotRestorable(f"the archive holds something that is no file of ours: {member.name}")
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with content, os.fdopen(private, "wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
        os.utime(place, (member.mtime, member.mtime))


_DAMAGE = (NotReadable, tarfile.TarError, zstandard.ZstdError, EOFError)


class Loaders:
    """Connections in threads that take parts of tables from a short queue. The first error ends all of them."""

    def __init__(self, url: str, columns: dict[str, list[str]]) -> None:
        self._url, self._columns = url, columns
        self._queue: Queue[tuple[str, bytes] | None] = Queue(maxsize=_LOADERS * 2)
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(_LOADERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        if self._errors and error is None:
            raise self._errors[0]

    def put(self, table: str, part: bytes) -> None:
        """Hand over a part; waits while both connections are busy."""
        if self._errors:
            raise self._errors[0]
        self._queue.put((table, part))

    def _run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                _prepare(connection)
                while (job := self._queue.get()) is not None:
                    if not self._errors:
                        _copy_in(connection, job[0], self._columns[job[0]], job[1])
        except BaseException as error:  # noqa: BLE001 — handed to the thread that waits for this one
            self._errors.append(error)
            # Go on emptying the queue, so that nobody waits for room in it.
            while self._queue.get() is not None:
                pass


def _prepare(connection: Connection) -> None:
    for statement in _SESSION:
        connection.execute(statement)


def _copy_in(connection: Connection, table: str, columns: Sequence[str], part: bytes) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for at in range(0, len(part), 1 << 18):
            copy.write(part[at : at + (1 << 18)])


@contextmanager
def bare_tables(connection: Connection, url: str) -> Iterator[None]:
    """Empty all tables and take off keys, indexes and triggers; put them back, two at a time, when the rows are in."""
    _prepare(connection)
    tables = [sql.Identifier(table) for table in table_names(connection)]
    if tables:
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))
    again = [_indexes(connection), _keys(connection, "p", "u", "x"), _keys(connection, "f")]
    with connection.transaction():
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        for drop, _ in (*again[2], *again[1], *again[0]):
            connection.execute(drop)
    yield
    # Unique indexes before the foreign keys that lean on them.
    for round_ in again[:2]:
        _build(url, [build for _, build in round_])
    # Two foreign keys made at once may lock each other out; checking their rows is what takes long, and may overlap.
    for _, build in again[2]:
        connection.execute(sql.SQL("{} NOT VALID").format(build))
    _build(url, _validations(connection))
    with connection.transaction():
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


Sql = sql.SQL | sql.Composed
Pair = tuple[Sql, Sql]


def _indexes(connection: Connection) -> list[Pair]:
    found = connection.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE c.relnamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p','u','x'))"
        " ORDER BY pg_table_size(i.indrelid) DESC"
    ).fetchall()
    return [(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)), sql.SQL(text)) for name, text in found]


def _keys(connection: Connection, *kinds: str) -> list[Pair]:
    found = connection.execute(
        "SELECT r.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid"
        " WHERE k.connamespace = 'public'::regnamespace AND k.contype = ANY(%s) AND k.conparentid = 0",
        [list(kinds)],
    ).fetchall()
    return [
        (
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name)),
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                sql.Identifier(table), sql.Identifier(name), sql.SQL(text.removesuffix(" NOT VALID"))
            ),
        )
        for table, name, text in found
    ]


def _validations(connection: Connection) -> list[Sql]:
    found = connection.execute(
        "SELECT r.relname, k.conname FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid"
        " WHERE k.connamespace = 'public'::regnamespace AND NOT k.convalidated AND k.contype = 'f'"
    ).fetchall()
    return [
        sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name))
        for table, name in found
    ]


def _build(url: str, statements: Sequence[Sql]) -> None:
    waiting = iter(list(statements))
    turn = threading.Lock()

    def work() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            _prepare(connection)
            connection.execute("SET lock_timeout = 0")
            while True:
                with turn:
                    statement = next(waiting, None)
                if statement is None:
                    return
                connection.execute(statement)

    with ThreadPoolExecutor(_LOADERS) as pool:
        for done in [pool.submit(work) for _ in range(_LOADERS)]:
            done.result()
