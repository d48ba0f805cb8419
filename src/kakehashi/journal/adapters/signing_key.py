"""The Ed25519 key that signs checkpoints: a file of mode 0600, made at the first need, never in the database."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


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
