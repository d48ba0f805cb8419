"""RFC 3161: the newest checkpoint is stamped where an authority is set; a silent one holds up nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kakehashi.journal.adapters import timestamps
from kakehashi.journal.models import Anchor
from kakehashi.journal.selectors import last_seal
from kakehashi.journal.services import record_event, seal_events, stamp_newest
from kakehashi.journal.testing import own_keys
from kakehashi.journal.tests.local_tsa import LocalTsa
from kakehashi.kernel import clock
from kakehashi.kernel.outbound import Answer, NoAnswer


def stamped_by(tsa: LocalTsa, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer] | None = None) -> None:
    """Set the authority; its answers come from the local one behind the house's door for outgoing requests."""

    def send(url: str, *, body: bytes, **rest: object) -> Answer:
        return Answer(200, "application/timestamp-reply", tsa.answer(body))

    monkeypatch.setattr(timestamps, "send", answer or send)
    config = replace(settings.CONFIG, journal_tsa="https://tsa.example.jp/", journal_tsa_ca=tsa.folder / "ca.pem")
    monkeypatch.setattr(settings, "CONFIG", config)


@pytest.fixture
def sealed(town: Any, tmp_path: Path) -> Iterator[Any]:
    with own_keys(tmp_path):
        record_event(
            actor=town.clerk, code="journal.bundle.exported", subject_kind="journal.log", subject_id=town.id, payload={}
        )
        seal_events()
        yield town


def test_the_newest_checkpoint_is_stamped_once(sealed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tsa = LocalTsa(tmp_path / "tsa")
    stamped_by(tsa, monkeypatch)
    anchor = stamp_newest()
    seal = last_seal()
    assert anchor is not None
    assert seal is not None
    assert stamp_newest(once_a_day=True) is None
    assert stamp_newest() == anchor
    assert tsa.asked == 1
    (tmp_path / "note.txt").write_text(seal.note)
    (tmp_path / "reply.tsr").write_bytes(anchor.content)
    command = ["openssl", "ts", "-verify", "-data", "note.txt", "-in", "reply.tsr", "-CAfile", "tsa/ca.pem"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "note.txt").write_text(seal.note.replace("time 2", "time 3"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_without_an_authority_nothing_is_asked(sealed: Any) -> None:
    assert stamp_newest() is None


def test_a_silent_wrong_or_garbled_authority_holds_up_nothing(
    sealed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tsa = LocalTsa(tmp_path / "tsa")

    def silent(url: str, **rest: object) -> Answer:
        raise NoAnswer("nobody")

    def another(url: str, **rest: object) -> Answer:
        return Answer(200, "application/timestamp-reply", tsa.stamp(b"something else"))

    def garbled(url: str, **rest: object) -> Answer:
        return Answer(200, "text/html", b"<html>")

    def broken(url: str, **rest: object) -> Answer:
        return Answer(500, "text/html", b"")

    for answer in (silent, another, garbled, broken):
        stamped_by(tsa, monkeypatch, answer)
        assert stamp_newest() is None
    assert not Anchor.objects.exists()


def test_an_old_checkpoint_is_not_stamped(sealed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamped_by(LocalTsa(tmp_path / "tsa"), monkeypatch)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert stamp_newest() is None
