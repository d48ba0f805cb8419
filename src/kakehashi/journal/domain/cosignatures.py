"""Cosignatures of C2SP (https://c2sp.org/tlog-cosignature): a witness signs a checkpoint with the time it saw it.

A witness signs only what it has checked: that the new checkpoint contains the one it signed before. Whoever knows the
witness's key then knows that no second history was shown to anybody, however the log's own key is used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kakehashi.journal.domain.notes import BadNoteError, verifier_key

_COSIGNATURE = b"\x04"
_KEY_ID, _TIME, _WHOLE = 4, 8, 76


@dataclass(frozen=True)
class WitnessKey:
    """The public half of a witness's key: a name and 32 raw bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that say which key signed."""
        return hashlib.sha256(self.name.encode() + b"\n" + _COSIGNATURE + self.public).digest()[:_KEY_ID]

    def __str__(self) -> str:
        """Return the one-line text form, which may be printed in the 広報."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_COSIGNATURE + self.public).decode()}"

    @classmethod
    def parse(cls, line: str) -> WitnessKey:
        """Read the one-line form; BadNoteError when it is damaged or of another algorithm."""
        name, id_text, key_text = (*line.strip().split("+", 2), "", "")[:3]
        try:
            raw = base64.b64decode(key_text, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNoteError("the witness key is not base64") from error
        parsed = cls(name, raw[1:])
        if raw[:1] != _COSIGNATURE or len(raw) != 33 or parsed.key_id.hex() != id_text:
            raise BadNoteError("the witness key is damaged or of another algorithm")
        return parsed


def witness_key(name: str, key: Ed25519PrivateKey) -> WitnessKey:
    """The public half of `key` as a witness's."""
    return WitnessKey(name, verifier_key(name, key).public)


def cosign(note: str, name: str, key: Ed25519PrivateKey, moment: datetime) -> str:
    """The note with the witness's line after the log's own."""
    seconds = int(moment.timestamp())
    signature = key.sign(_message(note, seconds))
    blob = witness_key(name, key).key_id + seconds.to_bytes(_TIME, "big") + signature
    return f"{note}\N{EM DASH} {name} {base64.b64encode(blob).decode()}\n"


def cosigned_at(note: str, key: WitnessKey) -> datetime:
    """When the witness signed; BadNoteError when it did not."""
    for line in note.rpartition("\n\n")[2].splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            continue
        if dash != "\N{EM DASH}" or name != key.name or blob[:_KEY_ID] != key.key_id or len(blob) != _WHOLE:
            continue
        seconds = int.from_bytes(blob[_KEY_ID : _KEY_ID + _TIME], "big")
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob[_KEY_ID + _TIME :], _message(note, seconds))
        except (InvalidSignature, ValueError):
            continue
        return datetime.fromtimestamp(seconds, UTC)
    raise BadNoteError("the note carries no valid signature of this witness")


def _message(note: str, seconds: int) -> bytes:
    text = note.rpartition("\n\n")[0] + "\n"
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
