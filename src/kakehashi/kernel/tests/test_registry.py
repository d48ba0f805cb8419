"""Registries refuse duplicates and name what they do not know."""

import pytest

from kakehashi.kernel.registry import DuplicateKey, Registry, UnknownKey


def test_register_and_get() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.register("one", 1)
    assert registry.get("one") == 1
    assert list(registry.items()) == [("one", 1)]
    assert "one" in registry
    assert len(registry) == 1


def test_a_duplicate_is_refused() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.register("one", 1)
    with pytest.raises(DuplicateKey, match="numbers: 'one'"):
        registry.register("one", 1)


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(UnknownKey, match="numbers: 'two'"):
        Registry[int]("numbers").get("two")
