"""代決 and 後閲: an absence on record, the deputy order, the exception in words, and what follows."""

import datetime as dt

import pytest

from kakehashi.approvals.models import Opinion, Proposal
from kakehashi.approvals.selectors import current_steps, pending_post_reviews, stamps_of
from kakehashi.approvals.services import (
    act_for_decider,
    endorse_step,
    post_review_step,
    pull_up_proposal,
    undo_decision,
)
from kakehashi.approvals.testing import away, deputy, drafted, endorsed, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.people.testing import Town


def acted(town: Town) -> Proposal:
    """The officer decided for the absent manager."""
    with_rules(town)
    deputy(town.manager, town.officer)
    proposal = submitted(town)
    away(town.manager)
    return act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest)


def test_the_deputy_decides_for_the_absent_holder(town: Town) -> None:
    proposal = acted(town)
    step = current_steps(proposal)[0]
    assert (proposal.state, proposal.basis) == ("decided", "acting")
    assert (step.person_name, step.represents_name) == ("高橋 直子", "佐藤 一郎")
    assert stamps_of(proposal)[0].mark == "代"


def test_5_acting_decision_is_impossible_without_an_absence_covering_the_instant(town: Town) -> None:
    with_rules(town)
    deputy(town.manager, town.officer)
    proposal = submitted(town)
    absence = away(town.manager)
    with clock.frozen(absence.ends_at + dt.timedelta(seconds=1)), pytest.raises(PermissionRefused):
        act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest)


def test_6_restricted_matter_needs_the_exception_text(town: Town) -> None:
    with_rules(town)
    deputy(town.mayor, town.officer)
    proposal = endorsed(town)
    away(town.mayor)
    with pytest.raises(DomainError) as info:
        act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest)
    assert info.value.field == "reason"
    act_for_decider(
        actor=town.officer, proposal=proposal, digest=proposal.digest, exception_reason="町長から特に指示を受けた。"
    )
    assert Opinion.objects.filter(kind="exception").count() == 1


def test_7_every_acting_decision_has_a_post_review(town: Town) -> None:
    step = current_steps(acted(town))[0]
    assert step.needs_post_review
    assert [s.id for s in pending_post_reviews(town.manager)] == [step.id]
    assert pending_post_reviews(town.officer).count() == 0


def test_8_post_review_never_changes_the_state(town: Town) -> None:
    proposal = acted(town)
    step = post_review_step(actor=town.manager, step=current_steps(proposal)[0], remark="確認した。")
    proposal = Proposal.objects.get(id=proposal.id)
    assert proposal.state == "decided"
    assert step.state == "acted_for"
    assert stamps_of(proposal)[0].mark == "代・後閲"
    assert pending_post_reviews(town.manager).count() == 0


def test_only_the_represented_person_reviews(town: Town) -> None:
    proposal = acted(town)
    with pytest.raises(PermissionRefused):
        post_review_step(actor=town.mayor, step=current_steps(proposal)[0])


def test_the_drafter_is_passed_over_in_the_deputy_order(town: Town) -> None:
    with_rules(town)
    deputy(town.manager, town.clerk, order=1)
    deputy(town.manager, town.officer, order=2)
    proposal = submitted(town)
    away(town.manager)
    with pytest.raises(PermissionRefused):
        act_for_decider(actor=town.clerk, proposal=proposal, digest=proposal.digest)
    act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest)


def test_pulling_up_leaves_a_post_review_and_hands_on(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town, matter_code="disposition.refuse")
    with pytest.raises(DomainError):
        pull_up_proposal(actor=town.mayor, proposal=proposal)
    away(town.manager)
    proposal = pull_up_proposal(actor=town.mayor, proposal=proposal)
    states = [step.state for step in current_steps(proposal)]
    assert states == ["post_review_pending", "active"]
    assert events_for(proposal.id).filter(code="approvals.proposal.pulled_up").exists()


def test_a_skipped_endorser_reviews_after_the_decision(town: Town) -> None:
    from kakehashi.approvals.services import decide_proposal

    with_rules(town)
    proposal = submitted(town, matter_code="disposition.refuse")
    away(town.manager)
    proposal = pull_up_proposal(actor=town.mayor, proposal=proposal)
    proposal = decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    step = post_review_step(actor=town.manager, step=current_steps(proposal)[0])
    assert step.state == "post_reviewed"


def test_undoing_an_acting_decision_restores_the_basis(town: Town) -> None:
    with_rules(town)
    deputy(town.mayor, town.officer)
    proposal = endorsed(town)
    away(town.mayor)
    proposal = act_for_decider(actor=town.officer, proposal=proposal, digest=proposal.digest, exception_reason="特命")
    assert proposal.basis == "acting"
    proposal = undo_decision(actor=town.officer, proposal=proposal)
    assert (proposal.state, proposal.basis) == ("in_circulation", "head")
    assert pending_post_reviews(town.mayor).count() == 0


def test_a_draft_has_no_turn(town: Town) -> None:
    with_rules(town)
    with pytest.raises(PermissionRefused):
        endorse_step(actor=town.clerk, proposal=submitted(town), digest="")
    assert drafted(town).state == "draft"
