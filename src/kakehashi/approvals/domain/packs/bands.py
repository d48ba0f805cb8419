"""Bands of money: 以上・を超える・以下・未満 in whole yen, as half-open intervals [from, below)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Band:
    """Amounts from `start` up to, not including, `below`; None: without an upper bound."""

    start: int
    below: int | None

    @classmethod
    def of(cls, low: int | None, low_word: str, high: int | None, high_word: str) -> Band:
        """The band of words: 「100万円を超え500万円以下」 is [1,000,001, 5,000,001). Without a word: 以上 and 以下."""
        start = 0 if low is None else low + (low_word == "gt")
        below = None if high is None else high + (high_word != "lt")
        return cls(start, below)

    @property
    def is_empty(self) -> bool:
        """Whether no amount lies in it."""
        return self.below is not None and self.below <= self.start

    @property
    def is_whole(self) -> bool:
        """Whether every amount lies in it."""
        return self.start == 0 and self.below is None

    def covers(self, amount: int) -> bool:
        """Whether an amount lies in it."""
        return self.start <= amount and (self.below is None or amount < self.below)

    def meets(self, other: Band) -> Band | None:
        """The amounts that lie in both; None: none do."""
        below = min((b for b in (self.below, other.below) if b is not None), default=None)
        both = Band(max(self.start, other.start), below)
        return None if self.is_empty or other.is_empty or both.is_empty else both

    def __str__(self) -> str:
        if self.is_whole:
            return "すべての金額"
        if self.is_empty:
            return "当たる金額なし"
        low = f"{self.start:,}円以上" if self.start else ""
        return low + (f"{self.below:,}円未満" if self.below is not None else "")


def gaps(bands: Iterable[Band]) -> list[Band]:
    """The amounts from 0 upward that no band covers, lowest first."""
    found, reached = [], 0
    for band in sorted((b for b in bands if not b.is_empty), key=lambda b: b.start):
        if band.start > reached:
            found.append(Band(reached, band.start))
        if band.below is None:
            return found
        reached = max(reached, band.below)
    return [*found, Band(reached, None)]


def overlaps(bands: Sequence[Band]) -> list[tuple[int, int, Band]]:
    """Pairs of places in the sequence whose bands meet, and where."""
    return [
        (first, second, both)
        for first in range(len(bands))
        for second in range(first + 1, len(bands))
        if (both := bands[first].meets(bands[second])) is not None
    ]
