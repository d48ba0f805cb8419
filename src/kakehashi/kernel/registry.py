"""Registries: how an upper room plugs into a lower one without being imported by it."""

from collections.abc import ItemsView
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateKey(ValueError):
    """Two rooms, or the same room twice, claimed one key."""


class UnknownKey(LookupError):
    """Nobody registered this key: a spelling mistake, or the room that owns it is not installed."""


class Registry(Generic[T]):
    """A dictionary filled in ``apps.ready()`` that refuses duplicates and names what it does not know."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, key: str, value: T) -> None:
        """Add an entry. Raises DuplicateKey when the key is taken, even by an equal value."""
        if key in self._entries:
            raise DuplicateKey(f"{self.name}: {key!r} is already registered")
        self._entries[key] = value

    def get(self, key: str) -> T:
        """Return the entry. Raises UnknownKey with the name of this registry."""
        try:
            return self._entries[key]
        except KeyError:
            raise UnknownKey(f"{self.name}: {key!r} is not registered") from None

    def items(self) -> ItemsView[str, T]:
        """Return keys and entries in the order of their registration."""
        return self._entries.items()

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)
