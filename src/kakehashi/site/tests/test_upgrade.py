"""`kakehashi upgrade`: it backs up, applies and verifies; whatever fails, everything is as it was before."""

import dataclasses
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from kakehashi.site import backups, upgrade
from kakehashi.site.backups import made_backups
from kakehashi.site.cli import migrate as migrate_command
from kakehashi.site.cli.migrate import migrate
from kakehashi.site.config import Config
from kakehashi.site.embedded import OWNER
from kakehashi.site.models import BackupRun
from kakehashi.site.upgrade import UpgradeFailed

FAILING = "kakehashi.site.tests.failing_migrations"
FINAL = "kakehashi.site.tests.final_migrations"


@pytest.fixture
def url(cluster: Any, swept_database: str) -> str:
    found: str = cluster.server.url(OWNER, swept_database)
    return found


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> Config:
    for module in (backups, upgrade):
        monkeypatch.setattr(module, "owner_url", lambda _: url)
    # Static files are collected for real in the tests of `serve`.
    monkeypatch.setattr(settings, "DEBUG", True)
    (tmp_path / "keys").mkdir()
    backups.backup_public_key(tmp_path)
    found: Config = dataclasses.replace(settings.CONFIG, home=tmp_path)
    return found


def with_migrations(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setattr(settings, "MIGRATION_MODULES", {"site": package})


def state(url: str) -> tuple[Any, Any, Any]:
    with psycopg.connect(url) as connection:
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall()
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'site_backuprun' ORDER BY 1"
        ).fetchall()
        runs = connection.execute("SELECT id, machine FROM site_backuprun ORDER BY id").fetchall()
    return applied, columns, runs


@pytest.mark.parametrize("package", [FAILING, FINAL])
def test_a_failing_migration_leaves_everything_as_it_was(
    config: Config, url: str, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    BackupRun.objects.create(machine="残る")
    before = state(url)
    connections["default"].close()
    with_migrations(monkeypatch, package)
    said: list[str] = []
    with pytest.raises(UpgradeFailed, match="元の状態に戻しました") as failure:
        upgrade.upgrade(config, said.append)
    assert failure.value.is_back
    assert state(url) == before
    assert [one.path.name.split("-2")[0] for one in made_backups(config)] == ["before-upgrade"]
    # The wall between governments stands again, and the web's role may work.
    assert upgrade.row_security_is_whole()
    assert BackupRun.objects.get().machine == "残る"


def test_it_will_not_restore_under_the_feet_of_others(
    config: Config, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_migrations(monkeypatch, FINAL)
    with psycopg.connect(url) as other, pytest.raises(UpgradeFailed, match="すべて止めて") as failure:
        other.execute("SELECT 1")
        other.commit()
        upgrade.upgrade(config, lambda _: None)
    assert not failure.value.is_back


def test_what_works_is_kept_and_verified(config: Config, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A home that only ever saw `kakehashi migrate` has no pair of keys yet: the backup makes it.
    for half in ("backup.key", "backup.pub"):
        (config.home / "keys" / half).unlink()
    with psycopg.connect(url) as owner:
        owner.execute("DROP TABLE site_backuprun")
        owner.execute("DELETE FROM django_migrations WHERE app = 'site'")
    said: list[str] = []
    upgrade.upgrade(config, said.append)
    assert [line[:3] for line in said] == ["1/4", "2/4", "3/4", "4/4"]
    assert BackupRun.objects.count() == 0
    assert upgrade.waiting_migrations() == []
    said.clear()
    upgrade.upgrade(config, said.append)
    assert said == []


def test_without_the_key_nothing_is_begun(config: Config, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (config.home / "keys" / "backup.key").unlink()
    with_migrations(monkeypatch, FAILING)
    before = state(url)
    with pytest.raises(UpgradeFailed, match="--key-file"):
        upgrade.upgrade(config, lambda _: None)
    assert state(url) == before
    assert made_backups(config) == []


def test_a_table_in_use_is_waited_for_without_holding_anybody_up(
    config: Config, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_migrations(monkeypatch, FAILING)
    monkeypatch.setattr(migrate_command, "_LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrate_command, "_PAUSE_SECONDS", 0.01)
    with psycopg.connect(url) as busy:
        busy.execute("SELECT 1 FROM site_backuprun")
        release = threading.Timer(0.8, busy.rollback)
        release.start()
        # The first migration goes through once the other has let go; the second fails by itself.
        with pytest.raises(Exception, match="division by zero"):
            migrate(verbosity=0)
        release.join()
    assert ("note",) in state(url)[1]
