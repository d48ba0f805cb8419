"""類推専決: a matter the rules do not name is decided after the example of one they do, with the drafter's reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.approvals.domain.packs.document import PackDocument


@dataclass(frozen=True, kw_only=True)
class Likening:
    """The matter that a proposal is likened to, and why the drafter thinks it alike. Part of what is decided."""

    matter_code: str
    name: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """As it stands in the proposal's body."""
        return {"code": self.matter_code, "name": self.name, "reason": self.reason}


def likening_in(body: Mapping[str, Any]) -> Likening | None:
    """The likening of a proposal's body; None: the matter's own rule decides."""
    kept = body.get("likened") or {}
    if not kept.get("code"):
        return None
    return Likening(matter_code=kept["code"], name=kept.get("name", ""), reason=kept.get("reason", ""))


def why_not_likened(document: PackDocument | None, matter_code: str, likening: Likening) -> str:
    """Why the rules do not let this matter be likened to that one; empty when they do."""
    if document is None or document.setting("analogy") != "認める":
        return "規程が、類推による専決を認めていません。"
    residual = re.split(r"[、,\s]+", document.setting("analogy_matters"))
    if matter_code not in residual:
        return "類推による専決ができるのは、規程に個別の定めのない事項だけです（規程パックの基本「類推専決のできる事項」）。"
    if likening.matter_code in residual or likening.matter_code not in document.matters:
        return "なぞらえる事項には、規程に定めのある事項を選んでください。"
    return "" if likening.reason.strip() else "なぞらえる理由を記入してください。"


def likened_clause(document: PackDocument, clause: str, likening: Likening) -> str:
    """The clause of the likened matter with the one that lets it be followed."""
    basis = f"{document.decision_regulation}{document.setting_clause('analogy')}"
    return f"{clause}（{basis}により「{likening.name}」の例による）"
