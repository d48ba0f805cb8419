"""`kakehashi exchange`: the ceremony and carrying files on a machine without a staff page."""

import datetime as dt
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from kakehashi.exchange.domain.cards import Card
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.testing import FarSide, card_of, new_keys
from kakehashi.kernel import clock
from kakehashi.site.cli import exchange


@pytest.fixture
def run(cast, settings, tmp_path, monkeypatch):
    settings.EXCHANGE_KEYS, settings.EXCHANGE_QUARANTINE = tmp_path / "keys", tmp_path / "quarantine"
    monkeypatch.setattr(exchange, "django_and_database", nullcontext)

    def invoke(*words, government="990019"):
        return CliRunner().invoke(exchange.command, [*map(str, words), "--government", government])

    return invoke


@pytest.fixture
def far(run, tmp_path):
    """ひばり町 as the public side, paired on the command line with a staff side in memory."""
    address = "https://shinsei.example.jp/hibari/exchange/call/"
    made = run("card", "--side", "public", "--url", address, "--out", tmp_path / "ours.json")
    ours = Card.from_text((tmp_path / "ours.json").read_text())
    assert ours.fingerprint in made.output
    keys = new_keys()
    theirs = card_of(keys, Side.STAFF)
    (tmp_path / "theirs.json").write_text(theirs.to_text())
    misheard = run("pair", tmp_path / "theirs.json", "--fingerprint", "0000")
    assert (misheard.exit_code, "Refused (" in misheard.output) == (1, True)
    assert run("pair", tmp_path / "theirs.json", "--fingerprint", theirs.fingerprint).exit_code == 0
    return FarSide(theirs, keys, ours)


def write_later(far, folder):
    """A second bundle of the other side."""
    path = folder / "later.kkb"
    path.write_bytes(far.bundle())
    return path


def test_bundles_are_carried_by_hand(run, far, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    assert run("write", folder).exit_code == 0
    written = folder / "990019-public-000001.kkb"
    assert far.opened(written.read_bytes()).items == ()
    (folder / "theirs.kkb").write_bytes(far.bundle())
    assert "取り込みました" in run("read", folder / "theirs.kkb").output
    (folder / "bad.kkb").write_bytes(b"x")
    refused = run("read", folder / "bad.kkb")
    assert (refused.exit_code, "包みではありません" in refused.output) == (1, True)
    with clock.frozen(dt.datetime(2026, 11, 22, 23, 43, tzinfo=dt.UTC)):
        assert "取り込みました" in run("read", write_later(far, folder)).output
    standing = run("status").output
    assert "公開側" in standing
    assert "2026-11-23 08:43" in standing, "the hour of Japan, as on the page"
    assert run("quarantine").exit_code == 0


def test_one_government_must_be_named(run):
    assert run("status", government="").exit_code != 0
    assert "Not split" in run("status").output
