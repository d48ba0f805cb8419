"""手間: how much work it is to put a procedure online, from what the survey says of it.

A rough ordering for 「次の10件」, never a promise: each reason is named so that a person can disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.procedures.domain.kinds import ROADS, Kind

__all__ = ["MAXIMUM", "NO_FEE", "Effort", "Obstacles", "estimate_effort"]

MAXIMUM = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """1 (light) to 5 (heavy) with the reasons in Japanese."""

    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What the town wrote itself of what makes a procedure hard; empty and False where it wrote nothing."""

    fee: str = ""
    attachments: bool = False
    identity: str = ""
    seal: bool = False
    visit: bool = False


_NOTHING = Obstacles()
NO_FEE = ("無料", "なし", "無し", "無", "不要", "0円", "0")
"""How an inventory says that nothing is to be paid."""
_NO_IDENTITY = ("不要", "なし", "無し", "無", "求めない")


def estimate_effort(kind: Kind, survey: Mapping[str, str], own: Obstacles = _NOTHING) -> Effort:
    """Estimate from the kind, what the town wrote, and the survey's cells where it wrote nothing."""
    reasons = []
    if not ROADS[kind].arrival_completes:
        reasons.append("審査がある")
    if own.fee not in NO_FEE if own.fee else survey.get("手数料等の納付有無", "").startswith("2"):
        reasons.append("手数料がある")
    if own.identity not in _NO_IDENTITY if own.identity else _asks_identity(survey):
        reasons.append("本人確認が要る")
    if own.attachments or survey.get("申請時に添付させる書類", "") not in ("", "添付書類なし"):
        reasons.append("添付書類がある")
    if own.seal:
        reasons.append("押印が要る")
    if own.visit:
        reasons.append("対面が要る")
    return Effort(min(1 + len(reasons), MAXIMUM), tuple(reasons))


def _asks_identity(survey: Mapping[str, str]) -> bool:
    return survey.get("申請等における本人確認手法", "")[:1] in ("2", "3", "4")
