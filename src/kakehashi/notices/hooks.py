"""Kinds of notices, registered by the rooms that send them when the program starts."""

from __future__ import annotations

from kakehashi.kernel.registry import Registry

_kinds: Registry[str] = Registry("notices.kinds")


def register_kind(kind: str, label: str) -> None:
    """Register a kind `<room>.<kind>` with its Japanese label, as it stands on the preference page. Refuses a second time."""
    _kinds.register(kind, label)


def kind_label(kind: str) -> str:
    """Return the label of a kind. Raises KeyError for a kind that nobody registered."""
    return _kinds.get(kind)


def kinds() -> list[tuple[str, str]]:
    """Return all kinds with their labels, in the order of registration."""
    return list(_kinds.items())
