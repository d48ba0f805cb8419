"""States of an initiative (取組) and the words for them."""

from enum import StrEnum


class InitiativeState(StrEnum):
    """planned → running → at_risk → achieved, partly_achieved, missed or cancelled."""

    PLANNED = "planned"
    RUNNING = "running"
    AT_RISK = "at_risk"
    ACHIEVED = "achieved"
    PARTLY_ACHIEVED = "partly_achieved"
    MISSED = "missed"
    CANCELLED = "cancelled"


STATE_WORDS = {
    InitiativeState.PLANNED: "これから",
    InitiativeState.RUNNING: "実施中",
    InitiativeState.AT_RISK: "遅れのおそれ",
    InitiativeState.ACHIEVED: "達成",
    InitiativeState.PARTLY_ACHIEVED: "一部達成",
    InitiativeState.MISSED: "未達",
    InitiativeState.CANCELLED: "中止",
}

TONES = {
    InitiativeState.PLANNED: "new",
    InitiativeState.RUNNING: "working",
    InitiativeState.AT_RISK: "waiting",
    InitiativeState.ACHIEVED: "success",
    InitiativeState.PARTLY_ACHIEVED: "deciding",
    InitiativeState.MISSED: "error",
    InitiativeState.CANCELLED: "none",
}

# These states say why and what comes next; a miss without a next move helps nobody.
NEEDS_REASON = {
    InitiativeState.AT_RISK,
    InitiativeState.PARTLY_ACHIEVED,
    InitiativeState.MISSED,
    InitiativeState.CANCELLED,
}
NEEDS_NEXT_MOVE = {InitiativeState.AT_RISK, InitiativeState.PARTLY_ACHIEVED, InitiativeState.MISSED}
CLOSED = {
    InitiativeState.ACHIEVED,
    InitiativeState.PARTLY_ACHIEVED,
    InitiativeState.MISSED,
    InitiativeState.CANCELLED,
}
