"""前回との違い: what changed between two versions of the answers of one application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DescribedAnswers", "Line", "compare_answers", "count_changes"]

DescribedAnswers = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Steps with their labelled answers as text, the shape of `eforms.selectors.describe_answers`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer; `before` is None when nothing changed, "" when it is new."""

    label: str
    text: str
    before: str | None

    @property
    def is_changed(self) -> bool:
        """Whether this answer differs from the version before."""
        return self.before is not None


def compare_answers(after: DescribedAnswers, before: DescribedAnswers | None) -> list[tuple[str, list[Line]]]:
    """Set the newer answers beside the older ones, step by step; dropped answers stay visible."""
    if before is None:
        return [(title, [Line(label, text, None) for label, text in rows]) for title, rows in after]
    older = {title: dict(rows) for title, rows in before}
    compared = []
    for title, rows in after:
        past = older.get(title, {})
        lines = [
            Line(label, text, past.get(label, "") if past.get(label, "") != text else None) for label, text in rows
        ]
        present = {label for label, _ in rows}
        lines += [Line(label, "", text) for label, text in past.items() if text and label not in present]
        compared.append((title, lines))
    return compared


def count_changes(compared: Sequence[tuple[str, Sequence[Line]]]) -> int:
    """How many answers changed."""
    return sum(line.is_changed for _, lines in compared for line in lines)
