"""申請の状態: the states of an application and the steps between them, as data.

The state is the room's own, richer than the five phases of a case. A step that is not in the table
does not exist: a replayed or reordered request meets `StepNotAllowed`, never a half-made change.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from kakehashi.procedures.domain.kinds import ROADS, Kind

__all__ = ["FACES", "Act", "Face", "State", "StepNotAllowed", "allowed_acts", "next_state"]


class State(enum.StrEnum):
    """Where an application stands; the value is stored."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    CORRECTING = "correcting"
    DECIDING = "deciding"
    DECIDED = "decided"
    DELIVERING = "delivering"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Act(enum.StrEnum):
    """What moves an application; each is a service verb or a callback of approvals."""

    ACCEPT = "accept"
    CONFIRM_ARRIVAL = "confirm_arrival"
    REQUEST_CORRECTION = "request_correction"
    ANSWER_CORRECTION = "answer_correction"
    PROPOSE = "propose"
    PROPOSAL_RETURNED = "proposal_returned"
    DECIDE = "decide"
    DECISION_UNDONE = "decision_undone"
    ISSUE = "issue"
    ISSUE_TO_SEND = "issue_to_send"
    DELIVER = "deliver"
    COME_BACK = "come_back"
    RECORD_OUTSIDE = "record_outside"
    RECORD_OUTSIDE_TO_SEND = "record_outside_to_send"
    WITHDRAW = "withdraw"


class StepNotAllowed(ValueError):
    """The act does not lead anywhere from this state for this kind of procedure."""


@dataclass(frozen=True, slots=True)
class Face:
    """How a state is shown: the staff's word, the case's phase, and on whom it waits."""

    label: str
    phase: str
    waiting_on: str


FACES: dict[State, Face] = {
    State.SUBMITTED: Face("到達", "new", "担当"),
    State.ACCEPTED: Face("受付・審査中", "working", "担当"),
    State.CORRECTING: Face("補正待ち", "waiting", "申請者"),
    State.DECIDING: Face("起案・決裁中", "deciding", "決裁"),
    State.DECIDED: Face("決裁済・施行待ち", "deciding", "担当"),
    State.DELIVERING: Face("施行済・交付待ち", "working", "担当（発送・受渡し）"),
    State.COMPLETED: Face("完了", "done", ""),
    State.WITHDRAWN: Face("取下げ", "done", ""),
}

_OPEN = (State.SUBMITTED, State.ACCEPTED, State.CORRECTING)

_STEPS: dict[tuple[State, Act], State] = {
    (State.SUBMITTED, Act.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Act.REQUEST_CORRECTION): State.CORRECTING,
    (State.ACCEPTED, Act.REQUEST_CORRECTION): State.CORRECTING,
    (State.CORRECTING, Act.ANSWER_CORRECTION): State.ACCEPTED,
    (State.SUBMITTED, Act.CONFIRM_ARRIVAL): State.COMPLETED,
    (State.ACCEPTED, Act.CONFIRM_ARRIVAL): State.COMPLETED,
    (State.ACCEPTED, Act.PROPOSE): State.DECIDING,
    (State.DECIDING, Act.PROPOSAL_RETURNED): State.ACCEPTED,
    (State.DECIDING, Act.DECIDE): State.DECIDED,
    (State.DECIDED, Act.DECISION_UNDONE): State.DECIDING,
    (State.DECIDED, Act.ISSUE): State.COMPLETED,
    (State.DECIDED, Act.ISSUE_TO_SEND): State.DELIVERING,
    (State.DELIVERING, Act.DELIVER): State.COMPLETED,
    (State.COMPLETED, Act.COME_BACK): State.DELIVERING,
    (State.ACCEPTED, Act.RECORD_OUTSIDE): State.COMPLETED,
    (State.DECIDING, Act.RECORD_OUTSIDE): State.COMPLETED,
    (State.ACCEPTED, Act.RECORD_OUTSIDE_TO_SEND): State.DELIVERING,
    (State.DECIDING, Act.RECORD_OUTSIDE_TO_SEND): State.DELIVERING,
    **{(state, Act.WITHDRAW): State.WITHDRAWN for state in _OPEN},
}

# A 届出 has no result, so nothing is decided about it and nothing is delivered.
_NOT_FOR_ARRIVALS = frozenset({
    Act.PROPOSE, Act.DECIDE, Act.ISSUE, Act.ISSUE_TO_SEND, Act.DELIVER, Act.COME_BACK, Act.RECORD_OUTSIDE,
    Act.RECORD_OUTSIDE_TO_SEND,
})  # fmt: skip


def next_state(kind: Kind, state: State, act: Act) -> State:
    """Return the state after `act`, or raise `StepNotAllowed`.

    A 届出 is never decided, the other kinds never complete on arrival alone.
    """
    completes = ROADS[kind].arrival_completes
    if act is Act.CONFIRM_ARRIVAL and not completes:
        raise StepNotAllowed(f"{kind}:{act}")
    if act in _NOT_FOR_ARRIVALS and completes:
        raise StepNotAllowed(f"{kind}:{act}")
    try:
        return _STEPS[state, act]
    except KeyError:
        raise StepNotAllowed(f"{state}:{act}") from None


def allowed_acts(kind: Kind, state: State) -> tuple[Act, ...]:
    """List the acts that lead somewhere from here, in the order of the enum."""
    acts = []
    for act in Act:
        try:
            next_state(kind, state, act)
        except StepNotAllowed:
            continue
        acts.append(act)
    return tuple(acts)
