"""The signing key changes hands: old checkpoints still verify, here and offline, and a retired key signs nothing new."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from kakehashi.journal.adapters.signing_key import change_signing_key, load_key_history, load_signing_key
from kakehashi.journal.domain.bundles import VERIFIER
from kakehashi.journal.domain.checkpoints import Checkpoint, origin_of
from kakehashi.journal.domain.key_history import KeyHistory, read_hand_over, sign_hand_over
from kakehashi.journal.domain.notes import BadNoteError, verifier_key
from kakehashi.journal.models import Event
from kakehashi.journal.services import export_bundle, record_key_change, seal_events, verify_journal
from kakehashi.journal.testing import START, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope

CHANGED = START + timedelta(hours=2)


@pytest.fixture
def old_key(government_id: UUID, log: list[UUID], keys: Path) -> str:
    """Twelve events signed by an old key, then three by a new one; the old key's verifier line."""
    line = str(verifier_key(origin_of(government_id), load_signing_key(settings.JOURNAL_KEY)))
    hand_over = change_signing_key(settings.JOURNAL_KEY, CHANGED)
    with clock.frozen(CHANGED), tenant_scope(government_id):
        record_key_change(hand_over=hand_over, reason="担当者の交代")
    record_some(government_id, 2, at=CHANGED + timedelta(minutes=1))
    with clock.frozen(CHANGED + timedelta(minutes=2)), tenant_scope(government_id):
        seal_events()
    return line


def test_checkpoints_of_the_old_key_still_verify(government_id, old_key):
    result = verify_journal(government_id=government_id)
    assert result.findings == []
    assert result.size == 15


def test_the_change_stands_in_the_log_itself(government_id, old_key):
    with tenant_scope(government_id):
        event = Event.objects.get(code="journal.key.changed")
    assert event.payload["old"] == old_key
    assert event.payload["reason"] == "担当者の交代"


def test_the_key_file_stays_private_and_the_old_key_is_gone(keys, old_key):
    folder = settings.JOURNAL_KEY.parent
    assert {path.name for path in folder.iterdir()} == {"journal.pem", "journal.handovers"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


@pytest.mark.parametrize("printed", ["new", "old"])
def test_the_evidence_verifies_offline_with_either_printed_key(government_id, old_key, keys, printed):
    path = keys / "all.zip"
    with tenant_scope(government_id), clock.frozen(CHANGED + timedelta(hours=1)), path.open("wb") as target:
        export_bundle(actor=system_actor(government_id), target=target)
    new = str(verifier_key(origin_of(government_id), load_signing_key(settings.JOURNAL_KEY)))
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path), "--key", old_key if printed == "old" else new]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(path) as archive:
        assert "keys/0001.txt" in archive.namelist()


def test_a_retired_key_is_believed_only_for_what_it_signed_in_office():
    old, new, origin = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), "kakehashi/journal/x"
    history = KeyHistory(verifier_key("", new).public, [read_hand_over(sign_hand_over(old, new, CHANGED))])
    before = Checkpoint(origin, 1, bytes(32), CHANGED - timedelta(hours=1))
    assert history.open(origin, before.sign(old)) == before
    with pytest.raises(BadNoteError):
        history.open(origin, Checkpoint(origin, 2, bytes(32), CHANGED + timedelta(hours=1)).sign(old))


def test_a_hand_over_needs_both_signatures():
    old, new, thief = (Ed25519PrivateKey.generate() for _ in range(3))
    note = sign_hand_over(old, new, CHANGED)
    forged = note.rpartition("\n\n")[0] + "\n\n" + sign_hand_over(thief, thief, CHANGED).rpartition("\n\n")[2]
    for wrong in (forged, note.splitlines()[0], note.rsplit("\n", 2)[0] + "\n"):
        with pytest.raises(BadNoteError):
            read_hand_over(wrong)


def test_a_stolen_old_key_cannot_name_a_second_successor_to_the_offline_verifier():
    import importlib.util

    spec = importlib.util.spec_from_file_location("offline", VERIFIER)
    offline = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(offline)
    old, new, thief = (Ed25519PrivateKey.generate() for _ in range(3))
    notes = [sign_hand_over(old, new, CHANGED), sign_hand_over(old, thief, CHANGED)]
    trusted = offline.parse_key(str(verifier_key("kakehashi/journal/x", new)))
    known = {key[2] for key, _ in offline.known_keys(trusted, notes)}
    assert known == {verifier_key("", old).public, verifier_key("", new).public}


def test_hand_overs_are_kept_one_a_line(keys, old_key):
    change_signing_key(settings.JOURNAL_KEY, CHANGED + timedelta(days=1))
    lines = settings.JOURNAL_KEY.with_suffix(".handovers").read_text().splitlines()
    assert [json.loads(line).splitlines()[0] for line in lines] == ["kakehashi/journal-key"] * 2
    assert len(load_key_history(settings.JOURNAL_KEY).keys()) == 3
