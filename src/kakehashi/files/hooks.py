"""Where upper rooms say what they keep files for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.registry import Registry

__all__ = ["OFFICE_FILES", "Purpose", "purpose_of", "register_access"]

OFFICE_FILES = frozenset({"pdf", "image", "office", "text"})
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Purpose:
    """What a file is kept for: who may read it, which families of content are taken, how many bytes at most."""

    may_read: Callable[[Actor, StoredFile], bool]
    families: frozenset[str]
    max_bytes: int
    is_sealed: bool = False


_purposes: Registry[Purpose] = Registry("file purposes")


def register_access(
    purpose: str,
    may_read: Callable[[Actor, StoredFile], bool],
    *,
    families: frozenset[str] = OFFICE_FILES,
    max_bytes: int = 20 * MEGABYTE,
    is_sealed: bool = False,
) -> None:
    """Register a purpose ``room.noun``. ``may_read`` is asked for every download, inside the tenant's scope.

    With ``is_sealed`` the content is kept encrypted under the government's key and the file's name is replaced by one that says
    nothing. Families are pdf, image, office, text, archive. Raises DuplicateKey.
    """
    _purposes.register(purpose, Purpose(may_read, families, max_bytes, is_sealed))


def purpose_of(purpose: str) -> Purpose:
    """The registered purpose; raises UnknownKey."""
    return _purposes.get(purpose)
