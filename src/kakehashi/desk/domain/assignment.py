"""Who should support a consultation, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible supporter with what is known of them now."""

    person_id: UUID
    name: str
    open_consultations: int
    solved_similar: int
    is_absent: bool = False
    is_of_same_department: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate with the reasons that speak for or against, best first in a list of them."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...]


def suggest_supporters(candidates: Sequence[Candidate]) -> list[Suggestion]:
    """Return candidates, best first: experience with similar cases counts, load counts against, absence excludes nobody.

    Where one person holds more than half of all open consultations, the reasons say so: a desk that hangs on one person
    falls with them.
    """
    total = sum(candidate.open_consultations for candidate in candidates)
    suggestions = []
    for candidate in candidates:
        reasons = []
        if candidate.solved_similar:
            reasons.append(f"似た相談を{candidate.solved_similar}件解決")
        reasons.append(
            f"いま{candidate.open_consultations}件を担当" if candidate.open_consultations else "いま担当なし"
        )
        if len(candidates) > 1 and total >= 4 and candidate.open_consultations * 2 > total:
            reasons.append("担当がこの人に集中しています")
        if candidate.is_absent:
            reasons.append("不在")
        if candidate.is_of_same_department:
            reasons.append("相談した課の職員")
        score = 2.0 * min(candidate.solved_similar, 5) - candidate.open_consultations - 10 * candidate.is_absent
        suggestions.append(Suggestion(candidate, score, tuple(reasons)))
    return sorted(suggestions, key=lambda s: (-s.score, s.candidate.name))
