"""Stages of a reported value and the words for them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from kakehashi.indicators.domain.period import Period


class ReportStage(StrEnum):
    """draft → submitted → returned (→ submitted) → approved → locked."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LOCKED = "locked"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Values with their words."""
        return [(one.value, STAGE_WORDS[one]) for one in cls]


STAGE_WORDS = {
    ReportStage.DRAFT: "下書き",
    ReportStage.SUBMITTED: "提出済み",
    ReportStage.RETURNED: "差し戻し",
    ReportStage.APPROVED: "承認済み",
    ReportStage.LOCKED: "確定（固定）",
}
STAGE_TONES = {
    ReportStage.DRAFT: "new",
    ReportStage.SUBMITTED: "deciding",
    ReportStage.RETURNED: "error",
    ReportStage.APPROVED: "success",
    ReportStage.LOCKED: "done",
}
UNDER_WAY = (ReportStage.DRAFT, ReportStage.SUBMITTED, ReportStage.RETURNED)


def due_on(period: Period, due_days: int) -> date:
    """The day by which a value of the period is to be reported."""
    return period.last + timedelta(days=due_days)
