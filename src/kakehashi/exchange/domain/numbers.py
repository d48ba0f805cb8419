"""外部の番号: who is told when a number of another system is written down or taken back, such as the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

__all__ = ["NumberFact", "on_number", "tell"]


@dataclass(frozen=True, slots=True)
class NumberFact:
    """A number of another system: its row, what it is called (決裁番号 …), and the title of our thing. No `number`: taken back."""

    id: UUID
    government_id: UUID
    label: str
    number: str
    title: str


_listeners: list[Callable[[NumberFact], None]] = []


def on_number(listener: Callable[[NumberFact], None]) -> None:
    """Be told, in the writer's transaction; called once, when the program starts."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(fact: NumberFact) -> None:
    """Tell everybody who asked."""
    for listener in _listeners:
        listener(fact)
