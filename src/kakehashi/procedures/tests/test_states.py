"""申請の状態: steps out of order do not exist."""

import pytest

from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.states import (
    FACES,
    Act,
    State,
    StepNotAllowed,
    allowed_acts,
    next_state,
)


def walk(kind: Kind, *acts: Act) -> State:
    state = State.SUBMITTED
    for act in acts:
        state = next_state(kind, state, act)
    return state


def test_a_disposition_walks_to_the_end() -> None:
    acts = (Act.REQUEST_CORRECTION, Act.ANSWER_CORRECTION, Act.PROPOSE, Act.DECIDE, Act.ISSUE)
    assert walk(Kind.DISPOSITION, *acts) is State.COMPLETED


def test_a_notification_completes_on_arrival() -> None:
    assert walk(Kind.NOTIFICATION, Act.CONFIRM_ARRIVAL) is State.COMPLETED


@pytest.mark.parametrize("act", [Act.PROPOSE, Act.DECIDE, Act.ISSUE, Act.RECORD_OUTSIDE])
def test_a_notification_is_never_decided(act: Act) -> None:
    with pytest.raises(StepNotAllowed):
        next_state(Kind.NOTIFICATION, State.ACCEPTED, act)


@pytest.mark.parametrize("kind", [Kind.DISPOSITION, Kind.REQUEST, Kind.CERTIFICATE])
def test_arrival_alone_never_completes_the_others(kind: Kind) -> None:
    with pytest.raises(StepNotAllowed):
        next_state(kind, State.ACCEPTED, Act.CONFIRM_ARRIVAL)


def test_returned_proposal_goes_back_to_the_section() -> None:
    assert walk(Kind.DISPOSITION, Act.ACCEPT, Act.PROPOSE, Act.PROPOSAL_RETURNED) is State.ACCEPTED


def test_nothing_follows_the_end_but_a_letter_that_comes_back() -> None:
    assert all(allowed_acts(kind, State.WITHDRAWN) == () for kind in Kind)
    assert all(set(allowed_acts(kind, State.COMPLETED)) <= {Act.COME_BACK} for kind in Kind)
    assert allowed_acts(Kind.NOTIFICATION, State.COMPLETED) == ()


def test_no_withdrawal_while_it_is_decided() -> None:
    assert Act.WITHDRAW not in allowed_acts(Kind.DISPOSITION, State.DECIDING)


def test_every_state_has_a_face() -> None:
    assert set(FACES) == set(State)
    assert {face.phase for face in FACES.values()} <= {"new", "working", "waiting", "deciding", "done"}
