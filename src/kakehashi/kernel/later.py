"""A module that is loaded when something of it is first asked for.

For libraries that are large and rarely needed (spreadsheets, PDF, pictures, charts): a process that never touches one does not
carry it. `from __future__ import annotations` and `if TYPE_CHECKING: import …` keep the types; `else: name = later("name")`.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands where the module would stand, and keeps each thing that was asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            # What looks at modules (inspect, doctest, mock) asks for such names; that is no use of the library.
            raise AttributeError(name)
        value = getattr(import_module(self.__name__), name)
        if not isinstance(value, ModuleType):
            self.__dict__[name] = value
        return value


def later(name: str) -> Any:
    """The module of this full name, loaded at its first use. Raises `ImportError` then, not now, where there is none."""
    return _Later(name)
