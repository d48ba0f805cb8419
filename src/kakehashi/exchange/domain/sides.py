"""公開側と職員側: the two halves of a split installation."""

from __future__ import annotations

import enum

__all__ = ["Side"]


class Side(enum.StrEnum):
    """Which half of the house this installation is for a government; the value is stored and stands in bundles."""

    PUBLIC = "public"
    STAFF = "staff"

    @property
    def other(self) -> Side:
        """The half on the other side of the gap."""
        return Side.STAFF if self is Side.PUBLIC else Side.PUBLIC

    @property
    def label(self) -> str:
        """The staff's word."""
        return "公開側（インターネット）" if self is Side.PUBLIC else "職員側（LGWAN）"
