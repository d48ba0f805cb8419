"""差戻し, 再回議, 合議 and 否決."""

import pytest

from kakehashi.approvals.models import AuthorityConsult, AuthorityRule, Opinion, Proposal, ProposalStep
from kakehashi.approvals.selectors import current_steps
from kakehashi.approvals.services import (
    consent_step,
    decide_proposal,
    edit_proposal,
    endorse_step,
    return_proposal,
    submit_proposal,
    withdraw_proposal,
)
from kakehashi.approvals.testing import endorsed, submitted, with_rules
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.models import Notice
from kakehashi.people.models import Post
from kakehashi.people.testing import Town


def consulted(town: Town) -> Proposal:
    """A proposal for the mayor in which the officer's post is a consultee; the manager approved it."""
    with_rules(town)
    rule = AuthorityRule.objects.get(matter__code="disposition.refuse")
    AuthorityConsult.objects.create(rule=rule, post=Post.objects.get(id=town.officer.post_id))
    return endorsed(town)


def test_10_return_requires_a_reason(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError):
        return_proposal(actor=town.manager, proposal=submitted(town), reason="")


def test_return_gives_it_back_to_the_drafter_who_is_told(town: Town) -> None:
    with_rules(town)
    proposal = return_proposal(actor=town.manager, proposal=submitted(town), reason="根拠を補ってください。")
    assert proposal.state == "returned"
    assert Opinion.objects.get(kind="return").text == "根拠を補ってください。"
    assert Notice.objects.filter(kind="approvals.result", person_id=town.clerk.id).exists()


def test_return_to_an_earlier_box_keeps_it_circulating(town: Town) -> None:
    with_rules(town)
    proposal = endorsed(town)
    first = current_steps(proposal)[0]
    proposal = return_proposal(actor=town.mayor, proposal=proposal, reason="再確認を", target_step=first)
    assert proposal.state == "in_circulation"
    assert [s.state for s in current_steps(proposal)] == ["active", "waiting"]
    with pytest.raises(PermissionRefused):
        decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)


def test_11_changed_substance_invalidates_earlier_consents(town: Town) -> None:
    proposal = consulted(town)
    old = proposal.digest
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=old)
    proposal = return_proposal(actor=town.mayor, proposal=proposal, reason="要旨を改めること")
    proposal = edit_proposal(
        actor=town.clerk, proposal=proposal, subject=proposal.subject, request="改めた伺い", reason="改めた理由"
    )
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    assert proposal.digest != old
    assert [s.state for s in current_steps(proposal)] == ["active", "waiting", "waiting"]
    with pytest.raises(Stale):
        endorse_step(actor=town.manager, proposal=proposal, digest=old)


def test_consultees_agree_after_the_line_and_before_the_decider(town: Town) -> None:
    proposal = consulted(town)
    assert [(s.kind, s.state) for s in current_steps(proposal)] == [
        ("endorse", "endorsed"),
        ("consult", "active"),
        ("decide", "waiting"),
    ]
    with pytest.raises(PermissionRefused):
        decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest, opinion="予算に注意")
    assert current_steps(proposal)[1].state == "agreed_with_opinion"
    assert decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest).is_decided


def test_a_dissent_needs_its_reason_and_stops_where_the_rules_say_so(town: Town) -> None:
    proposal = consulted(town)
    with pytest.raises(DomainError):
        consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest, agrees=False)
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest, agrees=False, opinion="反対")
    ProposalStep.objects.filter(proposal=proposal, kind="consult").update(school="consent")
    with pytest.raises(DomainError, match="調っていません"):
        decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)


def test_the_drafter_may_withdraw_what_was_returned(town: Town) -> None:
    with_rules(town)
    proposal = return_proposal(actor=town.manager, proposal=submitted(town), reason="不要では")
    proposal = withdraw_proposal(actor=town.clerk, proposal=proposal, reason="不要のため")
    assert proposal.state == "withdrawn"
