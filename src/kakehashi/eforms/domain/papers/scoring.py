"""How well papers were read, against a truth by hand.

A truth is JSON: ``{"fields": [{"label", "type", "labels"?, "types"?, "optional"?, "columns"?}]}``. ``labels`` and ``types`` are
other answers as good as the first; an ``optional`` field may be found or not (a detail in brackets, a printed unit).
Labels are compared without spaces, signs and numbering: equal, one inside the other, or alike by 0.6 (difflib); the
group's name may stand in front. Every field is matched once, best pairs first.

* found: fields of the truth that were matched, of all that are not optional;
* right: matched with the right type as well (for a table: and at least two thirds of its columns by label);
* invented: what was read and matches nothing, of all that was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from kakehashi.eforms.domain.papers.found import Question
from kakehashi.eforms.domain.papers.words import plain

__all__ = ["Score", "score_form", "total"]

ALIKE = 0.6


@dataclass
class Score:
    """The result of one form, or of several together."""

    wanted: int = 0
    found: int = 0
    right: int = 0
    read: int = 0
    invented: int = 0
    missed_labels: list[str] = field(default_factory=list)
    wrong_types: list[str] = field(default_factory=list)
    invented_labels: list[str] = field(default_factory=list)

    def percent(self, part: int, of: int) -> float:
        """A percentage with one place; 100 of nothing."""
        return round(100 * part / of, 1) if of else 100.0

    @property
    def line(self) -> str:
        """The three numbers."""
        return (
            f"found {self.percent(self.found, self.wanted)}%  right {self.percent(self.right, self.wanted)}%  "
            f"invented {self.percent(self.invented, self.read)}%  ({self.wanted} wanted, {self.read} read)"
        )


def total(scores: Sequence[Score]) -> Score:
    """All forms together."""
    whole = Score()
    for one in scores:
        whole.wanted += one.wanted
        whole.found += one.found
        whole.right += one.right
        whole.read += one.read
        whole.invented += one.invented
    return whole


def score_form(questions: Sequence[Question], truth: Mapping[str, Any]) -> Score:
    """Compare what was read with a truth."""
    fields = list(truth["fields"])
    pairs = sorted(
        (
            (-_likeness(question, one), abs(place / max(len(questions), 1) - at / max(len(fields), 1)), place, at)
            for place, question in enumerate(questions)
            for at, one in enumerate(fields)
            if _likeness(question, one) >= ALIKE
        ),
    )
    taken: dict[int, int] = {}
    matched: dict[int, int] = {}
    for _, _, place, at in pairs:
        if place not in taken and at not in matched:
            taken[place], matched[at] = at, place
    score = Score(wanted=sum(not one.get("optional") for one in fields), read=len(questions))
    for at, one in enumerate(fields):
        _count(score, one, questions[matched[at]] if at in matched else None)
    score.invented_labels = [one.label for place, one in enumerate(questions) if place not in taken]
    score.invented = len(score.invented_labels)
    return score


def _count(score: Score, one: Mapping[str, Any], question: Question | None) -> None:
    optional = bool(one.get("optional"))
    if question is None:
        if not optional:
            score.missed_labels.append(one["label"])
        return
    if optional:
        return
    score.found += 1
    types = {one["type"], *one.get("types", ())}
    if question.type in types and (question.type != "table" or _columns_fit(question, one)):
        score.right += 1
    else:
        score.wrong_types.append(f"{one['label']}: {'/'.join(sorted(types))} ≠ {question.type}")


def _columns_fit(question: Question, one: Mapping[str, Any]) -> bool:
    wanted = one.get("columns", [])
    hits = sum(any(_same(column["label"], other.label) >= ALIKE for other in question.columns) for column in wanted)
    return not wanted or hits * 3 >= len(wanted) * 2


def _likeness(question: Question, one: Mapping[str, Any]) -> float:
    labels = [one["label"], *one.get("labels", ())]
    own = (question.label, f"{question.group}{question.label}", f"{question.group}の{question.label}")
    best = max(_same(label, said) for label in labels for said in own)
    if question.type in {one["type"], *one.get("types", ())}:
        best += 0.05 if best >= ALIKE else 0.0
    return best


def _same(wanted: str, said: str) -> float:
    left, right = _bare(wanted), _bare(said)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    ratio = SequenceMatcher(None, left, right).ratio()
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 2 and shorter in longer:
        return max(ratio, 0.75 + 0.2 * len(shorter) / len(longer))
    return ratio if ratio >= ALIKE else 0.0


def _bare(text: str) -> str:
    said = re.sub(r"^[(（]?[0-9①-⑳]{1,2}[)）.．、]?|[(（][0-9]{1,2}[)）]$", "", plain(text))
    return re.sub(r"[()（）「」『』【】・、。,.:：/の]", "", said)
