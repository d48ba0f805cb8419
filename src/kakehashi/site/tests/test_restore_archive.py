"""Backup and restore: identical rows and journal roots, and what must be refused."""

import io
import os
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import zstandard
from click.testing import CliRunner

from kakehashi.journal.testing import own_keys, sealed_log
from kakehashi.kernel.ids import uuid7
from kakehashi.site.archive import (
    ArchiveReader,
    Contents,
    NotReadable,
    NotRestorable,
    RecoveryKey,
    backup_public_key,
    compare,
    recovery_key,
    write_archive,
)
from kakehashi.site.archive.sealing import SealedReader, SealedWriter
from kakehashi.site.cli.restore import command as restore
from kakehashi.site.embedded import OWNER

KEY = RecoveryKey(bytes(range(32)))


def quiet(_name: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def government_id(swept_database: str, tmp_path: Path) -> UUID:
    government_id = uuid7()
    with own_keys(tmp_path / "home"):
        sealed_log(government_id)
    return government_id


@pytest.fixture
def archive(cluster: Any, government_id: UUID, swept_database: str, tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "files" / "ab"
    folder.mkdir(parents=True)
    (folder / "abcd").write_bytes(b"attachment")
    path = tmp_path / "one.backup"
    url = cluster.server.url(OWNER, swept_database)
    write_archive(path, url=url, home=tmp_path / "home", public=KEY.public, progress=quiet)
    return path


@pytest.fixture
def empty_url(cluster: Any, second_database: str) -> str:
    url: str = cluster.server.url(OWNER, second_database)
    return url


def bring_back(archive: Path, url: str, home: Path) -> Contents:
    with ArchiveReader(archive, KEY) as reader:
        reader.unpack_keys(home)
        return reader.load(url=url, home=home, progress=quiet)


def shape(url: str) -> list[Any]:
    """Every index, constraint and trigger, by its definition; PostgreSQL words casts of arrays in two ways."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT regexp_replace(indexdef, '\\(*ARRAY.*', '') FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT conrelid::regclass::text || conname || regexp_replace(pg_get_constraintdef(oid), '\\(*ARRAY.*', '') || convalidated"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        ).fetchall()


def test_what_is_restored_is_identical(archive: Path, empty_url: str, government_id: UUID, tmp_path: Path) -> None:
    home, before = tmp_path / "elsewhere", shape(empty_url)
    contents = bring_back(archive, empty_url, home)
    assert compare(contents, url=empty_url, home=home) == []
    assert contents.journals[str(government_id)][0] == 12
    assert contents.rows["journal_event"] == 12
    assert (home / "files" / "ab" / "abcd").read_bytes() == b"attachment"
    assert shape(empty_url) == before


def test_keys_come_back_private(archive: Path, tmp_path: Path) -> None:
    with ArchiveReader(archive, KEY) as reader:
        reader.unpack_keys(tmp_path / "elsewhere")
    key = tmp_path / "elsewhere" / "keys" / "journal.pem"
    assert key.read_bytes() == (tmp_path / "home" / "keys" / "journal.pem").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_a_missing_row_is_reported(archive: Path, empty_url: str, tmp_path: Path) -> None:
    contents = bring_back(archive, empty_url, tmp_path / "elsewhere")
    with psycopg.connect(empty_url) as connection:
        connection.execute("DELETE FROM journal_leaf WHERE index = 11")
    different = compare(contents, url=empty_url, home=tmp_path / "elsewhere")
    assert [line.split(":")[0] for line in different] == ["journal_leaf", "journal"]


def test_a_file_that_is_discarded_meanwhile_is_still_in_the_archive(
    cluster: Any, government_id: UUID, swept_database: str, tmp_path: Path
) -> None:
    stored = tmp_path / "home" / "files" / "abcd"
    stored.parent.mkdir()
    stored.write_bytes(b"attachment")
    url = cluster.server.url(OWNER, swept_database)
    contents = write_archive(
        tmp_path / "one.backup",
        url=url,
        home=tmp_path / "home",
        public=KEY.public,
        progress=lambda *_: stored.unlink(missing_ok=True),
    )
    with ArchiveReader(tmp_path / "one.backup", KEY) as reader:
        names = [member.name for member in reader._rest()]
    assert "files/abcd" in names
    assert contents.files == sum(1 for name in names if name.split("/")[0] in ("files", "keys", "journal", "mail"))
    assert not list((tmp_path / "home").glob(".backup-*"))


def test_the_archive_is_private_and_says_nothing_in_clear(archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    content = archive.read_bytes()
    assert b"attachment" not in content
    assert b"journal" not in content
    with pytest.raises(NotRestorable, match="別の鍵"), ArchiveReader(archive, RecoveryKey.generate()):
        pass


@pytest.mark.parametrize("damage", ["cut", "flip", "header"])
def test_a_damaged_archive_is_refused(archive: Path, empty_url: str, tmp_path: Path, damage: str) -> None:
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        del content[-20:]
    else:
        content[len(content) // 2 if damage == "flip" else 40] ^= 1
    archive.write_bytes(content)
    with pytest.raises(NotRestorable):
        bring_back(archive, empty_url, tmp_path / "elsewhere")


def test_chunks_cannot_be_swapped_or_left_out() -> None:
    target = io.BytesIO()
    writer = SealedWriter(target, KEY.public, {})
    writer.write(b"a" * (1 << 20) + b"b" * (1 << 20) + b"c")
    writer.close()
    sealed = target.getvalue()
    assert SealedReader(io.BytesIO(sealed), KEY).read()[-2:] == b"bc"
    size, end = (1 << 20) + 16, len(sealed) - 17
    first, second = sealed[end - 2 * size : end - size], sealed[end - size : end]
    head = sealed[: end - 2 * size]
    for forged in (head + second + first + sealed[end:], head + second + sealed[end:], head + first + second):
        with pytest.raises(NotReadable):
            SealedReader(io.BytesIO(forged), KEY).read()


def test_the_recovery_key_survives_paper(tmp_path: Path) -> None:
    public = backup_public_key(tmp_path)
    kept = recovery_key(tmp_path)
    assert kept is not None
    assert kept.public == public
    text = kept.text()
    assert len(text) == 14 * 4 + 13
    assert RecoveryKey.parse(text.lower().replace("-", " ").replace("o", "0")) == kept
    wrong = ("B" if text[0] == "A" else "A") + text[1:]
    with pytest.raises(NotReadable, match="打ち間違い"):
        RecoveryKey.parse(wrong)
    assert (tmp_path / "keys" / "backup.key").stat().st_mode & 0o777 == 0o600


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    path.write_bytes(b"hello")
    with pytest.raises(NotRestorable), ArchiveReader(path, KEY):
        pass


def test_a_table_of_a_newer_version_is_refused(archive: Path, empty_url: str, tmp_path: Path) -> None:
    with ArchiveReader(archive, KEY) as reader:
        reader.head.columns["future_table"] = ["id"]
        with pytest.raises(NotRestorable, match="future_table"):
            reader.load(url=empty_url, home=tmp_path / "elsewhere", progress=quiet)


def test_a_folder_in_use_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY.text())
    done = CliRunner().invoke(
        restore,
        [str(archive), "--key-file", str(tmp_path / "key")],
        env={"KAKEHASHI_HOME": str(tmp_path / "home")},
    )
    assert done.exit_code == 1
    assert "空ではありません" in done.output


@pytest.mark.skipif(
    "TEST_POSTGRES_PROGRAMS" not in os.environ, reason="makes a whole database: once, in make test-server"
)
def test_a_rehearsal_restores_compares_and_leaves_nothing(archive: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """The very command of docs/operate/backup.md: a program of its own, a database of its own, thrown away."""
    (tmp_path / "key").write_text(KEY.text())

    # The server's account must be able to walk down to its data.
    monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(prefix="kakehashi-practice-"))
    practice = Path(tempfile.gettempdir())
    practice.chmod(0o711)
    monkeypatch.setenv("TMPDIR", str(practice))
    done = CliRunner().invoke(restore, [str(archive), "--key-file", str(tmp_path / "key"), "--rehearse"])
    left = [path.name for path in practice.iterdir()]
    shutil.rmtree(practice)
    assert (done.exit_code, left) == (0, []), done.output
    assert "練習は成功しました" in done.output


@pytest.mark.parametrize("name", ["keys/../../outside", "keys/link"])
def test_a_member_that_would_leave_the_folder_is_not_written(tmp_path: Path, archive: Path, name: str) -> None:
    evil = tmp_path / "evil.backup"
    with ArchiveReader(archive, KEY) as reader:
        head = reader.head.write()
    with evil.open("wb") as file:
        sealed: Any = SealedWriter(file, KEY.public, {})
        with zstandard.ZstdCompressor().stream_writer(sealed, closefd=False) as plain:
            with tarfile.open(fileobj=plain, mode="w|") as target:
                for member, data in (("head.json", head), (name, b"x")):
                    info = tarfile.TarInfo(member)
                    info.size = len(data)
                    if member == "keys/link":
                        info.type, info.linkname, info.size = tarfile.SYMTYPE, "../../outside", 0
                    target.addfile(info, io.BytesIO(data))
        sealed.close()
    with pytest.raises(NotRestorable), ArchiveReader(evil, KEY) as reader:
        reader.unpack_keys(tmp_path / "elsewhere")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "elsewhere" / "keys" / "link").is_symlink()
