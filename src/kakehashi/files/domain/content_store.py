"""Where content lies: a small interface, and the local folder that is its first kind.

Content is named by its SHA-256 inside one government's part, so the same file sent twice is kept once, and nothing that is
stored ever changes. Parts of uploads wait beside it. Another kind (S3) needs these verbs and no more.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

__all__ = ["ContentStore", "Incoming", "LocalFolder", "TooLarge", "check_digest"]

CHUNK = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class TooLarge(ValueError):
    """More bytes came than the purpose allows; nothing is kept."""


@dataclass(frozen=True)
class Incoming:
    """Content that is written but not yet kept: judged while it waits in a temporary file."""

    sha256: str
    size: int
    stream: BinaryIO
    path: Path


class ContentStore(Protocol):
    """A place for content."""

    def receive(self, content: BinaryIO, most: int) -> AbstractContextManager[Incoming]:
        """Take content in, at most ``most`` bytes; raises TooLarge."""

    def keep(self, owner: UUID, incoming: Incoming) -> None:
        """Keep what was received, durably."""

    def open(self, owner: UUID, sha256: str) -> BinaryIO:
        """Open kept content; raises FileNotFoundError."""

    def kept(self, owner: UUID) -> Iterator[tuple[str, float]]:
        """Every kept content with the time it was last kept (seconds since 1970)."""

    def forget(self, owner: UUID, sha256: str, before: float) -> bool:
        """Remove content last kept before a moment; False when it was kept again since."""

    def put_part(self, owner: UUID, upload: UUID, number: int, data: bytes) -> None:
        """Keep one part of an upload."""

    def open_part(self, owner: UUID, upload: UUID, number: int) -> BinaryIO:
        """Open one part; raises FileNotFoundError."""

    def drop_parts(self, owner: UUID, upload: UUID) -> None:
        """Forget an upload's parts."""


def check_digest(sha256: str) -> str:
    """The digest itself; raises ValueError for anything that is no SHA-256."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return sha256


class LocalFolder:
    """Content in a folder: ``<root>/<government>/<ab>/<sha256>``; temporary files in ``<root>/incoming``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def receive(self, content: BinaryIO, most: int) -> Iterator[Incoming]:
        """Write content to a temporary file while its digest is made; the file is gone afterwards unless kept."""
        folder = self.root / "incoming"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:
            path, digest, size = Path(draft.name), hashlib.sha256(), 0
            try:
                while chunk := content.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise TooLarge
                    digest.update(chunk)
                    draft.write(chunk)
                draft.flush()
                os.fsync(draft.fileno())
                yield Incoming(digest.hexdigest(), size, draft, path)  # type: ignore[arg-type]
            finally:
                path.unlink(missing_ok=True)

    def keep(self, owner: UUID, incoming: Incoming) -> None:
        """Give the temporary file its name for good: an existing one is only touched, a new one is linked and synced."""
        target = self.path(owner, incoming.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked(owner, fcntl.LOCK_SH):
            try:
                os.link(incoming.path, target)
            except FileExistsError:
                os.utime(target)
            _sync_folder(target.parent)

    def open(self, owner: UUID, sha256: str) -> BinaryIO:
        """Open kept content for reading."""
        return self.path(owner, sha256).open("rb")

    def kept(self, owner: UUID) -> Iterator[tuple[str, float]]:
        """Every content of a government."""
        for path in sorted((self.root / owner.hex).glob("??/*")):
            if _SHA256.fullmatch(path.name):
                yield path.name, path.stat().st_mtime

    def forget(self, owner: UUID, sha256: str, before: float) -> bool:
        """Remove content, unless somebody kept it again while the sweep was looking."""
        path = self.path(owner, sha256)
        with self._locked(owner, fcntl.LOCK_EX):
            if not path.exists() or path.stat().st_mtime >= before:
                return False
            path.unlink()
            return True

    def path(self, owner: UUID, sha256: str) -> Path:
        """The place of a content; raises ValueError for anything that is no SHA-256."""
        return self.root / owner.hex / check_digest(sha256)[:2] / sha256

    def put_part(self, owner: UUID, upload: UUID, number: int, data: bytes) -> None:
        """Keep one part of an upload; sent twice, the later one counts."""
        folder = self._parts(owner, upload)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(folder / f"{number:06d}")

    def open_part(self, owner: UUID, upload: UUID, number: int) -> BinaryIO:
        """Open one part for reading."""
        return (self._parts(owner, upload) / f"{number:06d}").open("rb")

    def drop_parts(self, owner: UUID, upload: UUID) -> None:
        """Forget an upload's parts."""
        shutil.rmtree(self._parts(owner, upload), ignore_errors=True)

    def _parts(self, owner: UUID, upload: UUID) -> Path:
        return self.root / owner.hex / "parts" / upload.hex

    @contextmanager
    def _locked(self, owner: UUID, how: int) -> Iterator[None]:
        folder = self.root / owner.hex
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, how)
            yield


def _sync_folder(folder: Path) -> None:
    # Without this the file's bytes survive a power cut but its name may not.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
