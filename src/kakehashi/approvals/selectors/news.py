"""What happened to a proposal while somebody looked at an older screen of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from kakehashi.approvals.models import Proposal
from kakehashi.journal.selectors import events_for

SENTENCES = {
    "submitted": "回議に出しました",
    "recalled": "引き戻しました",
    "taken_back": "自分の承認・同意を引き戻しました",
    "returned": "差し戻しました",
    "endorsed": "承認しました",
    "consented": "同意・回答しました",
    "dissented": "不同意としました",
    "pulled_up": "引き上げました",
    "provisionally_decided": "仮決裁しました",
    "decided": "決裁しました",
    "decided_on_paper": "紙の決裁を登録しました",
    "acted_for": "代決しました",
    "decision_undone": "決裁を元に戻しました",
    "post_reviewed": "後閲しました",
    "rejected": "否決しました",
    "withdrawn": "取り下げました",
    "issued": "施行しました",
    "issue_skipped": "施行不要として完結しました",
    "read": "供覧を済ませました",
}
_SHOWN = 3


@dataclass(frozen=True)
class LateNews:
    """One act: whose, when, and the predicate of the sentence."""

    who: str
    at: dt.datetime
    what: str


def acts_since(proposal: Proposal, shown_at: dt.datetime | None, reader_id: UUID | None) -> list[LateNews]:
    """The last acts since the screen was drawn, oldest first; the reader's own are called 「あなた」. Unknown time: the last act."""
    events = [event for event in events_for(proposal.id) if _verb(event.code) in SENTENCES]
    fresh = events[-1:] if shown_at is None else [event for event in events if event.occurred_at > shown_at]
    return [
        LateNews(
            "あなた" if reader_id is not None and event.actor_id == reader_id else event.actor_label,
            event.occurred_at,
            SENTENCES[_verb(event.code)],
        )
        for event in fresh[-_SHOWN:]
    ]


def _verb(code: str) -> str:
    return code.rpartition(".")[2]
