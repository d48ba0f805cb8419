"""pygal as the charts use it; a module of its own, because the library is loaded with the first chart only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pygal  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

__all__ = ["STYLE", "PlacedLine", "pygal"]

# pygal puts a finder of plugins on the path of imports, in a form that Python gave up; no plugin is wanted here, and every later
# import would be warned about it.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

STYLE = Style(font_family="inherit", label_font_size=15, major_label_font_size=15, value_label_font_size=15)


class PlacedLine(pygal.Line):  # type: ignore[misc]
    """Lines that keep the look of their place in `names` where others are not drawn; without the words for the library's script."""

    def __init__(self, names: Sequence[str], **options: Any) -> None:
        """Take the names of all places, and the library's own options."""
        self._names = tuple(names)
        super().__init__(**options)

    def prepare_values(self, raw: Any, offset: int = 0) -> Any:
        """Number the lines by their place."""
        series = super().prepare_values(raw, offset)
        for one in series or ():
            one.index = self._names.index(one.title)
        return series

    def _tooltip_data(self, *_: Any, **__: Any) -> None:
        """Nothing: no script shows it, and the charts would take it out."""
