"""`kakehashi recovery-key`: shown once for the safe, noted, and content with what it left behind."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from click.testing import CliRunner

from kakehashi.kernel import clock
from kakehashi.site import checks
from kakehashi.site.archive import RecoveryKey, backup_public_key
from kakehashi.site.checks import Level, folder_checks
from kakehashi.site.cli.recovery_key import command
from kakehashi.site.config import load


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path))
    return tmp_path


def test_the_key_is_shown_opens_what_the_public_half_seals_and_is_noted(home):
    shown = CliRunner().invoke(command).output
    lines = [line.strip() for line in shown.splitlines() if line.count("-") > 3]
    assert RecoveryKey.parse("-".join(lines)).public == backup_public_key(home)
    assert CliRunner().invoke(command, ["--printed"]).exit_code == 0
    (home / "keys" / "backup.key").unlink()
    assert CliRunner().invoke(command).exit_code == 1, "it lies on paper alone"


def test_the_doctor_is_content_with_the_keys_after_the_manual_was_followed(home):
    CliRunner().invoke(command)
    CliRunner().invoke(command, ["--printed"])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "keys").iterdir()}
    assert {"backup.key", "backup.pub", "backup.printed"} <= modes.keys()
    assert set(modes.values()) == {0o600}, modes
    found = {finding.en: finding.level for finding in folder_checks(load())}
    assert (found["Keys are private"], found["The recovery key is kept on paper"]) == (Level.GOOD, Level.GOOD)


def test_the_age_of_the_backup_is_said_in_words(home, monkeypatch):
    (home / "backups").mkdir()
    (home / "backups" / "a.backup").touch()
    moment = clock.now() + timedelta(hours=2, minutes=30)
    monkeypatch.setattr(checks.clock, "now", lambda: moment)
    assert "The newest of 1 backups is 2.5 hours old" in [finding.en for finding in folder_checks(load())]
