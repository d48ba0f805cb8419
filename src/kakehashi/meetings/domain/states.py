"""The states of a meeting and the words of its agenda."""

from __future__ import annotations

from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands. Materials are frozen from DISTRIBUTED on."""

    PREPARING = "preparing"
    DISTRIBUTED = "distributed"
    OPEN = "open"
    CLOSED = "closed"
    MINUTED = "minuted"
    CANCELLED = "cancelled"


STATE_WORDS: dict[str, str] = {
    MeetingState.PREPARING: "準備中",
    MeetingState.DISTRIBUTED: "資料配布",
    MeetingState.OPEN: "開会中",
    MeetingState.CLOSED: "閉会",
    MeetingState.MINUTED: "会議録",
    MeetingState.CANCELLED: "中止",
}
TONES: dict[str, str] = {
    MeetingState.PREPARING: "new",
    MeetingState.DISTRIBUTED: "waiting",
    MeetingState.OPEN: "working",
    MeetingState.CLOSED: "deciding",
    MeetingState.MINUTED: "done",
    MeetingState.CANCELLED: "none",
}
BEFORE = frozenset({MeetingState.PREPARING, MeetingState.DISTRIBUTED})
"""Not opened yet: agenda and place may still change."""
GIVEN_OUT = frozenset({MeetingState.DISTRIBUTED, MeetingState.OPEN, MeetingState.CLOSED, MeetingState.MINUTED})
"""The materials are out: what changes from now on changes visibly."""
AFTER = frozenset({MeetingState.CLOSED, MeetingState.MINUTED})

NEXT: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PREPARING: frozenset({MeetingState.DISTRIBUTED, MeetingState.CANCELLED}),
    MeetingState.DISTRIBUTED: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset({MeetingState.MINUTED}),
    MeetingState.MINUTED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}


def may_become(now: str, then: MeetingState) -> bool:
    """Whether a meeting in one state may go to another."""
    return then in NEXT[MeetingState(now)]


class ItemKind(StrEnum):
    """What an item asks of the meeting."""

    DISCUSS = "discuss"
    REPORT = "report"
    DECIDE = "decide"


KIND_WORDS: dict[str, str] = {ItemKind.DECIDE: "決定", ItemKind.DISCUSS: "協議", ItemKind.REPORT: "報告"}


class Outcome(StrEnum):
    """What the meeting made of an item."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    CONTINUED = "continued"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"


OUTCOME_WORDS: dict[str, str] = {
    Outcome.DECIDED: "決定",
    Outcome.ACCEPTED: "了承",
    Outcome.CONTINUED: "継続",
    Outcome.SENT_BACK: "差戻し",
    Outcome.REJECTED: "否決",
}
OUTCOME_TONES: dict[str, str] = {
    Outcome.DECIDED: "success",
    Outcome.ACCEPTED: "success",
    Outcome.CONTINUED: "waiting",
    Outcome.SENT_BACK: "waiting",
    Outcome.REJECTED: "error",
}


class Presence(StrEnum):
    """How a member takes part."""

    EXPECTED = "expected"
    PRESENT = "present"
    ONLINE = "online"
    PROXY = "proxy"
    ABSENT = "absent"


PRESENCE_WORDS: dict[str, str] = {
    Presence.EXPECTED: "未確認",
    Presence.PRESENT: "出席",
    Presence.ONLINE: "オンライン",
    Presence.PROXY: "代理出席",
    Presence.ABSENT: "欠席",
}


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


ACTION_WORDS: dict[str, str] = {ActionState.OPEN: "対応中", ActionState.DONE: "完了", ActionState.DROPPED: "取りやめ"}
