"""廃棄: the text of a decided proposal goes with its record file, and in no other way."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Proposal, ProposalVersion
from kakehashi.approvals.services import act_for_decider, issue_proposal, redraft_proposal, submit_proposal
from kakehashi.approvals.services.forgetting import forget_proposals, papers_for_archives
from kakehashi.approvals.testing import away, decided_on_paper, deputy, issued, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.records.models import Document, RecordFile


@pytest.fixture
def proposal(town: Town) -> Proposal:
    with_rules(town)
    return issued(town)


def test_what_is_kept_is_never_forgotten(proposal: Proposal) -> None:
    forget_proposals([proposal.id])
    assert Proposal.objects.get(id=proposal.id).body != {}
    with pytest.raises(IntegrityError, match="write-once"), transaction.atomic():
        Proposal.objects.filter(id=proposal.id).update(body={}, subject="（廃棄・移管済み）")


def test_it_goes_with_its_record_file_and_the_digest_stays(proposal: Proposal, client_for, town: Town) -> None:
    assert [name for name, _ in papers_for_archives(proposal.id)] == ["原議.pdf", "通知書.pdf"]
    document = Document.objects.get(source_kind=PROPOSAL, source_id=proposal.id)
    RecordFile.objects.filter(id=document.record_file_id).update(state="destroyed")
    forget_proposals([proposal.id])
    gone = Proposal.objects.get(id=proposal.id)
    assert (gone.body, gone.subject, gone.notice_file_id) == ({}, "（廃棄・移管済み）", None)
    assert (gone.digest, gone.number) == (proposal.digest, proposal.number)
    assert set(ProposalVersion.objects.values_list("digest", flat=True)) >= {proposal.digest}
    assert not any(version.body for version in ProposalVersion.objects.all())
    assert "（廃棄・移管済み）" in client_for(town.clerk).get(f"/staff/approvals/{proposal.id}/").content.decode()


def test_the_words_given_as_grounds_go_and_their_digests_stay_in_the_journal(town: Town) -> None:
    with_rules(town)
    said = "田中さんの家の事情のため"
    first = issued(town)
    new = redraft_proposal(actor=town.clerk, proposal=first, idempotency_key=uuid7(), corrects=True, reason=said)
    new = submit_proposal(actor=town.clerk, proposal=new)
    deputy(town.manager, town.officer)
    away(town.manager)
    new = act_for_decider(actor=town.officer, proposal=new, digest=new.digest, exception_reason=said)
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        number = first.document_number
        new = issue_proposal(actor=town.clerk, proposal=new, branch_of=number, branch_reason=said)
    assert new.document_number.endswith("の2")
    assert said in {opinion.text for opinion in new.opinions.filter(kind="branch")}
    heard = [event.payload for event in events_for(new.id)] + [event.payload for event in events_for(first.id)]
    assert said not in str(heard)
    assert {"redraft_reason_sha256", "exception_reason_sha256", "branch_reason_sha256", "reason_sha256"} <= {
        key for payload in heard for key in payload
    }
    document = Document.objects.get(source_kind=PROPOSAL, source_id=new.id)
    RecordFile.objects.filter(id=document.record_file_id).update(state="destroyed")
    forget_proposals([new.id])
    gone = Proposal.objects.get(id=new.id)
    assert gone.redraft_reason == "（廃棄・移管済み）"
    assert said not in str([*gone.steps.values(), *gone.opinions.values(), *Proposal.objects.values()])


def test_why_on_paper_goes_too_and_the_count_of_paper_stays_honest(town: Town) -> None:
    with_rules(town)
    proposal = decided_on_paper(town)
    reason = proposal.paper_route_reason
    assert reason
    assert reason not in str([event.payload for event in events_for(proposal.id)])
    assert submitted(town).is_on_paper is False
    document = issue_proposal_later(town, proposal)
    RecordFile.objects.filter(id=document.record_file_id).update(state="destroyed")
    forget_proposals([proposal.id])
    gone = Proposal.objects.get(id=proposal.id)
    assert (gone.paper_route_reason, gone.is_on_paper) == ("（廃棄・移管済み）", True)


def issue_proposal_later(town: Town, proposal: Proposal) -> Document:
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        issue_proposal(actor=town.clerk, proposal=proposal)
    return Document.objects.get(source_kind=PROPOSAL, source_id=proposal.id)
