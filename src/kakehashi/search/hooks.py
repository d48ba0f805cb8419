"""Kinds of things that can be found, registered by the rooms above when the program starts."""

from __future__ import annotations

from kakehashi.search.domain.kinds import KINDS, SearchKind

__all__ = ["SearchKind", "get_kind", "kinds", "register_kind"]


def register_kind(kind: str, search_kind: SearchKind) -> None:
    """Register a kind `<room>.<kind>`. Refuses a second registration."""
    KINDS.register(kind, search_kind)


def get_kind(kind: str) -> SearchKind:
    """Return a kind. Raises UnknownKey for one that nobody registered."""
    return KINDS.get(kind)


def kinds() -> dict[str, SearchKind]:
    """Return all kinds in the order of registration."""
    return dict(KINDS.items())
