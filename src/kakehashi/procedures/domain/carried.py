"""分かれた側どうしの状態: what the applicant's side shows when the staff side's word and the applicant's own acts meet.

The staff side decides; but what it said before it knew of the applicant's last act must not undo that act. The result depends on
facts only, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kakehashi.procedures.domain.states import State

__all__ = ["Local", "Told", "standing_of"]


@dataclass(frozen=True, slots=True)
class Told:
    """What the staff side last said: its state, the 補正 it still waits for, and whether it knows of a withdrawal."""

    state: State
    open_corrections: Collection[UUID]
    knows_withdrawal: bool


@dataclass(frozen=True, slots=True)
class Local:
    """What the applicant did here: 補正 answered, and whether they took the application back."""

    answered: Collection[UUID]
    has_withdrawn: bool


def standing_of(told: Told, local: Local) -> State:
    """The state the applicant sees."""
    if local.has_withdrawn and not told.knows_withdrawal and told.state not in (State.DELIVERING, State.COMPLETED):
        return State.WITHDRAWN
    answered = bool(told.open_corrections) and set(told.open_corrections) <= set(local.answered)
    if told.state is State.CORRECTING and answered:
        return State.ACCEPTED
    return told.state
