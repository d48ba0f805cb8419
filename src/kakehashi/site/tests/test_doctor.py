"""The doctor: quiet about what is well, clear about what is not."""

import dataclasses
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat
from django.conf import settings

from kakehashi.journal.testing import as_owner, own_keys, record_some
from kakehashi.kernel import clock
from kakehashi.site.checks import Level, _logging, _role, _scanner, _wire, database_checks, folder_checks
from kakehashi.site.config import Config
from kakehashi.site.models import BackupRun
from kakehashi.site.tests.certificates import make_certificate


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "keys").mkdir()
    found: Config = dataclasses.replace(settings.CONFIG, home=tmp_path, mail_url="smtp://localhost", debug=False)
    return found


def levels(findings: Any) -> dict[str, Level]:
    return {finding.en: finding.level for finding in findings}


def test_a_folder_in_order_only_lacks_a_backup_and_the_printed_key(config: Config) -> None:
    found = [finding.en for finding in folder_checks(config) if finding.level is not Level.GOOD]
    assert found == [
        "Files are not scanned for viruses",
        "There is no backup",
        "The recovery key is not on paper: without this machine no backup can be read",
    ]
    (config.home / "backups").mkdir()
    (config.home / "backups" / "a.backup").touch()
    (config.home / "keys" / "backup.printed").touch(0o600)
    left = [finding.en for finding in folder_checks(config) if finding.level is not Level.GOOD]
    assert left == ["Files are not scanned for viruses"]


def wire(config: Config, **changes: Any) -> list[Level]:
    return [finding.level for finding in _wire(dataclasses.replace(config, **changes))]


def test_off_this_machine_staff_need_https(config: Config) -> None:
    assert wire(config) == [Level.GOOD]
    assert wire(config, base_url="http://kakehashi.example") == [Level.BAD]
    # Somebody has to end the encryption: a certificate of its own, or a proxy that is named.
    assert wire(config, base_url="https://kakehashi.example") == [Level.BAD]
    proxies = [ip_network("127.0.0.1")]
    assert wire(config, base_url="https://kakehashi.example", trusted_proxies=proxies) == [Level.GOOD]


@pytest.mark.parametrize(
    ("days", "form", "level"),
    [
        (60, PrivateFormat.PKCS8, Level.GOOD),
        (5, PrivateFormat.PKCS8, Level.WARNING),
        (-1, PrivateFormat.PKCS8, Level.BAD),
        (60, PrivateFormat.TraditionalOpenSSL, Level.BAD),
    ],
)
def test_the_certificate_is_looked_at(config: Config, days: int, form: PrivateFormat, level: Level) -> None:
    cert, key = make_certificate(config.home, "kakehashi.example", days=days, form=form)
    given = {"base_url": "https://kakehashi.example", "tls_cert": str(cert), "tls_key": str(key)}
    assert wire(config, **given) == [level]
    key.chmod(0o604)
    assert wire(config, **given) == [Level.BAD]


@pytest.mark.parametrize(
    ("made_for", "visited", "level"),
    [
        ("*.town.example", "kakehashi.town.example", Level.GOOD),
        ("*.town.example", "a.kakehashi.town.example", Level.WARNING),
        ("*.town.example", "town.example", Level.WARNING),
        ("kakehashi.example", "other.example", Level.WARNING),
    ],
)
def test_a_certificate_for_another_name_is_told(config: Config, made_for: str, visited: str, level: Level) -> None:
    cert, key = make_certificate(config.home, made_for, days=60)
    given = {"base_url": f"https://{visited}:8443", "tls_cert": str(cert), "tls_key": str(key)}
    assert wire(config, **given) == [level]
    # Between a proxy and the program the name may be another.
    assert Level.WARNING not in wire(config, **given, trusted_proxies=[ip_network("127.0.0.1")])


def test_a_scanner_that_does_not_answer_is_bad(config: Config) -> None:
    silent = dataclasses.replace(config, scanner=f"clamd://{config.home}/none.ctl")
    assert _scanner(silent).level is Level.BAD


def test_a_key_that_others_can_read_is_bad(config: Config) -> None:
    (config.home / "keys" / "journal.pem").touch(0o644)
    found = next(finding for finding in folder_checks(config) if finding.level is Level.BAD)
    assert found.mend_ja == f"chmod 600 {config.home / 'keys' / 'journal.pem'}"


@pytest.mark.parametrize("place", ["keys/exchange/seal.key", "data-keys/01a2/2026.1.json"])
def test_keys_in_folders_below_are_looked_at_too(config: Config, place: str) -> None:
    path = config.home / place
    path.parent.mkdir(parents=True, mode=0o700)
    path.touch(0o644)
    assert levels(folder_checks(config))["Others can read the keys"] is Level.BAD


def test_another_allowed_host_needs_https_as_well(config: Config) -> None:
    assert wire(config, allowed_hosts=["localhost", "127.0.0.1", "[::1]"]) == [Level.GOOD]
    assert wire(config, allowed_hosts=["localhost", "kakehashi.town.example"]) == [Level.BAD]


def test_a_backup_that_failed_or_was_cut_off_is_told(db: None) -> None:
    assert levels(database_checks())["The last backup did not fail"] is Level.GOOD
    run = BackupRun.objects.create()
    assert levels(database_checks())["A backup is being made"] is Level.GOOD
    for changes, said in (
        ({"started_at": clock.now() - timedelta(hours=7)}, "The last backup was cut off"),
        ({"finished_at": clock.now(), "error": "no space"}, "The last backup failed"),
    ):
        BackupRun.objects.filter(pk=run.pk).update(**changes)
        assert levels(database_checks())[said] is Level.WARNING


def test_every_problem_says_how_to_mend_it(config: Config) -> None:
    (config.home / "keys" / "journal.pem").touch(0o644)
    troubled = dataclasses.replace(config, mail_url="", debug=True)
    for finding in folder_checks(troubled):
        assert finding.level is Level.GOOD or (finding.mend_ja and finding.mend_en)


def test_a_database_in_order_only_lacks_a_worker(swept_database: str) -> None:
    found = [finding.en for finding in database_checks() if finding.level is not Level.GOOD]
    assert found == ["No worker is running"]


def test_a_table_without_its_wall_is_bad(swept_database: str) -> None:
    as_owner("ALTER TABLE journal_event DISABLE ROW LEVEL SECURITY")
    assert levels(database_checks())["No row security on journal_event"] is Level.BAD


def test_a_mighty_role_is_bad(cluster: Any, db: None) -> None:
    with psycopg.connect(cluster.server.url("postgres", "postgres")) as connection, connection.cursor() as cursor:
        assert _role(cursor).level is Level.BAD


def test_a_late_seal_is_a_warning(cast: Any, tmp_path: Path) -> None:
    with own_keys(tmp_path):
        record_some(cast.hibari.id, 1, at=clock.now().replace(year=2026, month=1, day=1))
        assert levels(database_checks())["1 events wait for their seal"] is Level.WARNING


def test_a_database_that_writes_what_people_typed_is_noticed() -> None:
    """As a server's PostgreSQL comes, an error writes its statement with everything in it."""
    loud = [("log_error_verbosity", "default"), ("log_min_error_statement", "error"), ("log_statement", "none")]
    quiet = [("log_error_verbosity", "terse"), ("log_min_error_statement", "panic"), ("log_statement", "none")]

    class Cursor:
        def __init__(self, rows: list[tuple[str, str]]) -> None:
            self.fetchall = lambda: rows

        def execute(self, *_: object) -> None:
            return None

    found = _logging(Cursor(loud))
    assert found.level is Level.WARNING
    assert "log_min_error_statement = error" in found.en
    assert "log_statement" not in found.en
    assert _logging(Cursor(quiet)).level is Level.GOOD
