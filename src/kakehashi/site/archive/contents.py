"""What an archive says of itself, and what a database and a folder really hold. Comparing the two is the proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FORMAT = "kakehashi-archive/2"
# What lies beside the database and belongs to it. Static files, logs and sockets are made anew.
FOLDERS = ("keys", "journal", "mail", "files")
# These keys open the old database cluster; a new one makes its own.
NOT_KEPT = frozenset({"keys/pg_postgres", "keys/pg_kakehashi_owner", "keys/pg_kakehashi_app"})

Connection = psycopg.Connection[Any]


class NotRestorable(RuntimeError):
    """The archive is damaged, of a newer version, or what was restored is not what was backed up."""


@dataclass(frozen=True)
class Head:
    """The first part of an archive: all that must be known before the rows come. `columns` is by table.

    `government` is the id of the one government in the archive, or empty when it holds the whole installation; `facts` are what
    its new home must know of it.
    """

    format: str
    created_at: str
    migrations: list[tuple[str, str]]
    columns: dict[str, list[str]]
    government: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def write(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def read(cls, data: bytes) -> Head:
        """From JSON. Raises NotRestorable for another format."""
        values = json.loads(data)
        if values.get("format") != FORMAT:
            raise NotRestorable(f"unknown archive format {values.get('format')!r}")
        values["migrations"] = [(app, name) for app, name in values["migrations"]]
        return cls(**values)


@dataclass(frozen=True)
class Contents:
    """The last part of an archive: rows by table, each journal's size and root, sequences, the number of files."""

    rows: dict[str, int]
    journals: dict[str, tuple[int, str]]
    sequences: dict[str, int]
    files: int

    def write(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def read(cls, data: bytes) -> Contents:
        """From JSON."""
        values = json.loads(data)
        values["journals"] = {key: (size, root) for key, (size, root) in values["journals"].items()}
        return cls(**values)


def table_names(connection: Connection) -> list[str]:
    """All tables of the schema `public`, by name."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
    )
    return [name for (name,) in found]


def columns_of(connection: Connection, table: str) -> list[str]:
    """The columns of a table that hold what was written, generated ones left out."""
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [f'public."{table}"'],
    )
    return [name for (name,) in found]


def sequences_of(connection: Connection) -> dict[str, int]:
    """The last value of each sequence that was used."""
    found = connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )
    return dict(found.fetchall())


def migrations_of(connection: Connection) -> list[tuple[str, str]]:
    """The applied migrations in their order."""
    return connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()


def row_counts(connection: Connection) -> dict[str, int]:
    """The number of rows in each table."""
    counts = {}
    for table in table_names(connection):
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        (counts[table],) = connection.execute(statement).fetchone() or (0,)
    return counts


def journal_roots(connection: Connection, government: str = "") -> dict[str, tuple[int, str]]:
    """Size and root of each government's journal (or of one), computed anew from its leaves."""
    from kakehashi.journal.domain.merkle import Frontier, leaf_hash

    edges: dict[str, Frontier] = {}
    with connection.cursor(name="leaves") as cursor:
        cursor.execute(
            "SELECT government_id, commitment FROM journal_leaf WHERE %(one)s = '' OR government_id::text = %(one)s"
            " ORDER BY government_id, index",
            {"one": government},
        )
        for government_id, commitment in cursor:
            edges.setdefault(str(government_id), Frontier()).append(leaf_hash(bytes(commitment)))
    return {government_id: (edge.size, edge.root().hex()) for government_id, edge in edges.items()}


def kept_files(home: Path, folders: tuple[str, ...] = FOLDERS) -> Iterator[Path]:
    """The files beside the database that belong to a backup."""
    for folder in folders:
        for path in sorted((home / folder).rglob("*")):
            name = path.relative_to(home).as_posix()
            if path.is_file() and name not in NOT_KEPT and not path.name.startswith("."):
                yield path


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
    files = sum(1 for _ in kept_files(home))
    # The folder was empty: what is there beyond the archive are keys that this installation made because it had none.
    if files < contents.files:
        different.append(f"files: {contents.files} → {files}")
    return different
