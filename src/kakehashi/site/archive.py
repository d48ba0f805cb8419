"""One archive of everything: every table at one point in time, the files, the keys. The form does not depend on PostgreSQL's
version: tables travel as COPY text and are loaded into tables that migrations made, so 18 goes to 15 and back.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kakehashi.kernel import clock

FORMAT = "kakehashi-archive/1"
# What lies beside the database and belongs to it. Static files, logs and sockets are made anew.
FOLDERS = ("files", "keys", "journal", "mail")
# These keys open the old database cluster; a new one makes its own.
_NOT_KEPT = frozenset({"keys/pg_postgres", "keys/pg_kakehashi_owner", "keys/pg_kakehashi_app"})

Progress = Callable[[str, int, int], None]


class NotRestorable(RuntimeError):
    """The archive is damaged, of a newer version, or what was restored is not what was backed up."""


@dataclass(frozen=True)
class Contents:
    """What an archive holds: rows by table, the journal's size and root by government, migrations by application."""

    format: str
    created_at: str
    rows: dict[str, int]
    journals: dict[str, tuple[int, str]]
    migrations: list[tuple[str, str]]
    sequences: dict[str, int]
    files: int

    @classmethod
    def read(cls, data: bytes) -> Contents:
        """Read contents.json. Raises NotRestorable for another format."""
        values = json.loads(data)
        if values.get("format") != FORMAT:
            raise NotRestorable(f"unknown archive format {values.get('format')!r}")
        values["journals"] = {key: (size, root) for key, (size, root) in values["journals"].items()}
        values["migrations"] = [(app, name) for app, name in values["migrations"]]
        return cls(**values)


def write_archive(path: Path, *, url: str, home: Path, progress: Progress) -> Contents:
    """Write `home` and the database behind `url` (the owner's) into the new file `path`; return what it holds.

    All tables are read in one snapshot. Files are written before the rows that name them and never change, so files
    copied after the snapshot are at least those the rows need.
    """
    draft = path.with_name(f".{path.name}.part")
    with psycopg.connect(url) as connection, tarfile.open(draft, "w:gz", compresslevel=3) as archive:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = table_names(connection)
        rows = {}
        for number, table in enumerate(tables):
            progress(table, number, len(tables))
            rows[table] = _add_table(archive, connection, table)
        contents = Contents(
            format=FORMAT,
            created_at=clock.now().isoformat(),
            rows=rows,
            journals=journal_roots(connection),
            migrations=connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall(),
            sequences=_sequences(connection),
            files=_add_folders(archive, home, progress),
        )
        data = json.dumps(asdict(contents), ensure_ascii=False, indent=1).encode()
        with tempfile.TemporaryFile() as file:
            file.write(data)
            _add(archive, "contents.json", file)
    draft.chmod(0o600)
    draft.replace(path)
    return contents


def table_names(connection: psycopg.Connection[Any]) -> list[str]:
    """All tables of the schema `public`, by name."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
    )
    return [name for (name,) in found]


def row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The number of rows in each table."""
    counts = {}
    for table in table_names(connection):
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        (counts[table],) = connection.execute(statement).fetchone() or (0,)
    return counts


def journal_roots(connection: psycopg.Connection[Any]) -> dict[str, tuple[int, str]]:
    """Size and root of each government's journal, computed anew from its leaves."""
    from kakehashi.journal.domain.merkle import Frontier, leaf_hash

    edges: dict[str, Frontier] = {}
    with connection.cursor(name="leaves") as cursor:
        cursor.execute("SELECT government_id, commitment FROM journal_leaf ORDER BY government_id, index")
        for government_id, commitment in cursor:
            edges.setdefault(str(government_id), Frontier()).append(leaf_hash(bytes(commitment)))
    return {government_id: (edge.size, edge.root().hex()) for government_id, edge in edges.items()}


def read_contents(path: Path) -> Contents:
    """What the archive at `path` says it holds. Raises NotRestorable."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            file = archive.extractfile("contents.json")
            return Contents.read(file.read() if file else b"{}")
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise NotRestorable(f"{path}: {error}") from error


def unpack_folders(path: Path, home: Path) -> None:
    """Put files and keys of the archive below `home`; no member may leave it."""
    with tarfile.open(path, "r:gz") as archive:
        members = (
            member for member in archive if member.name.split("/")[0] in FOLDERS and member.name not in _NOT_KEPT
        )
        archive.extractall(home, members=members, filter="data")
    for folder in FOLDERS:
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        (home / folder).chmod(0o700)
    for key in (home / "keys").glob("*"):
        key.chmod(0o600)


def load_tables(path: Path, *, url: str, contents: Contents, progress: Progress) -> None:
    """Load every table in one transaction, as the owner, into tables that migrations have just made.

    Triggers of our own are off while loading (they would write rows that the archive holds too); keys are checked at the end.
    """
    with psycopg.connect(url) as connection, tarfile.open(path, "r:gz") as archive:
        tables = table_names(connection)
        missing = sorted(set(contents.rows) - set(tables))
        if missing:
            raise NotRestorable(f"these tables are unknown to this version: {', '.join(missing)}")
        names = sql.SQL(", ").join(sql.Identifier(table) for table in tables)
        connection.execute(sql.SQL("TRUNCATE {}").format(names))
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        with _triggers_off(connection, tables):
            for number, member in enumerate(_table_members(archive)):
                table = member.name.removeprefix("tables/").removesuffix(".copy")
                progress(table, number, len(contents.rows))
                _load(connection, table, archive, member)
        for sequence, value in contents.sequences.items():
            connection.execute("SELECT setval(%s::regclass, %s)", [f'public."{sequence}"', value])


def compare(contents: Contents, *, url: str, home: Path) -> list[str]:
    """What differs between the archive and what is there now; empty when everything is identical."""
    with psycopg.connect(url) as connection:
        rows, journals = row_counts(connection), journal_roots(connection)
    different = [
        f"{table}: {contents.rows.get(table)} → {rows.get(table)}"
        for table in sorted(set(rows) | set(contents.rows))
        if rows.get(table) != contents.rows.get(table)
    ]
    if journals != contents.journals:
        different.append(f"journal: {contents.journals} → {journals}")
    files = sum(1 for _ in _kept_files(home))
    if files != contents.files:
        different.append(f"files: {contents.files} → {files}")
    return different


def _add_table(archive: tarfile.TarFile, connection: psycopg.Connection[Any], table: str) -> int:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in _columns(connection, table))
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), columns)
    with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for block in copy:
                file.write(block)
        _add(archive, f"tables/{table}.copy", file, {"kakehashi.columns": ",".join(_columns(connection, table))})
        return cursor.rowcount


def _add(archive: tarfile.TarFile, name: str, file: Any, headers: dict[str, str] | None = None) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = file.tell(), 0o600, int(clock.now().timestamp())
    info.pax_headers = headers or {}
    file.seek(0)
    archive.addfile(info, file)


def _add_folders(archive: tarfile.TarFile, home: Path, progress: Progress) -> int:
    count = 0
    for path in _kept_files(home):
        name = path.relative_to(home).as_posix()
        progress(name, count, count + 1)
        archive.add(path, name, recursive=False)
        count += 1
    return count


def _kept_files(home: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and path.relative_to(home).as_posix() not in _NOT_KEPT and not path.name.startswith("."):
                yield path


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [f'public."{table}"'],
    )
    return [name for (name,) in found]


def _sequences(connection: psycopg.Connection[Any]) -> dict[str, int]:
    found = connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )
    return dict(found.fetchall())


def _table_members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    return (member for member in archive if member.name.startswith("tables/"))


def _load(connection: psycopg.Connection[Any], table: str, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    file = archive.extractfile(member)
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in member.pax_headers["kakehashi.columns"].split(","))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while file is not None and (block := file.read(1 << 16)):
            copy.write(block)


@contextmanager
def _triggers_off(connection: psycopg.Connection[Any], tables: list[str]) -> Iterator[None]:
    for table in tables:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    yield
    # Pending checks of deferred keys would forbid altering the tables.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
