"""A command that needs tables says what to do where there are none, in a sentence and not as an error of the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import TestCluster, use_database
from psycopg import sql

from kakehashi.site import health
from kakehashi.site.cli import main
from kakehashi.site.cli.console import require_tables
from kakehashi.site.embedded import OWNER

VERBS = [
    ["import", "governments"],
    ["import", "dashboard", __file__],
    ["import", "procedures", __file__, "--government", "990019"],
    ["verify"],
    ["snapshot"],
    ["keys", "rotate", "sealing"],
    ["exchange", "status", "--government", "990019"],
    ["keys", "data-list", "--government", "990019"],
    ["export-government", "out.zip", "--government", "990019"],
    ["create-admin", "--government", "990019", "--name", "桜", "--email", "a@example.jp"],
    ["backup", "out.backup"],
]


@pytest.fixture
def empty_database(
    cluster: TestCluster, django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[None]:
    name = sql.Identifier(f"empty_{worker_id}")
    with django_db_blocker.unblock(), cluster.admin() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER)))
        use_database(f"empty_{worker_id}")
        yield
        use_database(f"test_{worker_id}")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_every_verb_says_to_migrate_first(empty_database: None) -> None:
    for words in VERBS:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 1, (words, done.output)
        assert "kakehashi migrate" in done.output, words


def test_a_database_of_an_older_version_is_upgraded_first(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    require_tables("current")
    monkeypatch.setattr(health, "_on_disk", lambda: frozenset({("journal", "9999_of_tomorrow")}))
    require_tables("any")
    with pytest.raises(Exception, match="kakehashi upgrade"):
        require_tables("current")


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")
    for words in (["verify"], ["worker", "--once"]):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 1
        assert "kakehashi doctor" in done.output
