"""Encryption of backups: one X25519 key pair, whose private half is also printed on paper.

As in the age format: each archive has a key of its own, agreed between a fresh key and the recipient's public key, and the
text goes in chunks of 1 MiB under AES-256-GCM. A chunk's number and whether it is the last are part of its nonce, so that
chunks cannot be dropped, swapped or cut off. To write an archive only the public half is needed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kakehashi.kernel.key_files import write_private

MAGIC = b"kakehashi-backup/2\n"
_CHUNK = 1 << 20
_TAG = 16
_LONGEST_HEADER = 4096


class NotReadable(RuntimeError):
    """The archive is damaged, of another format, or was made for another key."""


@dataclass(frozen=True)
class RecoveryKey:
    """The private half. As text: 32 bytes and a check of 3, in base32, in groups of four."""

    secret: bytes

    @classmethod
    def generate(cls) -> RecoveryKey:
        """Make a new key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> RecoveryKey:
        """Read the text as typed from paper: case, spaces and hyphens do not matter. Raises NotReadable."""
        plain = "".join(letter for letter in text.upper() if letter.isalnum())
        # Base32 has neither 0 nor 1: who reads them from paper means the letters.
        plain = plain.replace("0", "O").replace("1", "I")
        try:
            data = base64.b32decode(plain)
        except ValueError as error:
            raise NotReadable("復旧の鍵が読めません。56文字すべてを入れてください。") from error
        if len(data) != 35 or _check(data[:32]) != data[32:]:
            raise NotReadable("復旧の鍵に打ち間違いがあります。")
        return cls(data[:32])

    def text(self) -> str:
        """Fourteen groups of four letters and digits."""
        letters = base64.b32encode(self.secret + _check(self.secret)).decode()
        return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """Eight hex digits by which people tell keys apart."""
    return hashlib.sha256(b"kakehashi-backup-key" + public).hexdigest()[:8]


def backup_public_key(home: Path) -> bytes:
    """The public half, kept in `home/keys/backup.pub`; the pair is made at the first need."""
    path = home / "keys" / "backup.pub"
    if not path.exists():
        _keep(home, RecoveryKey.generate())
    return bytes.fromhex(path.read_text().strip())


def recovery_key(home: Path) -> RecoveryKey | None:
    """The private half, while it is still kept in `home/keys/backup.key`; an administrator may take it away."""
    path = home / "keys" / "backup.key"
    return RecoveryKey.parse(path.read_text()) if path.exists() else None


def key_of_the_way_back(home: Path) -> RecoveryKey | None:
    """The private half for a backup that is to be made now; a home that never made one gets its pair here."""
    backup_public_key(home)
    return recovery_key(home)


def _keep(home: Path, key: RecoveryKey) -> None:
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The first of two processes wins: the private half is linked before the public one exists.
    draft = folder / f".backup.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(key.text() + "\n")
    try:
        os.link(draft, folder / "backup.key")
    except FileExistsError:
        key = RecoveryKey.parse((folder / "backup.key").read_text())
    draft.unlink()
    # No secret, but `doctor` asks that nothing in this folder can be read by others.
    write_private(folder / "backup.pub", f"{key.public.hex()}\n".encode())


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"kakehashi-recovery" + secret).digest()[:3]


def _cipher(shared: bytes, ephemeral: bytes, recipient: bytes, header: bytes) -> AESGCM:
    salt = ephemeral + recipient
    return AESGCM(HKDF(SHA256(), 32, salt, MAGIC + header).derive(shared))


class SealedWriter:
    """A file-like object that encrypts what is written to it. `close` ends the archive; without it nothing is readable."""

    def __init__(self, target: IO[bytes], public: bytes, facts: dict[str, Any]) -> None:
        own = X25519PrivateKey.generate()
        ephemeral = own.public_key().public_bytes_raw()
        header = json.dumps(facts | {"key": fingerprint(public), "ephemeral": ephemeral.hex()}).encode() + b"\n"
        shared = own.exchange(X25519PublicKey.from_public_bytes(public))
        self._cipher = _cipher(shared, ephemeral, public, header)
        self._target, self._buffer, self._number = target, bytearray(), 0
        target.write(MAGIC + header)

    def write(self, data: Any) -> int:
        """Take bytes; whole chunks go on at once, save the newest, which may turn out to be the last."""
        self._buffer += data
        while len(self._buffer) > _CHUNK:
            self._emit(bytes(self._buffer[:_CHUNK]), last=False)
            del self._buffer[:_CHUNK]
        return len(data)

    def flush(self) -> None:
        """Do nothing: chunks have one size."""

    def close(self) -> None:
        """Write the last chunk."""
        self._emit(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


class SealedReader:
    """A file-like object that decrypts. Raises NotReadable at the first chunk that was changed, moved or cut off."""

    def __init__(self, source: IO[bytes], key: RecoveryKey) -> None:
        self.facts, header = read_header(source)
        if self.facts.get("key") != fingerprint(key.public):
            raise NotReadable(
                f"この控えは別の鍵（{self.facts.get('key')}）のものです。手元の鍵は {fingerprint(key.public)} です。"
            )
        ephemeral = bytes.fromhex(self.facts["ephemeral"])
        shared = X25519PrivateKey.from_private_bytes(key.secret).exchange(X25519PublicKey.from_public_bytes(ephemeral))
        self._cipher = _cipher(shared, ephemeral, key.public, header)
        self._source, self._number, self._buffer, self._ended = source, 0, b"", False
        self._ahead = source.read(_CHUNK + _TAG)

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` bytes of the text, or all."""
        while not self._ended and (size < 0 or len(self._buffer) < size):
            self._buffer += self._next()
        taken, self._buffer = (self._buffer, b"") if size < 0 else (self._buffer[:size], self._buffer[size:])
        return taken

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._source.read(_CHUNK + _TAG)
        self._ended = not self._ahead
        try:
            text = self._cipher.decrypt(_nonce(self._number, last=self._ended), chunk, None)
        except InvalidTag as error:
            raise NotReadable(f"控えの {self._number} MB 目が壊れています。") from error
        self._number += 1
        return text


def read_header(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """What stands in clear at the head of an archive: when it was made and for which key. Raises NotReadable."""
    if source.read(len(MAGIC)) != MAGIC:
        raise NotReadable("架け橋の控えではありません。")
    header = source.readline(_LONGEST_HEADER)
    try:
        facts: dict[str, Any] = json.loads(header)
        bytes.fromhex(facts["ephemeral"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable("控えの見出しが壊れています。") from error
    return facts, header


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
