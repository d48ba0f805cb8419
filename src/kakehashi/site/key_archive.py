"""All keys of an installation in one file that only a passphrase opens: for the safe, and for whoever takes over.

The file is one line of JSON (how the passphrase becomes a key) and the sealed tar of `HOME/keys`: scrypt and AES-256-GCM.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import tarfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kakehashi.kernel.key_files import write_private

FORMAT = "kakehashi-keys/1"
LEAST_PASSPHRASE = 12
# 64 MB and a third of a second a try, on a machine of 2026.
_COST = {"n": 2**16, "r": 8, "p": 1}


class NotReadable(RuntimeError):
    """The file is no archive of keys, was changed, or the passphrase is another one."""


def seal_keys(folder: Path, passphrase: str) -> bytes:
    """The keys of a folder, sealed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in read_folder(folder).items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o600
            archive.addfile(info, io.BytesIO(data))
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    about = {"format": FORMAT, **_COST, "salt": _text(salt), "nonce": _text(nonce)}
    head = json.dumps(about).encode() + b"\n"
    return head + AESGCM(_key(passphrase, about)).encrypt(nonce, packed.getvalue(), head)


def open_keys(sealed: bytes, passphrase: str) -> dict[str, bytes]:
    """The keys in an archive by their names. Raises NotReadable."""
    head, newline, body = sealed.partition(b"\n")
    try:
        about = json.loads(head)
        if about["format"] != FORMAT or any(about[name] != value for name, value in _COST.items()):
            raise NotReadable("this is no archive of keys")
        packed = AESGCM(_key(passphrase, about)).decrypt(base64.b64decode(about["nonce"]), body, head + newline)
    except (ValueError, KeyError, TypeError, InvalidTag) as error:
        raise NotReadable("the passphrase is another one, or the file was changed") from error
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None and not Path(member.name).is_absolute() and ".." not in Path(member.name).parts:
                found[member.name] = file.read()
    return found


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every key of a folder by its name below it; drafts (names with a leading dot) are left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def put_back(keys: dict[str, bytes], folder: Path) -> list[str]:
    """Write the keys that are missing; gives the names of those that are there already and differ (left as they are)."""
    different = []
    for name, data in keys.items():
        path = folder / name
        if not path.exists():
            write_private(path, data)
        elif path.read_bytes() != data:
            different.append(name)
    return different


def fingerprint(data: bytes) -> str:
    """Sixteen hex digits by which people compare a key without seeing it."""
    return hashlib.sha256(b"kakehashi.key|" + data.strip()).hexdigest()[:16]


def _key(passphrase: str, about: dict[str, object]) -> bytes:
    salt = base64.b64decode(str(about["salt"]))
    return hashlib.scrypt(passphrase.encode(), salt=salt, maxmem=2**27, dklen=32, **_COST)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
