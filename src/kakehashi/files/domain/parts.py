"""A file that comes in parts: how many there are, and all of them read as one."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

__all__ = ["PART_BYTES", "PartsStream", "part_count"]

PART_BYTES = 1_000_000


def part_count(size: int) -> int:
    """How many parts a file of `size` bytes comes in; every part but the last is full."""
    return max(1, -(-size // PART_BYTES))


class PartsStream(io.RawIOBase):
    """Reads numbered parts one after the other; `open_part` opens one, and only one is open at a time."""

    def __init__(self, open_part: Callable[[int], BinaryIO], count: int) -> None:
        super().__init__()
        self._open_part, self._count, self._number = open_part, count, 0
        self._part: BinaryIO | None = None

    def readable(self) -> bool:
        """It only reads."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes of the present part; empty at the end of the last."""
        while self._number < self._count:
            if self._part is None:
                self._part = self._open_part(self._number)
            if piece := self._part.read(size):
                return piece
            self._part.close()
            self._part, self._number = None, self._number + 1
        return b""

    def close(self) -> None:
        """Close the part that is open."""
        if self._part is not None:
            self._part.close()
        super().close()
