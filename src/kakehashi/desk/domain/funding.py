"""Which schemes may pay for a solution: by the words they name, with those words as the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from kakehashi.kernel.folding import fold

WARN_DAYS = 14
"""So many days before a scheme closes, those who thought of using it are told."""
_BETWEEN = re.compile(r"[、,，・/\s　]+")


class Worded(Protocol):
    """A scheme as far as matching needs it."""

    words: str


Scheme = TypeVar("Scheme", bound=Worded)


def words_of(words: str) -> list[str]:
    """Return the words a scheme names, at least two letters long."""
    return [word for word in _BETWEEN.split(words) if len(word) >= 2]


def matching(schemes: Sequence[Scheme], text: str) -> list[tuple[Scheme, list[str]]]:
    """Return the schemes that share a word with a text, most words first, each with those words."""
    folded = fold(text)
    found = [(scheme, [word for word in words_of(scheme.words) if fold(word) in folded]) for scheme in schemes]
    return sorted([pair for pair in found if pair[1]], key=lambda pair: -len(pair[1]))
