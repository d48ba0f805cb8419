"""The Ed25519 key that signs checkpoints: a file of mode 0600, made at the first need, never in the database."""

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kakehashi.journal.domain.key_history import HandOver, KeyHistory, read_hand_over, sign_hand_over
from kakehashi.journal.domain.notes import verifier_key
from kakehashi.kernel.key_files import write_private

# The hand-overs lie beside the key, one JSON text a line: `journal.pem` and `journal.handovers`.
_HAND_OVERS = ".handovers"


class UnsafeKeyError(RuntimeError):
    """The key file is readable by others, or holds something else than an Ed25519 key."""


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in `path`, making it when there is none. Raises UnsafeKeyError."""
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise UnsafeKeyError(f"{path}: others may read the signing key; run chmod 600 on it")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise UnsafeKeyError(f"{path}: not an Ed25519 key")
    return key


def load_forms_key(journal_key: Path, government_code: str) -> Ed25519PrivateKey:
    """The key with which one government signs the forms it hands over, made at the first need beside the journal's key.

    Each government has its own, so that who trusts one town's forms trusts no other town of the same installation, and a change of
    the journal's key leaves that trust alone. Raises UnsafeKeyError.
    """
    return load_signing_key(forms_key_path(journal_key, government_code))


def forms_key_path(journal_key: Path, government_code: str) -> Path:
    """Where a government's key of forms lies; the code is its six digits."""
    if not (government_code.isascii() and government_code.isalnum()):
        raise UnsafeKeyError(f"{government_code!r}: not the code of a government")
    return journal_key.parent / "forms" / f"{government_code}.pem"


def load_witness_key(journal_key: Path, government_id: UUID) -> Ed25519PrivateKey:
    """The key with which one government signs the logs of others as a witness, made at the first need.

    Each government has its own beside the journal's key: a town's word as a witness is then its own, also where several towns
    share an installation, and a change of the journal's key leaves it alone. Raises UnsafeKeyError.
    """
    return load_signing_key(journal_key.parent / "witness" / f"{government_id}.pem")


def load_key_history(path: Path) -> KeyHistory:
    """Return the present public key with every hand-over that led to it. Raises UnsafeKeyError, BadNoteError."""
    notes = path.with_suffix(_HAND_OVERS)
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    present = verifier_key("", load_signing_key(path)).public
    return KeyHistory(present, [read_hand_over(json.loads(line)) for line in lines])


def change_signing_key(path: Path, time: datetime) -> HandOver:
    """Make a new signing key, have the old one name it, and destroy the old one. Raises UnsafeKeyError."""
    old = load_signing_key(path)
    draft = path.with_suffix(".next")
    draft.unlink(missing_ok=True)
    _make(draft)
    note = sign_hand_over(old, load_signing_key(draft), time)
    notes = path.with_suffix(_HAND_OVERS)
    before = notes.read_bytes() if notes.exists() else b""
    write_private(notes, before + json.dumps(note, ensure_ascii=False).encode() + b"\n")
    # A power cut before this line leaves the old key in office; the note then names a key nobody holds, and harms nothing.
    draft.replace(path)
    return read_hand_over(note)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    # Several processes may start at once: the first link wins and the others read the winner's key.
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
