"""Kinds of notices, registered by the rooms that send them when the program starts."""

from __future__ import annotations

from kakehashi.notices.domain.kinds import KINDS


def register_kind(kind: str, label: str) -> None:
    """Register a kind `<room>.<kind>` with its Japanese label, as the preference page shows it. Refuses a second time."""
    KINDS.register(kind, label)


def kind_label(kind: str) -> str:
    """Return the label of a kind. Raises UnknownKey for a kind that nobody registered."""
    return KINDS.get(kind)


def kinds() -> list[tuple[str, str]]:
    """Return all kinds with their labels, in the order of registration."""
    return list(KINDS.items())
