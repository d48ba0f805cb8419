"""Changing keys: what was signed or sealed before stays valid, and the copy for the safe opens with its passphrase alone."""

import dataclasses
import stat
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core import signing
from django.test import override_settings

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.data_keys import key_ring
from kakehashi.kernel.key_files import earlier_secrets, replace_secret, secret_in
from kakehashi.kernel.sealing import derived_key, seal
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import StaffDirectory
from kakehashi.people.services import reseal_secrets
from kakehashi.people.services.security import seal_secret, unseal_secret
from kakehashi.site import key_archive
from kakehashi.site.cli import data_keys as data_keys_commands
from kakehashi.site.cli import keys
from kakehashi.site.cli.keys import command
from kakehashi.site.config import COOKIES_LIVE, load
from kakehashi.site.key_archive import NotReadable, open_keys, put_back, seal_keys

PASSPHRASE = "桜の咲くころに役場の裏の山で"


@pytest.fixture(autouse=True)
def cheap(monkeypatch) -> None:
    """A passphrase costs a third of a second in earnest."""
    monkeypatch.setitem(key_archive._COST, "n", 2**10)


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path))
    load()
    return tmp_path


def test_a_cookie_of_before_is_read_after_the_change_and_forgotten_in_time(home):
    before = load()
    with override_settings(SECRET_KEY=before.secret_key, SECRET_KEY_FALLBACKS=before.secret_key_fallbacks):
        cookie = signing.dumps("mine")
    done = CliRunner().invoke(command, ["list"])
    assert "secret_key" in done.output
    assert before.secret_key not in done.output
    replace_secret(home / "keys" / "secret_key", now=clock.now(), within=COOKIES_LIVE)
    after = load()
    assert after.secret_key != before.secret_key
    with override_settings(SECRET_KEY=after.secret_key, SECRET_KEY_FALLBACKS=after.secret_key_fallbacks):
        assert signing.loads(cookie) == "mine"
    with clock.frozen(clock.now() + COOKIES_LIVE + timedelta(days=1)):
        assert load().secret_key_fallbacks == []


def test_every_file_of_the_ring_is_private(home):
    path = home / "keys" / "sealing_key"
    first = secret_in(path)
    replace_secret(path, now=clock.now(), within=timedelta(days=1))
    assert earlier_secrets(path, now=clock.now(), within=timedelta(days=1)) == [first]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (home / "keys").iterdir()} == {0o600}


def test_sealed_secrets_are_sealed_anew(home, cast):
    with override_settings(SEALING_KEY=home / "keys" / "sealing_key"), tenant_scope(cast.hibari.id):
        row = StaffDirectory.objects.create(
            name="名簿",
            url="ldaps://d",
            base_dn="o=x",
            user_filter="({username})",
            bind_password_sealed=seal_secret("秘密"),
        )
        with override_settings(SEALING_KEY=home / "keys" / "sealing_key"):
            replace_secret(home / "keys" / "sealing_key", now=clock.now(), within=timedelta(days=1))
        assert reseal_secrets() == 1
        (home / "keys" / "sealing_key.before").unlink()
        row.refresh_from_db()
        assert unseal_secret(row.bind_password_sealed) == "秘密"


def test_what_was_sealed_with_the_secret_of_the_cookies_still_opens(home, settings):
    settings.SEALING_KEY = home / "keys" / "sealing_key"
    assert unseal_secret(seal(derived_key(settings.SECRET_KEY, "secrets"), "昔")) == "昔"


def test_the_copy_opens_with_its_passphrase_alone_and_never_overwrites(home, tmp_path):
    sealed = seal_keys(home / "keys", PASSPHRASE)
    assert (home / "keys" / "secret_key").read_bytes() not in sealed
    with pytest.raises(NotReadable):
        open_keys(sealed, PASSPHRASE + "?")
    with pytest.raises(NotReadable):
        open_keys(sealed[:-1] + bytes([sealed[-1] ^ 1]), PASSPHRASE)
    kept = open_keys(sealed, PASSPHRASE)
    assert put_back(kept, tmp_path / "new") == []
    assert (tmp_path / "new" / "secret_key").read_bytes() == (home / "keys" / "secret_key").read_bytes()
    (tmp_path / "new" / "secret_key").write_text("another")
    assert put_back(kept, tmp_path / "new") == ["secret_key"]


def test_the_commands_of_the_hand_over(home, tmp_path):
    word, copy, run = tmp_path / "word", tmp_path / "keys.sealed", CliRunner().invoke
    word.write_text(PASSPHRASE)
    done = run(command, ["backup", str(copy), "--passphrase-file", str(word)])
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run(command, ["check", str(copy), "--passphrase-file", str(word)]).exit_code == 0
    replace_secret(home / "keys" / "secret_key", now=clock.now(), within=COOKIES_LIVE)
    outdated = run(command, ["check", str(copy), "--passphrase-file", str(word)])
    assert (outdated.exit_code, "secret_key" in outdated.output) == (1, True)
    (home / "keys" / "secret_key").unlink()
    lost = (home / "keys" / "secret_key.before").read_text().split()[1]
    assert run(command, ["restore", str(copy), "--passphrase-file", str(word)]).exit_code == 0
    assert (home / "keys" / "secret_key").read_text() == lost
    (home / "keys" / "secret_key").write_text("made by a start without the keys")
    assert run(command, ["restore", str(copy), "--passphrase-file", str(word)]).exit_code == 1
    assert run(command, ["restore", str(copy), "--passphrase-file", str(word), "--replace"]).exit_code == 0
    assert (home / "keys" / "secret_key").read_text() == lost


def test_a_short_passphrase_and_a_secret_from_outside_are_refused(home, tmp_path, monkeypatch):
    (tmp_path / "word").write_text("kumamoto")
    done = CliRunner().invoke(command, ["backup", str(tmp_path / "k"), "--passphrase-file", str(tmp_path / "word")])
    assert (done.exit_code, "12" in done.output) == (1, True)
    monkeypatch.setenv("KAKEHASHI_SECRET_KEY", "x" * 50)
    assert "FALLBACKS" in CliRunner().invoke(command, ["rotate", "cookies"]).output


def test_a_passphrase_that_is_typed_is_asked_for_twice_in_both_languages(home, tmp_path):
    done = CliRunner().invoke(command, ["backup", str(tmp_path / "k")], input=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert done.exit_code == 0, done.output
    assert "もう一度、同じ合言葉 / the same again" in done.output


def test_rotating_everything_from_the_command_line(home, cast, settings, monkeypatch, tmp_path):
    from kakehashi.journal.testing import own_keys

    monkeypatch.setattr(keys, "django_and_database", nullcontext)
    settings.SEALING_KEY = home / "keys" / "sealing_key"
    with own_keys(tmp_path):
        done = CliRunner().invoke(command, ["rotate", "all", "--reason", "担当者の交代"])
        assert done.exit_code == 0, done.output
        sheet = CliRunner().invoke(command, ["paper"]).output
    assert "鍵の引継書" in sheet
    assert cast.hibari.government.name in sheet
    assert dataclasses.asdict(load())["secret_key"] not in sheet


def test_the_signing_key_is_handed_over_lost_restored_and_changed_and_the_journal_stays_whole(
    home, cast, settings, monkeypatch, tmp_path
):
    """As docs/operate/keys.md says it: copy and paper, a new machine without the key, the copy put back, a key of the new officer's own."""
    from kakehashi.journal.services import record_event, seal_events, verify_journal
    from kakehashi.journal.testing import own_keys

    monkeypatch.setattr(keys, "django_and_database", nullcontext)
    run, word, copy = CliRunner().invoke, tmp_path / "word", tmp_path / "keys.sealed"
    word.write_text(PASSPHRASE)
    safe = (str(copy), "--passphrase-file", str(word))
    with own_keys(home):
        with tenant_scope(cast.hibari.id):
            record_event(
                actor=system_actor(cast.hibari.id, "コマンド"), code="site.government.moved_in",
                subject_kind="governments.government", subject_id=cast.hibari.id, payload={"name": "ひばり町"},
            )  # fmt: skip
            seal_events()
        assert run(command, ["backup", *safe]).exit_code == 0
        before = run(command, ["list"]).output
        assert "journal.pem" in before
        key = home / "keys" / "journal.pem"
        signed_with = key.read_bytes()
        key.unlink()
        assert run(command, ["restore", *safe]).exit_code == 0
        assert key.read_bytes() == signed_with
        assert run(command, ["check", *safe]).exit_code == 0
        assert run(command, ["rotate", "journal", "--reason", "担当者の交代：山田→鈴木"]).exit_code == 0
        assert key.read_bytes() != signed_with
        assert run(command, ["list"]).output != before
        assert run(command, ["check", *safe]).exit_code == 1, "the copy of before holds another key"
        with tenant_scope(cast.hibari.id):
            assert Event.objects.get(code="journal.key.changed").payload["reason"].startswith("担当者の交代")
        assert verify_journal(government_id=cast.hibari.id).is_intact


def test_rotating_one_government_s_key_of_forms(home, cast, settings, monkeypatch, tmp_path):
    from kakehashi.journal.testing import own_keys
    from kakehashi.procedures.services.offering import own_fingerprint

    monkeypatch.setattr(keys, "django_and_database", nullcontext)
    ours, theirs = cast.hibari.government, cast.misaki.government
    with own_keys(tmp_path):
        before = own_fingerprint(ours), own_fingerprint(theirs)
        assert before[0] != before[1]
        done = CliRunner().invoke(command, ["rotate", "forms", "--government", ours.code])
        assert (own_fingerprint(ours) == before[0], own_fingerprint(theirs)) == (False, before[1])
        assert CliRunner().invoke(command, ["rotate", "forms", "--government", "../../x"]).exit_code == 1
    assert done.exit_code == 0, done.output


@pytest.fixture
def ring(home, cast, settings, monkeypatch):
    """`ring("data-list", …)`: a command about the data keys of this home, where ひばり町 has a key for 2025 and one for 2026."""
    monkeypatch.setattr(data_keys_commands, "django_and_database", nullcontext)
    settings.DATA_KEYS = home / "data-keys"
    for year in ("2025", "2026"):
        key_ring().current(cast.hibari.id, year)
    (home / "word").write_text(PASSPHRASE)

    def run(*words: str, safe: bool = False, **others: str):
        return CliRunner().invoke(
            command, [*words, *(["--passphrase-file", str(home / "word")] if safe else [])], **others
        )

    return run


def living(cast):
    return [info.unit for info in key_ring().keys(cast.hibari.id) if not info.destroyed_at]


DESTROY = ("destroy", "--government", "hibari", "--unit", "2025", "--by", "町長", "--reason", "保存期間の満了")


def test_data_keys_are_listed_and_destroyed_from_the_command_line(ring, cast):
    assert all(year in ring("data-list", "--government", "990019").output for year in ("2025", "2026"))
    assert ring(*DESTROY, input="n\\n").exit_code == 1
    assert len(living(cast)) == 2
    assert ring(*DESTROY, "--yes").exit_code == 0
    assert living(cast) == ["2026"]
    assert "保存期間" in ring("data-list", "--government", "hibari").output
    with tenant_scope(cast.hibari.id):
        assert Event.objects.get(code="site.keys.destroyed").payload["reason"] == "保存期間の満了"
    assert ring(*DESTROY, "--yes").exit_code == 1, "nothing is left to destroy"
    assert ring("data-list", "--government", "nowhere").exit_code == 1


def test_data_keys_are_wrapped_anew_and_their_copy_brings_back_all_but_the_destroyed(ring, home, cast):
    before = key_ring().current(cast.hibari.id, "2026")
    assert ring("data-rotate").exit_code == 0
    copy = home / "data.sealed"
    assert ring("data-backup", str(copy), safe=True).exit_code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert ring("data-backup", str(copy), safe=True).exit_code == 1, "a copy is never overwritten"
    assert ring(*DESTROY, "--yes").exit_code == 0
    for lost in (home / "data-keys").rglob("*.json"):
        lost.unlink()
    assert living(cast) == []
    assert ring("data-restore", str(copy), safe=True).exit_code == 0
    assert living(cast) == ["2026"]
    assert key_ring().current(cast.hibari.id, "2026") == before


def test_every_command_about_keys_explains_itself_in_both_languages():
    for name, each in command.commands.items():
        shown = CliRunner().invoke(command, [name, "--help"])
        assert shown.exit_code == 0
        assert " / " in str(each.help) or "\n\n" in str(each.help), name
