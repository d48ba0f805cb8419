"""いつ待たせないか: what a request does itself, and what the worker does while the person may leave."""

from __future__ import annotations

__all__ = ["LONG_BYTES", "LONG_ROWS", "is_long"]

LONG_BYTES = 400_000
"""A file up to this size is read at once: about two thousand rows of an inventory, half a second."""

LONG_ROWS = 2_000
"""So many rows are tried, applied and taken back at once: a second or two."""


def is_long(*, size: int = 0, rows: int = 0) -> bool:
    """Whether the worker should do it."""
    return size > LONG_BYTES or rows > LONG_ROWS
