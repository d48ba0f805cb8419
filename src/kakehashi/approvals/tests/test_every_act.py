"""Every act × state × role: the table is written here a second time, and every guard is seen to close."""

import dataclasses
from itertools import product

import pytest

from kakehashi.approvals.domain.states import ProposalState, StepState
from kakehashi.approvals.domain.transitions import TRANSITIONS, Act, Refused, Situation, Standing, advance, is_possible

AFTER = "decided issued no_issue_needed completed filed"
TABLE = {
    "submit": ("draft returned", "drafter", "in_circulation"),
    "edit": ("draft returned", "drafter", ""),
    "recall": ("in_circulation", "sender", "draft"),
    "take_back": ("in_circulation", "last_endorser", ""),
    "return": ("in_circulation", "endorser consultee provisional decider deputy", "returned"),
    "endorse": ("in_circulation", "endorser", ""),
    "consent": ("in_circulation", "consultee", ""),
    "decide_provisionally": ("in_circulation", "provisional", ""),
    "decide": ("in_circulation", "decider", "decided"),
    "act_for": ("in_circulation", "deputy", "decided"),
    "record_paper": ("in_circulation", "drafter issuer", "decided"),
    "pull_up": ("in_circulation", "superior", ""),
    "post_review": (AFTER, "post_reviewer", ""),
    "undo_decision": ("decided", "decider deputy", "in_circulation"),
    "issue": ("decided", "issuer", "issued"),
    "skip_issue": ("decided", "issuer", "no_issue_needed"),
    "circulate": ("draft returned", "drafter", "reading"),
    "read": (f"{AFTER} reading", "reader", ""),
    "complete": ("issued no_issue_needed reading", "issuer reader", "completed"),
    "file": ("completed", "issuer reader", "filed"),
    "withdraw": ("draft returned reading", "drafter", "withdrawn"),
    "reject": ("in_circulation", "decider", "rejected"),
}
OPEN = Situation(
    state=ProposalState.DRAFT,
    digest_shown="d",
    digest_now="d",
    reason="理由",
    route_length=1,
    authority_clause="第3条",
    holder_absent=True,
    lower_actor_absent=True,
    was_submitted=True,
)
ON_PAPER = dataclasses.replace(OPEN, on_paper=True, has_original=True)

CLOSED = [
    ("2 no act on a stale digest", {"digest_shown": "old"}, "stale",
     "endorse consent decide_provisionally decide act_for issue record_paper"),
    ("10 return requires reason", {"reason": ""}, "reason", "return recall take_back reject withdraw"),
    ("9 recall fails if next actor acted first", {"next_actor_has_acted": True}, "acted", "recall"),
    ("5 代決 impossible without an absence", {"holder_absent": False}, "absence", "act_for"),
    ("6 代決 of a restricted matter", {"deputy_barred": True, "reason": ""}, "restricted", "act_for"),
    ("6 合議が調わない事項", {"open_dissent": True, "reason": ""}, "restricted", "act_for"),
    ("pull up passes only the absent", {"lower_actor_absent": False}, "absence", "pull_up"),
    ("mandatory steps are done", {"open_mandatory_steps": 1}, "open_steps", "decide act_for"),
    ("a dissent stops it", {"open_dissent": True, "may_proceed_with_opinion": False}, "dissent", "decide"),
    ("the clause is named", {"authority_clause": ""}, "clause", "decide act_for decide_provisionally record_paper"),
    ("the drafter never decides", {"is_drafter": True}, "self", "decide act_for decide_provisionally"),
    ("nothing is missing", {"missing": ("件名",)}, "missing", "submit circulate"),
    ("no empty route", {"route_length": 0}, "route", "submit circulate"),
    ("undo only while nothing left", {"anything_left": True}, "left", "undo_decision"),
    ("a draft is no act", {"was_submitted": False}, "draft", "withdraw"),
    ("供覧 ends with its last reader", {"unread": 1}, "unread", "complete"),
    ("paper is stamped on paper", {"on_paper": True}, "paper",
     "endorse consent decide_provisionally decide act_for pull_up undo_decision"),
    ("the paper is scanned", {"has_original": False}, "original", "record_paper"),
]  # fmt: skip


def base(act: Act) -> Situation:
    """Where nothing stands in the way of an act but its state and standing."""
    return ON_PAPER if act is Act.RECORD_PAPER else OPEN


def test_the_table_has_every_act() -> None:
    assert set(TABLE) == {act.value for act in Act} == {act.value for act in TRANSITIONS}


@pytest.mark.parametrize("act", Act)
def test_every_act_in_every_state_by_every_role(act: Act) -> None:
    states, roles, target = TABLE[act.value]
    for state, standing in product(ProposalState, Standing):
        now = dataclasses.replace(base(act), state=state, standings=frozenset({standing}))
        expected = state.value in states.split() and standing.value in roles.split()
        assert is_possible(act, now) is expected, (act, state, standing)
        if expected:
            assert advance(act, now) == (target or state.value)


@pytest.mark.parametrize(("told", "change", "code", "acts"), CLOSED, ids=[row[0] for row in CLOSED])
def test_every_guard_closes_its_acts_and_no_other(told: str, change: dict, code: str, acts: str) -> None:
    for act in Act:
        states, roles, _ = TABLE[act.value]
        here = {"state": ProposalState(states.split()[0]), "standings": frozenset(map(Standing, roles.split()))}
        now = dataclasses.replace(base(act), **(here | change))
        if act.value in acts.split():
            with pytest.raises(Refused) as info:
                advance(act, now)
            assert info.value.code == code, act
        elif len(change) == 1:
            assert is_possible(act, now), (told, act)


def test_13_not_required_distinguishable_from_waiting() -> None:
    assert len({state.label for state in StepState}) >= len(StepState) - 1
    assert StepState.NOT_REQUIRED.label != StepState.WAITING.label
