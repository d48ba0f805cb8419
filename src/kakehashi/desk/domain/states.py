"""The road of a consultation: which step may follow which, and what each is called.

The states of cause analysis and effect check are part of the model of the field; they are optional stops on this road.
"""

from __future__ import annotations

from enum import StrEnum


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    TRIAGED = "triaged"
    PURPOSE_CONFIRMED = "purpose_confirmed"
    CAUSE_ANALYSED = "cause_analysed"
    ASSIGNED = "assigned"
    IN_CYCLE = "in_cycle"
    WAITING_MANAGER = "waiting_manager"
    WAITING_RULE = "waiting_rule"
    WAITING_VENDOR = "waiting_vendor"
    RESOLVED = "resolved"
    DISCONTINUED_TASK = "discontinued_task"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SHARED = "shared"


S = ConsultationState

LABELS: dict[ConsultationState, str] = {
    S.DRAFT: "下書き",
    S.RECEIVED: "受付",
    S.TRIAGED: "切り分け済み",
    S.PURPOSE_CONFIRMED: "目的確認済み",
    S.CAUSE_ANALYSED: "原因整理済み",
    S.ASSIGNED: "支援担当決定",
    S.IN_CYCLE: "実施中",
    S.WAITING_MANAGER: "所属長判断待ち",
    S.WAITING_RULE: "規程調整待ち",
    S.WAITING_VENDOR: "業者回答待ち",
    S.RESOLVED: "解決",
    S.DISCONTINUED_TASK: "業務廃止で解決",
    S.DECLINED: "対応しない",
    S.WITHDRAWN: "取下げ",
    S.MERGED: "統合済み",
    S.SHARED: "事例公開",
}

# Whom a waiting consultation waits for, in the words of the inbox.
WAITING_ON: dict[ConsultationState, str] = {
    S.WAITING_MANAGER: "所属長",
    S.WAITING_RULE: "規程の所管課",
    S.WAITING_VENDOR: "業者",
}

_WORKING = frozenset({S.ASSIGNED, S.IN_CYCLE, S.WAITING_MANAGER, S.WAITING_RULE, S.WAITING_VENDOR})
_OPEN = frozenset({S.RECEIVED, S.TRIAGED, S.PURPOSE_CONFIRMED, S.CAUSE_ANALYSED}) | _WORKING
SOLVED = frozenset({S.RESOLVED, S.DISCONTINUED_TASK, S.SHARED})
CLOSED = SOLVED | {S.DECLINED, S.WITHDRAWN, S.MERGED}

TRANSITIONS: dict[ConsultationState, frozenset[ConsultationState]] = {
    S.DRAFT: frozenset({S.RECEIVED, S.WITHDRAWN}),
    S.RECEIVED: frozenset({S.TRIAGED, S.PURPOSE_CONFIRMED, S.DECLINED, S.WITHDRAWN}),
    S.TRIAGED: frozenset({S.PURPOSE_CONFIRMED, S.DECLINED, S.WITHDRAWN}),
    S.PURPOSE_CONFIRMED: frozenset({S.CAUSE_ANALYSED, S.ASSIGNED, S.DECLINED, S.WITHDRAWN}),
    S.CAUSE_ANALYSED: frozenset({S.ASSIGNED, S.DECLINED, S.WITHDRAWN}),
    S.ASSIGNED: (_WORKING - {S.ASSIGNED}) | {S.RESOLVED, S.DISCONTINUED_TASK, S.WITHDRAWN, S.ASSIGNED},
    S.IN_CYCLE: _WORKING | {S.RESOLVED, S.DISCONTINUED_TASK, S.WITHDRAWN},
    S.WAITING_MANAGER: _WORKING | {S.RESOLVED, S.DISCONTINUED_TASK, S.WITHDRAWN},
    S.WAITING_RULE: _WORKING | {S.RESOLVED, S.DISCONTINUED_TASK, S.WITHDRAWN},
    S.WAITING_VENDOR: _WORKING | {S.RESOLVED, S.DISCONTINUED_TASK, S.WITHDRAWN},
    S.RESOLVED: frozenset({S.SHARED}),
    S.DISCONTINUED_TASK: frozenset({S.SHARED}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.MERGED: frozenset(),
    S.SHARED: frozenset(),
}


def may_move(source: ConsultationState, target: ConsultationState) -> bool:
    """Say whether a consultation may go from one state to another. Whatever is open may go on in another one."""
    return target in TRANSITIONS[source] or (target is S.MERGED and source in _OPEN)


def is_open(state: ConsultationState) -> bool:
    """Say whether somebody still has to do something."""
    return state in _OPEN


def case_phase(state: ConsultationState) -> str:
    """Return the phase of the inbox, one of new, working, waiting, done, that a state belongs to."""
    if state in CLOSED:
        return "done"
    if state in WAITING_ON:
        return "waiting"
    return "new" if state in {S.DRAFT, S.RECEIVED} else "working"


def state_label(state: ConsultationState, cycle: int = 0) -> str:
    """Return the word for a state; a running cycle shows its number (実施中 2回目)."""
    label = LABELS[state]
    return f"{label}（{cycle}回目）" if state is S.IN_CYCLE and cycle else label
