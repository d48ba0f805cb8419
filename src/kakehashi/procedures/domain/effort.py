"""手間: how much work it is to put a procedure online, from what the survey says of it.

A rough ordering for 「次の10件」, never a promise: each reason is named so that a person can disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.procedures.domain.kinds import ROADS, Kind

__all__ = ["MAXIMUM", "Effort", "estimate_effort"]

MAXIMUM = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """1 (light) to 5 (heavy) with the reasons in Japanese."""

    points: int
    reasons: tuple[str, ...]


def estimate_effort(kind: Kind, survey: Mapping[str, str]) -> Effort:
    """Estimate from the kind and the survey's cells (missing cells add nothing)."""
    reasons = []
    if not ROADS[kind].arrival_completes:
        reasons.append("審査がある")
    if survey.get("手数料等の納付有無", "").startswith("2"):
        reasons.append("手数料がある")
    if survey.get("申請等における本人確認手法", "")[:1] in ("2", "3", "4"):
        reasons.append("本人確認が要る")
    attachments = survey.get("申請時に添付させる書類", "")
    if attachments and attachments != "添付書類なし":
        reasons.append("添付書類がある")
    return Effort(min(1 + len(reasons), MAXIMUM), tuple(reasons))
