"""廃棄: the text of a decided proposal goes with its record file, and in no other way."""

import pytest
from django.db import IntegrityError, transaction

from kakehashi.approvals.hooks import PROPOSAL
from kakehashi.approvals.models import Proposal, ProposalVersion
from kakehashi.approvals.services.forgetting import forget_proposals, papers_for_archives
from kakehashi.approvals.testing import issued, with_rules
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
