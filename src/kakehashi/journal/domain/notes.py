"""Signed notes of C2SP (https://c2sp.org/signed-note) with Ed25519: a text, a blank line, and signature lines.

A verifier key is the line `<name>+<key id>+<base64>`; it is public and may be printed in the 広報.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4


class BadNoteError(ValueError):
    """The note is malformed, or no signature of the expected key on it is valid."""


@dataclass(frozen=True)
class VerifierKey:
    """A named public key: `name` is the log's origin, `public` the 32 raw bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that say which key signed: SHA-256(name, newline, algorithm, key) cut short."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        """Return the one-line text form."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, line: str) -> "VerifierKey":
        """Read the one-line form; BadNoteError when the id does not belong to the key."""
        name, id_text, key_text = (*line.strip().split("+", 2), "", "")[:3]
        try:
            key = base64.b64decode(key_text, validate=True)
        except ValueError as error:
            raise BadNoteError("the verifier key is not base64") from error
        parsed = cls(name, key[1:])
        if key[:1] != _ED25519 or len(key) != 33 or parsed.key_id.hex() != id_text:
            raise BadNoteError("the verifier key is damaged or of another algorithm")
        return parsed


def verifier_key(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    """Return the public half of `key` under `name`."""
    return VerifierKey(name, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return `text` with one signature line. The text must end with a newline and hold no control characters."""
    if not text.endswith("\n") or any(ord(char) < 0x20 and char != "\n" for char in text):
        raise BadNoteError("a note's text ends with a newline and holds no control characters")
    signature = verifier_key(name, key).key_id + key.sign(text.encode())
    return f"{text}\n\N{EM DASH} {name} {base64.b64encode(signature).decode()}\n"


def add_signature(note: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return the note with one more signature of the same text."""
    text = note.rpartition("\n\n")[0] + "\n"
    return note + sign_note(text, name, key).rpartition("\n\n")[2]


def open_note(note: str, key: VerifierKey) -> str:
    """Return the text of a note signed by `key`; BadNoteError when it is not."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator:
        raise BadNoteError("the note has no signature")
    text += "\n"
    for line in signatures.splitlines():
        if _is_signed(line, text, key):
            return text
    raise BadNoteError("the note carries no valid signature of this key")


def _is_signed(line: str, text: str, key: VerifierKey) -> bool:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\N{EM DASH}" or name != key.name:
        return False
    try:
        signature = base64.b64decode(encoded, validate=True)
        if signature[:_KEY_ID_SIZE] != key.key_id:
            return False
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature[_KEY_ID_SIZE:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True
