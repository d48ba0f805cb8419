"""The state machine: every row of the table, and the guards that are invariants."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.approvals.domain.states import TERMINAL, ProposalState, StepState
from kakehashi.approvals.domain.transitions import (
    TRANSITIONS,
    Act,
    Refused,
    Situation,
    Standing,
    advance,
    is_possible,
)

READY = Situation(
    state=ProposalState.IN_CIRCULATION,
    standings=frozenset(Standing),
    digest_shown="d",
    digest_now="d",
    reason="理由",
    route_length=2,
    authority_clause="別表第1第3項",
    holder_absent=True,
    lower_actor_absent=True,
)


def refused(act: Act, now: Situation) -> str:
    with pytest.raises(Refused) as info:
        advance(act, now)
    return info.value.code


def test_the_straight_road() -> None:
    now = dataclasses.replace(READY, state=ProposalState.DRAFT)
    seen = []
    for act in (Act.SUBMIT, Act.ENDORSE, Act.DECIDE, Act.ISSUE, Act.COMPLETE, Act.FILE):
        now = dataclasses.replace(now, state=advance(act, now))
        seen.append(now.state.value)
    assert seen == ["in_circulation", "in_circulation", "decided", "issued", "completed", "filed"]


@pytest.mark.parametrize("act", [Act.ENDORSE, Act.CONSENT, Act.DECIDE, Act.ACT_FOR, Act.ISSUE])
def test_2_no_act_on_a_stale_digest(act: Act) -> None:
    state = ProposalState.DECIDED if act is Act.ISSUE else ProposalState.IN_CIRCULATION
    assert refused(act, dataclasses.replace(READY, state=state, digest_shown="old")) == "stale"


def test_5_no_acting_decision_without_an_absence() -> None:
    assert refused(Act.ACT_FOR, dataclasses.replace(READY, holder_absent=False)) == "absence"


def test_6_restricted_matter_needs_the_exception_in_words() -> None:
    barred = dataclasses.replace(READY, deputy_barred=True, reason="")
    assert refused(Act.ACT_FOR, barred) == "restricted"
    assert advance(Act.ACT_FOR, dataclasses.replace(barred, reason="町長の特命")) == "decided"
    assert refused(Act.ACT_FOR, dataclasses.replace(READY, open_dissent=True, reason="")) == ("restricted")


def test_8_post_review_never_changes_the_state() -> None:
    for state in (ProposalState.DECIDED, ProposalState.ISSUED, ProposalState.FILED):
        assert advance(Act.POST_REVIEW, dataclasses.replace(READY, state=state)) == state


@pytest.mark.parametrize("act", [Act.RETURN, Act.RECALL, Act.REJECT])
def test_10_return_requires_a_reason(act: Act) -> None:
    assert refused(act, dataclasses.replace(READY, reason="")) == "reason"


def test_13_not_required_is_distinguishable_from_waiting() -> None:
    assert StepState.NOT_REQUIRED.label != StepState.WAITING.label


def test_the_drafter_neither_decides_nor_acts_for_the_decider() -> None:
    mine = dataclasses.replace(READY, is_drafter=True)
    assert refused(Act.DECIDE, mine) == "self"
    assert refused(Act.ACT_FOR, mine) == "self"
    assert advance(Act.DECIDE, dataclasses.replace(mine, self_decision_allowed=True)) == "decided"


def test_open_steps_and_dissent_stop_the_decision() -> None:
    assert refused(Act.DECIDE, dataclasses.replace(READY, open_mandatory_steps=1)) == "open_steps"
    strict = dataclasses.replace(READY, open_dissent=True, may_proceed_with_opinion=False)
    assert refused(Act.DECIDE, strict) == "dissent"
    assert refused(Act.DECIDE, dataclasses.replace(READY, authority_clause="")) == "clause"


def test_recall_only_before_the_next_person_acts() -> None:
    assert refused(Act.RECALL, dataclasses.replace(READY, next_actor_has_acted=True)) == "acted"
    assert advance(Act.RECALL, READY) == ProposalState.DRAFT


def test_undo_only_before_anything_left_and_never_after_issue() -> None:
    decided = dataclasses.replace(READY, state=ProposalState.DECIDED)
    assert advance(Act.UNDO_DECISION, decided) == ProposalState.IN_CIRCULATION
    assert refused(Act.UNDO_DECISION, dataclasses.replace(decided, anything_left=True)) == "left"
    issued = dataclasses.replace(READY, state=ProposalState.ISSUED)
    assert refused(Act.UNDO_DECISION, issued) == "state"


def test_submission_names_what_is_missing() -> None:
    draft = dataclasses.replace(READY, state=ProposalState.DRAFT)
    assert refused(Act.SUBMIT, dataclasses.replace(draft, missing=("件名",))) == "missing"
    assert refused(Act.SUBMIT, dataclasses.replace(draft, route_length=0)) == "route"


@given(st.sampled_from(Act), st.sampled_from(ProposalState), st.sets(st.sampled_from(Standing)))
def test_only_the_table_moves_a_proposal(act: Act, state: ProposalState, standings: set[Standing]) -> None:
    now = dataclasses.replace(READY, state=state, standings=frozenset(standings))
    row = TRANSITIONS[act]
    if is_possible(act, now):
        assert state in row.sources
        assert row.who & standings
        assert advance(act, now) == (row.target or state)


def test_nothing_leaves_a_terminal_state() -> None:
    for act, row in TRANSITIONS.items():
        if row.sources & TERMINAL:
            # 後閲 and 供覧 look at what is over; they move nothing.
            assert act in {Act.POST_REVIEW, Act.READ}, act
            assert row.target is None
