"""供覧, 仮決裁, what the drafter adds to the route, and what stands when the same words come again."""

from hashlib import sha256

import pytest

from kakehashi.approvals.models import Proposal, Purpose, Reader
from kakehashi.approvals.selectors import current_steps, proposals_to_read, stamps_of
from kakehashi.approvals.services import (
    Extras,
    consent_step,
    decide_proposal,
    decide_provisionally,
    edit_proposal,
    endorse_step,
    read_proposal,
    reject_proposal,
    return_proposal,
    submit_proposal,
    undo_decision,
    withdraw_proposal,
)
from kakehashi.approvals.testing import drafted, edited_route, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town


def kinds(proposal: Proposal) -> list[tuple[str, str]]:
    return [(step.kind, step.state) for step in current_steps(proposal)]


def asked(town: Town, *, provisional: bool = False) -> Proposal:
    """For the mayor, with the officer's section added; the manager approved it."""
    with_rules(town)
    extras = edited_route(town, consults=[town.officer], provisional=provisional)
    proposal = submitted(town, matter_code="disposition.refuse", extras=extras)
    return endorse_step(actor=town.manager, proposal=proposal, digest=proposal.digest)


def test_the_drafter_adds_a_section_with_a_reason_and_the_journal_says_so(town: Town) -> None:
    proposal = asked(town)
    assert kinds(proposal) == [("endorse", "endorsed"), ("consult", "active"), ("decide", "waiting")]
    assert [step.is_added for step in current_steps(proposal)] == [False, True, False]
    payload = events_for(proposal.id).get(code="approvals.proposal.submitted").payload
    assert payload["route_changes"] == ["合議に総務課DX担当を加えました。"]
    assert payload["route_reason_sha256"] == sha256("関係する課であるため".encode()).hexdigest()
    assert "関係する課であるため" not in str(payload)


def test_an_addition_without_a_reason_is_refused(town: Town) -> None:
    with_rules(town)
    edit = edited_route(town, consults=[town.manager])
    with pytest.raises(DomainError, match="すでに"):
        submitted(town, matter_code="disposition.refuse", extras=edit)


def test_provisional_decision_then_consultation_then_decision(town: Town) -> None:
    proposal = asked(town, provisional=True)
    with pytest.raises(PermissionRefused):
        decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    with pytest.raises(Stale):
        decide_provisionally(actor=town.mayor, proposal=proposal, digest="old")
    proposal = decide_provisionally(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    assert proposal.state == "in_circulation"
    assert [box.mark for box in stamps_of(proposal)] == ["", "仮", "", ""]
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest)
    proposal = decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    assert [state for _, state in kinds(proposal)] == ["endorsed", "provisionally_decided", "agreed", "decided"]
    assert events_for(proposal.id).filter(code="approvals.proposal.decided").count() == 1


def test_readers_see_it_after_the_decision_and_stop_nothing(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town, extras=edited_route(town, readers=[town.officer, town.mayor]))
    assert not proposals_to_read(town.mayor).exists()
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    assert list(proposals_to_read(town.mayor)) == [proposal]
    assert Notice.objects.filter(kind="approvals.reading").count() == 2
    proposal = read_proposal(actor=town.mayor, proposal=proposal)
    assert proposal.state == "decided"
    assert Reader.objects.get(post_id=town.mayor.post_id).person_name == "鈴木 太郎"
    with pytest.raises(PermissionRefused):
        read_proposal(actor=town.mayor, proposal=proposal)
    undo_decision(actor=town.manager, proposal=proposal)
    assert not Reader.objects.filter(reached_at__isnull=False).exists()


def test_what_only_goes_round_is_complete_with_its_last_reader(town: Town) -> None:
    with_rules(town)
    edit = edited_route(town, readers=[town.officer, town.manager]).route_edit
    extras = Extras(purpose=Purpose.READING, route_edit=edit)
    proposal = submit_proposal(
        actor=town.clerk, proposal=drafted(town, matter_code="general.reply", notice=None, extras=extras)
    )
    assert (proposal.state, current_steps(proposal), proposal.clause) == ("reading", [], "")
    proposal = read_proposal(actor=town.manager, proposal=proposal)
    assert proposal.state == "reading"
    proposal = read_proposal(actor=town.officer, proposal=proposal)
    assert (proposal.state, proposal.decided_at) == ("filed", None)
    assert proposal.record_document_id is not None


def test_a_reading_without_readers_is_refused(town: Town) -> None:
    with_rules(town)
    draft = drafted(town, matter_code="general.reply", notice=None, extras=Extras(purpose=Purpose.READING))
    with pytest.raises(DomainError, match="供覧先"):
        submit_proposal(actor=town.clerk, proposal=draft)


def test_unchanged_words_keep_the_consents_and_changed_ones_lose_them(town: Town) -> None:
    proposal = asked(town)
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest)
    proposal = return_proposal(actor=town.mayor, proposal=proposal, reason="通知先を確かめてください。")
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    assert kinds(proposal) == [("endorse", "endorsed"), ("consult", "agreed"), ("decide", "active")]
    assert [step.carried_round for step in current_steps(proposal)] == [1, 1, None]
    proposal = return_proposal(actor=town.mayor, proposal=proposal, reason="理由を補ってください。")
    edit_proposal(actor=town.clerk, proposal=proposal, subject=proposal.subject, request="改めた伺い", reason="補足")
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    assert [state for _, state in kinds(proposal)] == ["active", "waiting", "waiting"]


def test_12_everybody_who_saw_it_is_told_that_it_ended(town: Town) -> None:
    proposal = asked(town)
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest)
    reject_proposal(actor=town.mayor, proposal=proposal, reason="時期尚早")
    told = Notice.objects.filter(kind="approvals.result", subject__contains="否決されました")
    assert {notice.person_id for notice in told} == {town.officer.id, town.manager.id}
    assert all("時期尚早" in notice.body_text for notice in told)


def test_a_recalled_draft_can_be_withdrawn_but_not_one_that_nobody_saw(town: Town) -> None:
    from kakehashi.approvals.services import recall_proposal

    with_rules(town)
    with pytest.raises(DomainError, match="下書き"):
        withdraw_proposal(actor=town.clerk, proposal=drafted(town), reason="不要")
    proposal = recall_proposal(actor=town.clerk, proposal=submitted(town), reason="不要になった")
    assert withdraw_proposal(actor=town.clerk, proposal=proposal, reason="不要").state == "withdrawn"


def test_a_return_to_an_earlier_box_takes_the_stamps_off(town: Town) -> None:
    proposal = asked(town)
    proposal = consent_step(actor=town.officer, proposal=proposal, digest=proposal.digest)
    first = current_steps(proposal)[0]
    proposal = return_proposal(actor=town.mayor, proposal=proposal, reason="再確認を", target_step=first)
    assert [(s.state, s.person_name) for s in current_steps(proposal)][:2] == [("active", ""), ("waiting", "")]
