"""How much two troubles are alike: by the business, by what it is for, and by the words; and in what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from kakehashi.search.domain.tokens import Part, tokenise

# What any task of an office is called: it says nothing about which one it is.
_GENERIC = frozenset(
    {"業務", "仕事", "作業", "事務", "為", "事", "物", "様", "所", "時", "方", "課", "係", "役場", "市役所", "職員"}
)
_TELLING = frozenset({Part.NOUN, Part.NAME, Part.VERB, Part.ADJECTIVE})
_BUSINESS, _PURPOSE, _WORDS = 0.35, 0.35, 0.3
# From here on two texts are called near in a reason.
NEAR = 0.25


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two troubles are, 0 to 1 in all and in each respect, and the words they share. `purpose` is None where one side
    has not said what the task is for: unknown, not different.
    """

    score: float
    business: float
    purpose: float | None
    shared_business: tuple[str, ...] = ()
    shared_purpose: tuple[str, ...] = ()

    @property
    def reasons(self) -> list[str]:
        """Why they were put together, in Japanese sentences, the strongest respects only."""
        found = []
        if self.purpose is not None and self.purpose >= NEAR:
            found.append(f"目的が近い（{'・'.join(self.shared_purpose[:4])}）")
        if self.business >= NEAR:
            found.append(f"業務が近い（{'・'.join(self.shared_business[:4])}）")
        return found


def _words(text: str) -> dict[str, str]:
    """The telling words of a text: dictionary form → as it was written first."""
    found: dict[str, str] = {}
    for token in tokenise(text):
        if token.part in _TELLING and token.normalised not in _GENERIC:
            found.setdefault(token.normalised, token.surface)
    return found


def _near(one: dict[str, str], other: dict[str, str]) -> tuple[float, tuple[str, ...]]:
    if not one or not other:
        return 0.0, ()
    shared = [surface for word, surface in one.items() if word in other]
    return len(shared) / sqrt(len(one) * len(other)), tuple(shared)


def likeness(
    *, task: str, purpose: str, problem: str, other_task: str, other_purpose: str, other_problem: str, words: float
) -> Likeness:
    """Compare a trouble with another one; `words` is how well the search found it, 0 to 1.

    The name of a task is often told in the trouble too: the business is compared with both. Where a purpose is not known the
    rest is judged by itself.
    """
    business, shared_business = max(
        _near(_words(task), _words(other_task)),
        _softened(_near(_words(f"{task} {problem}"), _words(f"{other_task} {other_problem}"))),
        key=lambda pair: pair[0],
    )
    if not purpose.strip() or not other_purpose.strip():
        score = (_BUSINESS * business + _WORDS * words) / (_BUSINESS + _WORDS)
        return Likeness(score, business, None, shared_business)
    near, shared_purpose = _near(_words(purpose), _words(other_purpose))
    score = _BUSINESS * business + _PURPOSE * near + _WORDS * words
    return Likeness(score, business, near, shared_business, shared_purpose)


def _softened(pair: tuple[float, tuple[str, ...]]) -> tuple[float, tuple[str, ...]]:
    return pair[0] * 0.8, pair[1]


def sections(departments: Iterable[object | None]) -> int:
    """In how many sections a trouble stands; one without a section counts for none."""
    return len({each for each in departments if each is not None})
