"""Writing an archive: rows and files flow through zstandard and the cipher into one file; nothing is spooled."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import zstandard
from psycopg import sql

from kakehashi.kernel import clock
from kakehashi.site.archive.contents import (
    FORMAT,
    Connection,
    Contents,
    Head,
    columns_of,
    journal_roots,
    kept_files,
    migrations_of,
    sequences_of,
    table_names,
)
from kakehashi.site.archive.sealing import SealedWriter

Progress = Callable[[str, int, int], None]

# A part of a table, of whole lines; it is held in memory once while it is written and once while it is loaded.
_PART = 8 << 20
_LEVEL = 3


class Selection:
    """What of the database travels: everything. `site.moving` has one for a single government."""

    government = ""
    folders: tuple[str, ...] = ("keys", "journal", "mail")

    def __init__(self, facts: dict[str, Any] | None = None) -> None:
        self.facts = facts or {}

    def tables(self, connection: Connection) -> list[str]:
        """The tables, in the order in which they are written."""
        return table_names(connection)

    def where(self, table: str) -> sql.Composable:
        """The condition for rows of a table."""
        return sql.SQL("true")

    def sequences(self, connection: Connection) -> dict[str, int]:
        """The sequences that go on from where they are."""
        return sequences_of(connection)

    def takes_file(self, name: str) -> bool:
        """Whether a file travels, by its path below the home folder."""
        return True


def write_archive(
    path: Path, *, url: str, home: Path, public: bytes, progress: Progress, selection: Selection | None = None
) -> Contents:
    """Write `home` and the database behind `url` (the owner's) into the new file `path` for the key `public`.

    All tables are read in one snapshot. Stored files never change and are linked aside just before and just after the
    snapshot begins, so that all files the rows name are there even when some are discarded while the archive is written.
    """
    chosen = selection or Selection()
    draft = path.with_name(f".{path.name}.part")
    try:
        with _stream(draft, public) as archive, _linked_files(home) as (linked, link_again):
            with psycopg.connect(url) as connection:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                connection.execute("SELECT 1")
                link_again()
                contents = _write(archive, connection, home, linked, chosen, progress)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def _write(
    archive: tarfile.TarFile, connection: Connection, home: Path, linked: Path, chosen: Selection, progress: Progress
) -> Contents:
    tables = chosen.tables(connection)
    head = Head(
        format=FORMAT,
        created_at=clock.now().isoformat(),
        migrations=migrations_of(connection),
        columns={table: columns_of(connection, table) for table in tables},
        government=chosen.government,
        facts=chosen.facts,
    )
    _add(archive, "head.json", head.write())
    # Keys first: whoever restores needs them to start the database that takes the rows.
    files = _add_files(archive, home, chosen.folders, chosen, progress)
    rows = {}
    for number, table in enumerate(tables):
        progress(table, number, len(tables))
        rows[table] = _add_table(archive, connection, table, head.columns[table], chosen.where(table))
    contents = Contents(
        rows=rows,
        journals=journal_roots(connection, chosen.government),
        sequences=chosen.sequences(connection),
        files=files + _add_files(archive, linked, ("files",), chosen, progress),
    )
    _add(archive, "contents.json", contents.write())
    return contents


@contextmanager
def _stream(draft: Path, public: bytes) -> Iterator[tarfile.TarFile]:
    # Two threads compress while this one reads and the database's process writes.
    compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=2)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        sealed: Any = SealedWriter(file, public, {"created_at": clock.now().isoformat()})
        with compressor.stream_writer(sealed, closefd=False) as compressed:
            with tarfile.open(fileobj=compressed, mode="w|", bufsize=1 << 20) as archive:
                yield archive
        sealed.close()
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _linked_files(home: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder whose `files` are hard links to the stored files of now, and a function that adds newer ones."""
    source = home / "files"
    source.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as folder:
        linked = Path(folder)
        try:
            _link_all(source, linked / "files")
        except OSError:
            # A file system without links: the files are read where they are.
            shutil.rmtree(linked / "files", ignore_errors=True)
            yield home, lambda: None
        else:
            yield linked, lambda: _link_all(source, linked / "files")


def _link_all(source: Path, target: Path) -> None:
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".")]
        there = target / Path(folder).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not name.startswith("."):
                with suppress(FileExistsError, FileNotFoundError):
                    os.link(Path(folder) / name, there / name)


def _add_table(
    archive: tarfile.TarFile, connection: Connection, table: str, columns: list[str], where: sql.Composable
) -> int:
    statement = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), where
    )
    number, part = 0, bytearray()
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for line in copy:
                part += line
                if len(part) >= _PART:
                    _add(archive, f"tables/{table}/{number:06}", part)
                    number, part = number + 1, bytearray()
        if part:
            _add(archive, f"tables/{table}/{number:06}", part)
        return cursor.rowcount


def _add(archive: tarfile.TarFile, name: str, data: bytes | bytearray) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(clock.now().timestamp())
    archive.addfile(info, io.BytesIO(data))


def _add_files(
    archive: tarfile.TarFile, home: Path, folders: tuple[str, ...], chosen: Selection, progress: Progress
) -> int:
    count = 0
    for path in kept_files(home, folders):
        name = path.relative_to(home).as_posix()
        if not chosen.takes_file(name):
            continue
        progress(name.split("/")[0], count, count + 1)
        with path.open("rb") as file:
            info = archive.gettarinfo(arcname=name, fileobj=file)
            info.type, info.mode, info.linkname = tarfile.REGTYPE, 0o600, ""
            info.size = os.fstat(file.fileno()).st_size
            archive.addfile(info, file)
        count += 1
    return count
