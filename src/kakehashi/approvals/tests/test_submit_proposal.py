"""起案: drafts, what is missing, the source's callbacks, the message to the first box."""

import dataclasses

import pytest

from kakehashi.approvals import hooks
from kakehashi.approvals.hooks import ProposalSource
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_steps, proposals_waiting_for, waiting_on
from kakehashi.approvals.services import decide_proposal, draft_proposal, submit_proposal, undo_decision
from kakehashi.approvals.testing import NOTICE, decided, drafted, submitted, with_rules
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import UnknownKey
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town


def test_the_same_key_makes_one_draft(town: Town) -> None:
    with_rules(town)
    key = uuid7()
    drafts = [
        draft_proposal(
            actor=town.clerk,
            matter_code="general.reply",
            subject="件名",
            request="伺い",
            reason="",
            idempotency_key=key,
        )
        for _ in range(2)
    ]
    assert drafts[0].id == drafts[1].id


def test_a_submitted_proposal_lies_with_the_first_box_who_is_told(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    assert list(proposals_waiting_for(town.manager)) == [proposal]
    assert waiting_on([proposal])[proposal.id][0].person_name == "佐藤 一郎"
    notice = Notice.objects.get(kind="approvals.turn")
    assert notice.person_id == town.manager.id
    assert notice.url == f"/hibari/staff/approvals/{proposal.id}/"


def test_submission_names_what_is_missing(town: Town) -> None:
    with_rules(town)
    proposal = drafted(town, notice=dataclasses.replace(NOTICE, addressee=""))
    with pytest.raises(DomainError, match="通知の題名・宛先・本文"):
        submit_proposal(actor=town.clerk, proposal=proposal)


def test_a_matter_without_a_route_is_said_in_words(town: Town) -> None:
    with_rules(town)
    proposal = draft_proposal(
        actor=town.clerk,
        matter_code="disposition.grant",
        subject="件名",
        request="伺い",
        reason="",
        amount=1_000_000,
        idempotency_key=uuid7(),
    )
    with pytest.raises(DomainError, match="副町長"):
        submit_proposal(actor=town.clerk, proposal=proposal)


def test_the_head_drafts_nothing_without_a_department(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError):
        draft_proposal(
            actor=town.mayor,
            matter_code="general.reply",
            subject="件",
            request="伺",
            reason="",
            idempotency_key=uuid7(),
        )


def test_an_unknown_matter_or_source_is_refused(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError):
        draft_proposal(
            actor=town.clerk, matter_code="nothing", subject="件", request="伺", reason="", idempotency_key=uuid7()
        )
    with pytest.raises(UnknownKey):
        draft_proposal(
            actor=town.clerk,
            matter_code="general.reply",
            subject="件",
            request="伺",
            reason="",
            source_kind="nobody.knows",
            idempotency_key=uuid7(),
        )


def test_only_the_drafter_submits_and_only_once(town: Town) -> None:
    with_rules(town)
    proposal = drafted(town)
    with pytest.raises(PermissionRefused):
        submit_proposal(actor=town.officer, proposal=proposal)
    submit_proposal(actor=town.clerk, proposal=proposal)
    with pytest.raises(Stale):
        submit_proposal(actor=town.clerk, proposal=proposal)


def test_the_source_is_called_and_frozen_into_the_body(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def note(word: str) -> hooks.Callback:
        def callback(*, actor: Actor, proposal: Proposal) -> None:
            called.append(word)

        return callback

    source = ProposalSource(
        label="試験",
        summary_template="approvals/_no_source.html",
        describe=lambda source_id: [("申請の内容", [("使用日", "令和8年12月1日")])],
        on_submitted=note("submitted"),
        on_decided=note("decided"),
        on_undone=note("undone"),
    )
    monkeypatch.setitem(hooks._sources._entries, "test.source", source)
    with_rules(town)
    proposal = drafted(town)
    Proposal.objects.filter(id=proposal.id).update(source_kind="test.source", source_id=uuid7())
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    proposal = decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)
    undo_decision(actor=town.manager, proposal=proposal)
    assert called == ["submitted", "decided", "undone"]
    assert proposal.sections == [["申請の内容", [["使用日", "令和8年12月1日"]]]]


def test_undo_opens_the_decision_again(town: Town) -> None:
    with_rules(town)
    proposal = undo_decision(actor=town.manager, proposal=decided(town))
    assert proposal.state == "in_circulation"
    step = current_steps(proposal)[0]
    assert (step.state, step.person_id, step.person_name) == ("active", None, "")
    assert not Notice.objects.filter(kind="approvals.result", cancelled_at__isnull=True).exists()
    decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)


def test_undo_is_over_when_something_left(town: Town) -> None:
    import datetime as dt

    from kakehashi.kernel import clock

    with_rules(town)
    proposal = decided(town)
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)), pytest.raises(DomainError):
        undo_decision(actor=town.manager, proposal=proposal)
