"""Who should support a consultation, and why: skill × past × load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kakehashi.desk.domain.themes import LEVELS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible supporter with what is known of them now. `skill` is 0 (nothing known) to 3 (could teach it)."""

    person_id: UUID
    name: str
    open_consultations: int
    solved_similar: int
    is_absent: bool = False
    is_of_same_department: bool = False
    skill: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate with the reasons that speak for or against, best first in a list of them."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...]


def score_of(candidate: Candidate) -> float:
    """(1 + skill) × (1 + past / 2, at most 5 counted) ÷ (1 + load); whoever is away stands behind everybody else."""
    score = (1 + candidate.skill) * (1 + min(candidate.solved_similar, 5) / 2) / (1 + candidate.open_consultations)
    return score - 100 if candidate.is_absent else score


def carries_too_much(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return who holds more than half of all open consultations, once there are four or more and others could help."""
    total = sum(candidate.open_consultations for candidate in candidates)
    if total < 4 or len(candidates) < 2:
        return None
    return next((candidate for candidate in candidates if candidate.open_consultations * 2 > total), None)


def suggest_supporters(candidates: Sequence[Candidate], theme_label: str = "") -> list[Suggestion]:
    """Return candidates, best first, each with the reasons; absence excludes nobody.

    Where one person holds more than half of all open consultations, the reasons say so: a desk that hangs on one person
    falls with them.
    """
    heavy = carries_too_much(candidates)
    suggestions = []
    for candidate in candidates:
        reasons = []
        if candidate.skill:
            reasons.append(f"{theme_label or 'この分野'}は「{LEVELS[candidate.skill]}」")
        if candidate.solved_similar:
            reasons.append(f"似た相談を{candidate.solved_similar}件解決")
        reasons.append(
            f"いま{candidate.open_consultations}件を担当" if candidate.open_consultations else "いま担当なし"
        )
        if heavy is candidate:
            reasons.append("担当がこの人に集中しています")
        if candidate.is_absent:
            reasons.append("不在")
        if candidate.is_of_same_department:
            reasons.append("相談した課の職員")
        suggestions.append(Suggestion(candidate, score_of(candidate), tuple(reasons)))
    return sorted(suggestions, key=lambda s: (-s.score, s.candidate.name))
