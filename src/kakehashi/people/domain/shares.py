"""分けて引き継ぐ: the exceptions to a successor. A section that is split has one default and, beside it, shares.

A share names rows one by one, or a word that their names hold; a row that was named goes before a rule, a rule before the default.
Rules are read on the day itself, so what is made after the plan follows them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.folding import fold

EVERY = "*"
"""The code of a share that is for rows of every kind."""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a kind (`code`, or EVERY) hangs on a department or post and goes to another than the default successor.

    `heir_id` is known once the reorganisation was applied. Either `words` or `rows` is filled.
    """

    code: str
    subject_id: UUID
    heir_name: str
    heir_id: UUID | None = None
    words: str = ""
    rows: frozenset[UUID] = frozenset()

    def concerns(self, code: str, subject_id: UUID) -> bool:
        """Whether it speaks of this kind of rows of this department or post."""
        return self.subject_id == subject_id and self.code in {code, EVERY}

    def takes(self, row_id: UUID, text: str) -> bool:
        """Whether a row with this name and note is meant."""
        return fold(self.words) in fold(text) if self.words else row_id in self.rows


def share_of(row_id: UUID, text: str, shares: Iterable[Share]) -> Share | None:
    """The share that a row falls to, None for the default: rows named by hand first, then rules, the narrower kind first."""
    return next((each for each in in_order(shares) if each.takes(row_id, text)), None)


def in_order(shares: Iterable[Share]) -> Sequence[Share]:
    """Shares as they are asked: by hand, rules of one kind, rules of every kind."""
    return sorted(shares, key=lambda each: (bool(each.words), each.code == EVERY))
