"""Who wants to know that a government began to use a room. Rooms above register here."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from kakehashi.kernel.registry import Registry

SWITCHED_ON: Registry[Callable[[UUID, str], None]] = Registry("governments.switched_on")


def register_switched_on(name: str, listener: Callable[[UUID, str], None]) -> None:
    """Call `listener(government_id, room)` in the transaction that switches a room on. Raises DuplicateKey."""
    SWITCHED_ON.register(name, listener)


def tell_switched_on(government_id: UUID, room: str) -> None:
    """Tell every listener."""
    listeners = [listener for _, listener in SWITCHED_ON.items()]
    for listener in listeners:
        listener(government_id, room)
