"""What leaves by command is in the access log of the governments it concerns, and in the disclosure of each person there."""

import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.journal.models import AccessEntry, Event
from kakehashi.journal.selectors import accesses_of, find_accesses
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.archive import Contents, backup_public_key
from kakehashi.site.cli import backup, export_government, take_home


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUDO_USER", "yamada")
    for module in (backup, export_government, take_home):
        monkeypatch.setattr(module, "django_and_database", nullcontext)


def written(town) -> AccessEntry:
    with tenant_scope(town.id):
        entry: AccessEntry = AccessEntry.objects.get()
        assert list(accesses_of([town.resident.id])) == [entry]
        assert list(find_accesses(subject=str(town.clerk.id), act="export")) == [entry]
        return entry


def test_a_backup_by_hand_is_in_the_log_of_every_town(cast, monkeypatch, tmp_path) -> None:
    def make(config, target, progress):
        target.write_bytes(b"sealed")
        return Contents(rows={}, journals={}, sequences={}, files=0)

    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path / "home"))
    backup_public_key(tmp_path / "home")
    monkeypatch.setattr(backup, "make_backup", make)
    done = CliRunner().invoke(backup.command, [str(tmp_path / "x.backup"), "--reason", "年度末の控え"])
    assert done.exit_code == 0, done.output
    for town in (cast.hibari, cast.misaki):
        entry = written(town)
        assert (entry.page, entry.reason) == ("kakehashi backup", "年度末の控え")
        assert entry.actor_label.startswith("コマンド（yamada@")


def test_moving_out_is_in_the_log_of_that_town_alone(cast, monkeypatch, tmp_path) -> None:
    import kakehashi.site.moving as moving

    empty = Contents(rows={}, journals={}, sequences={}, files=0)
    monkeypatch.setattr(moving, "export_government", lambda *_: empty)
    words = [str(tmp_path / "x.move"), "--government", "990019", "--key-file", str(tmp_path / "key")]
    assert CliRunner().invoke(export_government.command, [*words, "--reason", "合併"]).exit_code == 0
    assert written(cast.hibari).purpose == "団体の持ち出し"
    with tenant_scope(cast.misaki.id):
        assert not AccessEntry.objects.exists()


def test_taking_home_by_command_writes_zip_log_and_journal(cast, tmp_path) -> None:
    path = tmp_path / "home.zip"
    words = [str(path), "--government", "hibari"]
    assert CliRunner().invoke(take_home.command, words).exit_code != 0
    done = CliRunner().invoke(take_home.command, [*words, "--reason", "監査"])
    assert done.exit_code == 0, done.output
    assert path.stat().st_mode & 0o077 == 0
    assert "tables/people_person.csv" in zipfile.ZipFile(path).namelist()
    assert written(cast.hibari).reason == "監査"
    with tenant_scope(cast.hibari.id):
        assert Event.objects.filter(code="site.government.taken_home").exists()
    assert "すでにあります" in CliRunner().invoke(take_home.command, [*words, "--reason", "監査"]).output
    assert (
        CliRunner().invoke(take_home.command, [str(tmp_path / "y"), "--government", "none", "--reason", "x"]).exit_code
    )
