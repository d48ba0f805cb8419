"""隔離: originals that were refused, sealed to this side's own key, in a folder outside the content store."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kakehashi.exchange.adapters.keys import keys_of

__all__ = ["keep_in_quarantine", "open_quarantine"]

_INFO = b"kakehashi-quarantine/1"


def _path(government_code: str, name: str) -> Path:
    return Path(settings.EXCHANGE_QUARANTINE) / government_code / name


def _key(shared: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_INFO).derive(shared)


def keep_in_quarantine(government_code: str, file_id: UUID, content: bytes) -> str:
    """Seal an original; nobody opens it by accident, and no scanner or viewer touches it. Gives its name."""
    once, mine = X25519PrivateKey.generate(), keys_of(government_code).seal.public_key()
    key = _key(once.exchange(mine))
    sealed = once.public_key().public_bytes_raw() + ChaCha20Poly1305(key).encrypt(bytes(12), content, file_id.bytes)
    name = f"{file_id.hex}.sealed"
    path = _path(government_code, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    return name


def open_quarantine(government_code: str, name: str) -> bytes:
    """The original, for the person who must look at it on a machine made for that. Raises FileNotFoundError."""
    sealed = _path(government_code, name).read_bytes()
    shared = keys_of(government_code).seal.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    file_id = UUID(name.partition(".")[0])
    return ChaCha20Poly1305(_key(shared)).decrypt(bytes(12), sealed[32:], file_id.bytes)
