"""From one PostgreSQL to another and back, with Debian's 15 and the embedded 18: the same archive, the same proof."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kakehashi.site.archive import backup_public_key, journal_roots, row_counts
from kakehashi.site.cluster_versions import old_programs_of
from kakehashi.site.embedded import OWNER, EmbeddedPostgres, OtherVersion
from kakehashi.site.upgrade import UpgradeFailed

DEBIAN = Path(os.environ.get("TEST_POSTGRES_PROGRAMS", ""))
# It makes three clusters, which takes half a minute.
needs_debian = pytest.mark.skipif("TEST_POSTGRES_PROGRAMS" not in os.environ, reason="runs in make test-server")


@pytest.fixture
def home() -> Iterator[Path]:
    # Not tmp_path: the server's account must be able to walk down to its data when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="kakehashi-versions-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def kakehashi(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_"))}
    environment = {**kept, "KAKEHASHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kakehashi.site.settings", **more}
    command = [sys.executable, "-W", "ignore", "-m", "kakehashi.site", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def facts(server: EmbeddedPostgres) -> tuple[str, object, object]:
    with psycopg.connect(server.url(OWNER)) as connection:
        (version,) = connection.execute("SHOW server_version").fetchone()
        rows = row_counts(connection)
        return version.split(".")[0], {table: rows[table] for table in rows if rows[table]}, journal_roots(connection)


def some_rows(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url(OWNER)) as connection:
        connection.execute(
            "INSERT INTO journal_leaf (id, government_id, index, event_id, commitment)"
            " SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000001', n, gen_random_uuid(), sha256(n::text::bytea)"
            " FROM generate_series(0, 99) AS n"
        )


@needs_debian
def test_from_the_embedded_one_to_a_server_of_15_and_up_to_18_again(home: Path) -> None:
    """Embedded 18 → archive → Debian's, as a server → its data folder → `kakehashi upgrade` → embedded 18."""
    new = EmbeddedPostgres(home)
    kakehashi(home, "migrate", "--quiet")
    with new.borrowed():
        some_rows(new)
        (newest, rows, journals) = facts(new)
    kakehashi(home, "backup", str(home.parent / "one.backup"))
    other = home.parent / "other"
    server = EmbeddedPostgres(home.parent / "server", programs=DEBIAN)
    server.start()
    try:
        urls = {"DATABASE_URL": server.url("kakehashi_app"), "DATABASE_ADMIN_URL": server.url(OWNER)}
        key = str(home / "keys" / "backup.key")
        kakehashi(other, "restore", str(home.parent / "one.backup"), "--key-file", key, **urls)
        older, moved, moved_journals = facts(server)
        assert int(older) < int(newest)
        assert (moved, moved_journals) == (rows, journals)
    finally:
        server.stop()
    # The same folder taken for an embedded one of an older version.
    backup_public_key(server.home)
    with pytest.raises(OtherVersion):
        EmbeddedPostgres(server.home).prepare()
    kakehashi(server.home, "upgrade", "--old-programs", str(DEBIAN))
    again = EmbeddedPostgres(server.home)
    with again.borrowed():
        assert facts(again) == (newest, rows, journals)
    assert (server.home / "pg" / f"data-{older}" / "PG_VERSION").exists()


def test_programs_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UpgradeFailed, match="postgresql-9"):
        old_programs_of("9", None)
    (tmp_path / "postgres").touch()
    assert old_programs_of("9", tmp_path) == tmp_path
