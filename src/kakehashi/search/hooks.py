"""Kinds of things that can be found, registered by the rooms above when the program starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of thing that can be found.

    `url` gives the page of a thing from its id, `resident_url` the page a resident may open (None: residents never see this
    kind). Staff see the kind only with `permission` (empty: every member of staff).
    """

    label: str
    url: Callable[[UUID], str]
    permission: str = ""
    resident_url: Callable[[UUID], str] | None = None
    shared_url: Callable[[UUID], str] | None = None


_kinds: Registry[SearchKind] = Registry("search.kinds")


def register_kind(kind: str, search_kind: SearchKind) -> None:
    """Register a kind `<room>.<kind>`. Refuses a second registration."""
    _kinds.register(kind, search_kind)


def get_kind(kind: str) -> SearchKind:
    """Return a kind. Raises UnknownKey for one that nobody registered."""
    return _kinds.get(kind)


def kinds() -> dict[str, SearchKind]:
    """Return all kinds in the order of registration."""
    return dict(_kinds.items())
