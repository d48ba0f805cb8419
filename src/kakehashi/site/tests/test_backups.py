"""Scheduled backups: when one is due, which stay, and that a failure is remembered."""

import dataclasses
import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from kakehashi.kernel import clock
from kakehashi.site import backups
from kakehashi.site.backups import drop_old_backups, is_due, last_due, made_backups, run_scheduled
from kakehashi.site.config import BadConfiguration, Config, load
from kakehashi.site.models import BackupRun

TIMES = (time(2), time(12, 30))
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=clock.JST)


def test_the_newest_moment_counts_also_over_midnight() -> None:
    assert last_due(NOON, TIMES) == NOON.replace(hour=2)
    assert last_due(NOON.replace(hour=1), TIMES) == NOON.replace(hour=12, minute=30) - timedelta(days=1)
    assert last_due(NOON, ()) is None


@pytest.mark.parametrize(
    ("last_try", "last_success", "due"),
    [
        (None, None, True),
        (NOON.replace(hour=3), NOON.replace(hour=3), False),
        (NOON - timedelta(days=2), NOON - timedelta(days=2), True),
        (NOON - timedelta(minutes=5), NOON - timedelta(days=2), False),
        (NOON - timedelta(minutes=20), NOON - timedelta(days=2), True),
    ],
)
def test_a_missed_or_failed_backup_is_made_up(last_try: datetime, last_success: datetime, due: bool) -> None:
    assert is_due(NOON, TIMES, last_try=last_try, last_success=last_success) is due


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "keys").mkdir()
    found: Config = dataclasses.replace(
        settings.CONFIG, home=tmp_path, backup_times=(time(2),), backup_keep=2, backup_folder=tmp_path / "kept"
    )
    return found


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, cluster, swept_database: str) -> None:
    monkeypatch.setattr(backups, "owner_url", lambda _: cluster.server.url("kakehashi_owner", swept_database))


def test_the_one_that_is_due_is_made_once(config: Config, here: None) -> None:
    made = run_scheduled(config)
    assert made is not None
    assert [one.path for one in made_backups(config)] == [made]
    run = BackupRun.objects.get()
    assert (run.path, run.size, run.error) == (str(made), made.stat().st_size, "")
    assert run_scheduled(config) is None


def test_a_failure_is_remembered(config: Config, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backups, "make_backup", full)
    with pytest.raises(OSError, match="no space"):
        run_scheduled(config)
    assert BackupRun.objects.get().error == "OSError: no space left"
    assert run_scheduled(config) is None


def test_old_ones_go_and_those_made_by_hand_stay(config: Config) -> None:
    folder = config.home / "kept"
    folder.mkdir()
    for day, name in enumerate(("kakehashi-a", "daily-b", "daily-c", "daily-d")):
        (folder / f"{name}.backup").touch()
        os.utime(folder / f"{name}.backup", (day * 1000, day * 1000))
    drop_old_backups(config)
    assert sorted(one.path.stem for one in made_backups(config)) == ["daily-c", "daily-d", "kakehashi-a"]


def test_times_are_read_and_nonsense_is_refused(tmp_path: Path) -> None:
    home = {"KAKEHASHI_HOME": str(tmp_path)}
    assert load(home).backup_times == (time(2),)
    assert load(home | {"KAKEHASHI_BACKUP_TIMES": "12:30, 02:00"}).backup_times == TIMES
    assert load(home | {"KAKEHASHI_BACKUP_TIMES": "off"}).backup_times == ()
    for name, value in (("BACKUP_TIMES", "at night"), ("BACKUP_KEEP", "0")):
        with pytest.raises(BadConfiguration, match=name):
            load(home | {f"KAKEHASHI_{name}": value})
