"""Backup and restore: identical rows and journal roots, and what must be refused."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from kakehashi.journal.testing import own_keys, sealed_log
from kakehashi.kernel.ids import uuid7
from kakehashi.site.archive import (
    Contents,
    NotRestorable,
    compare,
    load_tables,
    read_contents,
    unpack_folders,
    write_archive,
)
from kakehashi.site.cli.restore import command as restore
from kakehashi.site.embedded import OWNER


def quiet(_name: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def government_id(fresh_database: str, tmp_path: Path) -> UUID:
    government_id = uuid7()
    with own_keys(tmp_path / "home"):
        sealed_log(government_id)
    return government_id


@pytest.fixture
def archive(cluster: Any, government_id: UUID, fresh_database: str, tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "files" / "ab"
    folder.mkdir(parents=True)
    (folder / "abcd").write_bytes(b"attachment")
    path = tmp_path / "archive.tar.gz"
    write_archive(path, url=cluster.server.url(OWNER, fresh_database), home=tmp_path / "home", progress=quiet)
    return path


@pytest.fixture
def empty_url(cluster: Any, worker_id: str) -> Iterator[str]:
    name = f"restored_{worker_id}"
    cluster.clone(name)
    yield cluster.server.url(OWNER, name)
    with cluster.locked(), cluster.admin() as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_what_is_restored_is_identical(archive: Path, empty_url: str, government_id: UUID, tmp_path: Path) -> None:
    contents, home = read_contents(archive), tmp_path / "elsewhere"
    unpack_folders(archive, home)
    load_tables(archive, url=empty_url, contents=contents, progress=quiet)
    assert compare(contents, url=empty_url, home=home) == []
    assert contents.journals[str(government_id)][0] == 12
    assert contents.rows["journal_event"] == 12
    assert (home / "files" / "ab" / "abcd").read_bytes() == b"attachment"


def test_keys_come_back_private(archive: Path, tmp_path: Path) -> None:
    unpack_folders(archive, tmp_path / "elsewhere")
    key = tmp_path / "elsewhere" / "keys" / "journal.pem"
    assert key.read_bytes() == (tmp_path / "home" / "keys" / "journal.pem").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_a_missing_row_is_reported(archive: Path, empty_url: str, tmp_path: Path) -> None:
    contents = read_contents(archive)
    unpack_folders(archive, tmp_path / "elsewhere")
    load_tables(archive, url=empty_url, contents=contents, progress=quiet)
    with psycopg.connect(empty_url) as connection:
        connection.execute("DELETE FROM journal_leaf WHERE index = 11")
    different = compare(contents, url=empty_url, home=tmp_path / "elsewhere")
    assert [line.split(":")[0] for line in different] == ["journal_leaf", "journal"]


def test_the_archive_is_private(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(b"hello")
    with pytest.raises(NotRestorable):
        read_contents(path)
    with pytest.raises(NotRestorable, match="unknown archive format"):
        Contents.read(json.dumps({"format": "other"}).encode())


def test_a_table_of_a_newer_version_is_refused(archive: Path, empty_url: str) -> None:
    contents = read_contents(archive)
    contents.rows["future_table"] = 1
    with pytest.raises(NotRestorable, match="future_table"):
        load_tables(archive, url=empty_url, contents=contents, progress=quiet)


def test_a_folder_in_use_is_refused(archive: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(restore, [str(archive)], env={"KAKEHASHI_HOME": str(tmp_path / "home")})
    assert done.exit_code == 1
    assert "空ではありません" in done.output


def test_a_member_that_would_leave_the_folder_is_not_written(archive: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as target:
        target.add(archive, "files/../../outside")
    with pytest.raises(tarfile.OutsideDestinationError):
        unpack_folders(evil, tmp_path / "elsewhere")
    assert not (tmp_path.parent / "outside").exists()
