"""Random acts of random people on a real database: whatever they try, the invariants of approvals hold.

Numbers and words are those of the thirty invariants.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kakehashi.approvals import services
from kakehashi.approvals.domain.states import ProposalState
from kakehashi.approvals.models import Opinion, Proposal, ProposalStep, ProposalVersion
from kakehashi.approvals.selectors import current_digest, current_steps, pending_post_reviews
from kakehashi.approvals.testing import NOTICE, away, deputy, edited_route, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import KakehashiError
from kakehashi.notices.models import Notice
from kakehashi.people.models import Absence
from kakehashi.people.selectors import StaffActor
from kakehashi.people.testing import Town

DECISIONS = {"approvals.proposal.decided", "approvals.proposal.acted_for", "approvals.proposal.decided_on_paper"}
STAMPS = {"decided", "acted_for", "on_paper"}
PEOPLE = st.sampled_from(["clerk", "manager", "mayor", "officer", "administrator"])
WORDS = st.sampled_from(["", "理由"])
START = dt.datetime(2026, 11, 24, 9, tzinfo=clock.JST)


class Office(RuleBasedStateMachine):
    """One proposal for the mayor by way of the manager and another section, and five people who try everything."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.saved = transaction.atomic()
        self.saved.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.saved.__exit__(None, None, None)

    @initialize(
        extra=st.booleans(),
        provisional=st.booleans(),
        road=st.sampled_from(["decided", "acted for", "sent back", "changed", "on its way", "just submitted"]),
    )
    def a_proposal_is_on_its_road(self, extra: bool, provisional: bool, road: str) -> None:
        self.submit(extra, provisional)
        if road != "just submitted":
            self.everybody_acts_in_turn()
        if road == "acted for":
            self.somebody_leaves_or_comes_back("mayor")
            self.act_for("administrator", "特に指示を受けた")
        if road == "decided":
            self.the_next_one_acts(1)
        if road in {"sent back", "changed"}:
            self.the_next_one_sends_it_back("理由")
        if road == "changed":
            self.change_and_submit("改めて")
            self.everybody_acts_in_turn()

    def submit(self, extra: bool, provisional: bool) -> None:
        with clock.frozen(self.now):
            with_rules(self.town)
            deputy(self.town.mayor, self.town.administrator)
            consults = [self.town.officer] if extra or provisional else []
            edit = edited_route(self.town, consults=consults, provisional=provisional)
            self.proposal = submitted(self.town, matter_code="disposition.refuse", extras=edit)
        self.frozen: tuple[str, dict] | None = None

    def attempt(self, verb: str, who: str, **more: object) -> None:
        """One try; a refusal is an answer like any other and leaves nothing behind."""
        actor: StaffActor = getattr(self.town, who)
        with clock.frozen(self.now), suppress(KakehashiError), transaction.atomic():
            getattr(services, verb)(actor=actor, proposal=self.proposal, **more)
        self.proposal = Proposal.objects.get(id=self.proposal.id)

    @rule(verb=st.sampled_from(["endorse_step", "consent_step", "decide_provisionally", "decide_proposal"]),
          who=PEOPLE, stale=st.integers(0, 4))  # fmt: skip
    def agree(self, verb: str, who: str, stale: int) -> None:
        self.attempt(verb, who, digest="0" * 64 if stale == 0 else self.proposal.digest)

    def whose_turn(self) -> tuple[str, str]:
        """The verb and the person the route waits for; the drafter's submission when it waits for nobody."""
        verbs = {"endorse": "endorse_step", "consult": "consent_step", "provisional": "decide_provisionally"}
        step = next((each for each in current_steps(self.proposal) if each.state == "active"), None)
        if step is None:
            return "", ""
        names = ("manager", "mayor", "officer")
        who = next(name for name in names if getattr(self.town, name).post_id == step.post_id)
        return verbs.get(step.kind, "decide_proposal"), who

    @rule(disagrees=st.integers(0, 5))
    def the_next_one_acts(self, disagrees: int) -> None:
        verb, who = self.whose_turn()
        more = {"agrees": False, "opinion": "反対"} if verb == "consent_step" and disagrees == 0 else {}
        if verb:
            self.attempt(verb, who, digest=self.proposal.digest, **more)

    @rule()
    def everybody_acts_in_turn(self) -> None:
        for _ in range(3):
            verb, who = self.whose_turn()
            if verb and verb != "decide_proposal":
                self.attempt(verb, who, digest=self.proposal.digest)

    @rule(reason=WORDS)
    def the_next_one_sends_it_back(self, reason: str) -> None:
        _, who = self.whose_turn()
        if who:
            self.attempt("return_proposal", who, reason=reason)

    @rule(who=st.sampled_from(["administrator", "officer"]), reason=WORDS)
    def act_for(self, who: str, reason: str) -> None:
        self.attempt("act_for_decider", who, digest=self.proposal.digest, exception_reason=reason)

    @rule(verb=st.sampled_from(["return_proposal", "recall_proposal", "take_back_step", "withdraw_proposal"]),
          who=PEOPLE, reason=WORDS)  # fmt: skip
    def go_back(self, verb: str, who: str, reason: str) -> None:
        self.attempt(verb, who, reason=reason)

    @rule(reason=WORDS)
    def reject(self, reason: str) -> None:
        if self.proposal.round > 1:
            self.attempt("reject_proposal", "mayor", reason=reason)

    @rule(who=PEOPLE)
    def pull_up(self, who: str) -> None:
        self.attempt("pull_up_proposal", who)

    @rule(text=st.sampled_from(["次のとおり", "改めて"]))
    def change_and_submit(self, text: str) -> None:
        words = {"subject": self.proposal.subject, "request": text, "reason": "", "notice": NOTICE}
        self.attempt("edit_proposal", "clerk", **words)
        self.attempt("submit_proposal", "clerk")

    @rule(who=PEOPLE)
    def undo(self, who: str) -> None:
        self.attempt("undo_decision", who)

    @rule(who=PEOPLE)
    def issue_later(self, who: str) -> None:
        self.now += dt.timedelta(seconds=11)
        self.attempt("issue_proposal", who)

    @rule(who=st.sampled_from(["mayor", "manager"]))
    def somebody_leaves_or_comes_back(self, who: str) -> None:
        with clock.frozen(self.now):
            if not Absence.objects.filter(person_id=getattr(self.town, who).id).delete()[0]:
                away(getattr(self.town, who))

    @rule(who=PEOPLE)
    def review_afterwards(self, who: str) -> None:
        actor, before = getattr(self.town, who), self.proposal.state
        with clock.frozen(self.now):
            for step in pending_post_reviews(actor):
                with suppress(KakehashiError), transaction.atomic():
                    services.post_review_step(actor=actor, step=step)
        self.proposal = Proposal.objects.get(id=self.proposal.id)
        assert self.proposal.state == before, "8 後閲 never changes state of the case"

    @invariant()
    def invariants_hold(self) -> None:
        if not hasattr(self, "proposal"):
            return
        self.one_decider()
        self.what_was_decided_stays()
        self.acting_and_reviewing()
        self.words_where_words_are_due()

    def one_decider(self) -> None:
        """1 exactly one decider act per DECIDED case; 13 NOT_REQUIRED distinguishable from WAITING."""
        steps = current_steps(self.proposal)
        stamped = [step for step in steps if step.state in STAMPS]
        acts = [event.code for event in events_for(self.proposal.id)]
        undone = acts.count("approvals.proposal.decision_undone")
        assert len(stamped) == int(self.proposal.is_decided)
        assert sum(code in DECISIONS for code in acts) - undone == int(self.proposal.is_decided)
        assert all((step.kind == "above") == (step.state == "not_required") for step in steps)

    def what_was_decided_stays(self) -> None:
        """2 no act on a stale digest; 3 decided body bytes never change; 11 changed 要旨 invalidates earlier consents."""
        for step in current_steps(self.proposal):
            if step.digest and self.proposal.state_enum is not ProposalState.DRAFT and not self.proposal.is_editable:
                assert step.digest == self.proposal.digest
        if self.proposal.is_decided:
            assert self.proposal.digest == current_digest(self.proposal)
            if self.frozen is not None and self.proposal.is_issued:
                assert self.frozen == (self.proposal.digest, self.proposal.body)
            self.frozen = (self.proposal.digest, self.proposal.body) if self.proposal.is_issued else None
        assert ProposalVersion.objects.filter(proposal=self.proposal).count() == self.proposal.round

    def acting_and_reviewing(self) -> None:
        """5 代決 impossible without an absence; 6 of a restricted matter without text; 7 every 代決 has a 後閲."""
        for step in ProposalStep.objects.filter(proposal=self.proposal, state="acted_for"):
            assert step.needs_post_review
            assert step.exception_reason
            assert step.represents_name == "鈴木 太郎"
            assert step.person_id != self.proposal.drafter_id

    def words_where_words_are_due(self) -> None:
        """10 return requires reason; 12 廃案 notifies all who saw it."""
        returns = events_for(self.proposal.id).filter(code="approvals.proposal.returned").count()
        assert Opinion.objects.filter(proposal=self.proposal, kind="return").exclude(text="").count() == returns
        if self.proposal.state == "rejected":
            saw = set(ProposalStep.objects.filter(proposal=self.proposal).values_list("person_id", flat=True))
            told = set(Notice.objects.filter(subject__contains="否決されました").values_list("person_id", flat=True))
            assert saw - {None, self.town.mayor.id} <= told


def test_the_invariants_of_approvals_survive_whatever_people_try(town: Town) -> None:
    machine = type("OfficeOfThisTown", (Office,), {"town": town})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
