"""Each release's database, as it was dumped then: it is upgraded, and the release's own statements still run on it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import ROOT, use_database
from django.db import connections
from psycopg import sql

from kakehashi.site.archive import journal_roots, row_counts
from kakehashi.site.cli import migrate
from kakehashi.site.embedded import APPLICATION, OWNER
from kakehashi.site.upgrade import missing_columns, row_security_is_whole, waiting_migrations

RELEASES = sorted(path.parent for path in (ROOT / "tests" / "releases").glob("*/database.sql.gz"))

# What the release's INSERT would leave out: a column it does not know, compulsory, without a default of the database.
COMPULSORY = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
    AND is_generated = 'NEVER'
"""


@pytest.fixture
def database(cluster: Any, django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """An empty database of the test cluster, used by both of Django's connections."""
    name = f"release_{worker_id}"
    with django_db_blocker.unblock(), cluster.admin() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
        use_database(name)
        try:
            yield cluster.server.url(OWNER, name)
        finally:
            use_database(f"test_{worker_id}")
            for alias in ("default", "admin"):
                connections[alias].close()
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def webs_url(cluster: Any, worker_id: str) -> str:
    found: str = cluster.server.url(APPLICATION, f"release_{worker_id}")
    return found


def facts(url: str) -> tuple[dict[str, int], dict[str, Any]]:
    with psycopg.connect(url) as connection:
        return row_counts(connection), journal_roots(connection)


def compulsory(url: str) -> set[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return set(connection.execute(COMPULSORY).fetchall())


@pytest.mark.parametrize("folder", RELEASES, ids=lambda folder: folder.name)
def test_a_releases_database_is_upgraded_and_its_code_still_runs(folder: Path, database: str, webs_url: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(gzip.decompress((folder / "database.sql.gz").read_bytes()).decode())
    rows, journals = facts(database)
    needed = compulsory(database)
    assert rows["procedures_application"] > 0
    assert migrate._try(0, is_last=True)
    now, now_journals = facts(database)
    changed = {table: (count, now.get(table)) for table, count in rows.items() if now.get(table, -1) < count}
    assert (changed, now_journals) == ({}, journals)
    assert (waiting_migrations(), missing_columns(), row_security_is_whole()) == ([], [], True)
    expectations = json.loads((folder / "expectations.json").read_text())
    tables = {statement.split('"')[1] for statement in expectations["statements"]}
    assert {one for one in compulsory(database) - needed if one[0] in tables} == set()
    with psycopg.connect(webs_url) as connection:
        for statement in expectations["statements"]:
            connection.execute(f"EXPLAIN {statement}")
