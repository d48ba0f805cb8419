"""A module that is loaded when something of it is first asked for."""

from __future__ import annotations

import sys

import pytest

from kakehashi.kernel.later import later


def test_it_is_loaded_with_its_first_use() -> None:
    """Naming it loads nothing; a name of it does."""
    sys.modules.pop("colorsys", None)
    colors = later("colorsys")
    assert "colorsys" not in sys.modules
    assert colors.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
    assert "colorsys" in sys.modules


def test_what_was_asked_for_is_kept() -> None:
    """The second use looks nowhere, and a test may put something else in its place."""
    colors = later("colorsys")
    assert colors.rgb_to_hsv is colors.rgb_to_hsv
    assert "rgb_to_hsv" in vars(colors)


def test_one_that_is_not_there_says_so_when_it_is_used() -> None:
    """An import that fails, fails at the use; a name it does not have is no attribute."""
    missing = later("no_such_module_anywhere")
    with pytest.raises(ImportError):
        missing.anything  # noqa: B018
    with pytest.raises(AttributeError):
        later("colorsys").no_such_name  # noqa: B018


def test_those_who_only_look_load_nothing() -> None:
    """Names with two underscores are asked for by whoever looks through modules."""
    sys.modules.pop("colorsys", None)
    assert not hasattr(later("colorsys"), "__wrapped__")
    assert "colorsys" not in sys.modules
