"""Signed notes and checkpoints: a published vector, our own, and what must be refused."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.journal.domain import verify
from kakehashi.journal.domain.checkpoints import Checkpoint, open_checkpoint, origin_of
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note, verifier_key

# The example of golang.org/x/mod/sumdb/note.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED_NOTE = (
    PUBLISHED_TEXT
    + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TOWN = UUID("01890000-0000-7000-8000-000000000001")
CHECKPOINT = Checkpoint(origin_of(TOWN), 8, bytes(32), datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC))


def key_of(key: Ed25519PrivateKey = KEY) -> VerifierKey:
    return verifier_key(origin_of(TOWN), key)


def test_the_published_note_opens() -> None:
    assert open_note(PUBLISHED_NOTE, VerifierKey.parse(PUBLISHED_KEY)) == PUBLISHED_TEXT
    assert verify.open_note(PUBLISHED_NOTE, verify.parse_key(PUBLISHED_KEY)) == PUBLISHED_TEXT


def test_a_key_line_reads_back() -> None:
    assert VerifierKey.parse(str(key_of())) == key_of()


def test_a_checkpoint_reads_back() -> None:
    assert open_checkpoint(CHECKPOINT.sign(KEY), key_of()) == CHECKPOINT


@pytest.mark.parametrize("broken", [("\n8\n", "\n9\n"), ("time 2026", "time 2025"), ("\u2014 ", "- ")])
def test_a_changed_checkpoint_is_refused(broken: tuple[str, str]) -> None:
    with pytest.raises(BadNoteError):
        open_checkpoint(CHECKPOINT.sign(KEY).replace(*broken), key_of())


def test_another_key_is_refused() -> None:
    with pytest.raises(BadNoteError):
        open_checkpoint(CHECKPOINT.sign(OTHER_KEY), key_of())
    assert verify.open_note(CHECKPOINT.sign(OTHER_KEY), verify.parse_key(str(key_of()))) is None


def test_a_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(BadNoteError):
        open_checkpoint(sign_note("hello\n", origin_of(TOWN), KEY), key_of())


@pytest.mark.parametrize("line", ["", "a+b", "a+00000000+AAAA", f"{PUBLISHED_KEY}x"])
def test_a_damaged_key_line_is_refused(line: str) -> None:
    with pytest.raises(BadNoteError):
        VerifierKey.parse(line)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 1000])
def test_the_pure_python_ed25519_agrees_with_cryptography(size: int) -> None:
    public, message = key_of().public, bytes(size)
    signature = KEY.sign(message)
    assert verify.ed25519_verify(public, message, signature)
    assert not verify.ed25519_verify(public, message + b"x", signature)
    assert not verify.ed25519_verify(public, message, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verify.ed25519_verify(key_of(OTHER_KEY).public, message, signature)


def test_the_rfc_8032_vector() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify.ed25519_verify(public, b"", signature)
