"""The private keys of a side: two PEM files of mode 0600 for each government, below the home's `keys`, never in the database."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from kakehashi.exchange.domain.cards import fingerprint_of
from kakehashi.exchange.domain.envelope import Keys
from kakehashi.kernel.errors import DomainError

__all__ = ["fingerprint_here", "keys_of", "make_keys"]


def _folder(government_code: str) -> Path:
    return Path(settings.EXCHANGE_KEYS) / government_code


def make_keys(government_code: str, *, renew: bool = False) -> Keys:
    """The keys of this side for a government, made at the first need; `renew` puts new ones in their place."""
    folder = _folder(government_code)
    if renew or not (folder / "seal.pem").exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(folder / "sign.pem", Ed25519PrivateKey.generate())
        _write(folder / "seal.pem", X25519PrivateKey.generate())
    return keys_of(government_code)


def keys_of(government_code: str) -> Keys:
    """The keys of this side. Raises DomainError when they are missing or others may read them."""
    sign = _read(_folder(government_code) / "sign.pem")
    seal = _read(_folder(government_code) / "seal.pem")
    if not isinstance(sign, Ed25519PrivateKey) or not isinstance(seal, X25519PrivateKey):
        raise DomainError("受け渡しの鍵の種類が違います。鍵のフォルダーを確かめてください。", code="keys")
    return Keys(sign, seal)


def _read(path: Path) -> object:
    if not path.exists():
        raise DomainError("受け渡しの鍵がまだありません。先に「名乗り」を作ってください。", code="keys")
    if path.stat().st_mode & 0o077:
        raise DomainError(f"受け渡しの鍵（{path.name}）を他人が読めます。chmod 600 を実行してください。", code="keys")
    return load_pem_private_key(path.read_bytes(), password=None)


def _write(path: Path, key: Ed25519PrivateKey | X25519PrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def fingerprint_here(government_code: str) -> str:
    """The fingerprint of the keys of this side; empty while there are none."""
    if not (_folder(government_code) / "seal.pem").exists():
        return ""
    keys = keys_of(government_code)
    return fingerprint_of(keys.sign.public_key().public_bytes_raw(), keys.seal.public_key().public_bytes_raw())
