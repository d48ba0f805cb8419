"""The stamp sheet (決裁欄): steps of a route drawn as boxes with 代, 後閲 and 斜線."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.approvals.domain.routes import Basis
from kakehashi.approvals.domain.states import StepKind, StepState

GRANTED = frozenset(
    {Basis.STATUTORY_DEPUTY, Basis.ACTING_APPOINTMENT, Basis.AUTHORITY_TRANSFER, Basis.ASSISTED_EXECUTION}
)

MARKS: dict[StepState, str] = {
    StepState.ON_PAPER: "紙",
    StepState.PROVISIONALLY_DECIDED: "仮",
    StepState.ACTED_FOR: "代",
    StepState.POST_REVIEW_PENDING: "後閲待ち",
    StepState.POST_REVIEWED: "後閲",
    StepState.NOT_REQUIRED: "斜線",
    StepState.AGREED_WITH_OPINION: "意見あり",
    StepState.DISSENTED: "不同意",
    StepState.RETURNED_HERE: "差戻し",
}

STAMPED = frozenset(
    {
        StepState.ENDORSED,
        StepState.AGREED,
        StepState.AGREED_WITH_OPINION,
        StepState.DISSENTED,
        StepState.PROVISIONALLY_DECIDED,
        StepState.DECIDED,
        StepState.ACTED_FOR,
        StepState.ON_PAPER,
        StepState.POST_REVIEWED,
    }
)


@dataclass(frozen=True, kw_only=True)
class StampFact:
    """What the sheet needs to know of one step. Names and posts are those at the time of the act."""

    kind: StepKind
    state: StepState
    post_label: str
    person_name: str = ""
    acted_at: dt.datetime | None = None
    seen_at: dt.datetime | None = None
    post_reviewed_at: dt.datetime | None = None
    basis: str = ""
    rejected: bool = False


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """One box: post, name, time, mark, and what a reader who sees no line must hear."""

    post_label: str
    kind_label: str
    name: str
    acted_at: dt.datetime | None
    mark: str
    is_struck: bool
    is_active: bool
    is_stamped: bool
    description: str

    @property
    def family_name(self) -> str:
        """What a seal shows: the name before the first space."""
        return (self.name.replace("\u3000", " ").split(" ") or [""])[0]


def stamp_sheet(facts: Sequence[StampFact]) -> tuple[Stamp, ...]:
    """Boxes left to right, in the order of the route."""
    return tuple(_stamp(fact) for fact in facts)


def _stamp(fact: StampFact) -> Stamp:
    mark = MARKS.get(fact.state, "")
    if fact.state is StepState.ACTED_FOR and fact.post_reviewed_at is not None:
        mark = "代・後閲"
    if fact.state is StepState.RETURNED_HERE and fact.rejected:
        mark = "否決"
    if fact.basis and Basis(fact.basis) in GRANTED:
        mark = "・".join(filter(None, (Basis(fact.basis).label, mark)))
    return Stamp(
        post_label=fact.post_label,
        kind_label=fact.kind.label,
        name=fact.person_name,
        acted_at=fact.acted_at,
        mark=mark,
        is_struck=fact.state is StepState.NOT_REQUIRED,
        is_active=fact.state is StepState.ACTIVE,
        is_stamped=fact.state in STAMPED,
        description=_description(fact),
    )


def _description(fact: StampFact) -> str:
    if fact.state is StepState.NOT_REQUIRED:
        return f"{fact.post_label}の決裁は不要です"
    done = "否決" if fact.rejected and fact.state is StepState.RETURNED_HERE else fact.state.label
    name = f" {fact.person_name}" if fact.person_name else ""
    return f"{fact.post_label}{name}：{done}"
