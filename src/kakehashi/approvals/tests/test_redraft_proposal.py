"""再決裁 and 引用起案: what was decided is not edited; it is decided anew, and both say so."""

import pytest

from kakehashi.approvals.models import Proposal, ProposalAttachment
from kakehashi.approvals.services import decide_proposal, redraft_proposal, submit_proposal
from kakehashi.approvals.testing import decided, drafted, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


def test_a_decision_is_taken_anew_and_the_old_one_stays(town: Town) -> None:
    with_rules(town)
    old, key = decided(town), uuid7()
    new = redraft_proposal(
        actor=town.clerk, proposal=old, idempotency_key=key, corrects=True, reason="許可の条件を改めるため"
    )
    assert redraft_proposal(actor=town.clerk, proposal=old, idempotency_key=key, corrects=True, reason="x") == new
    assert (new.state, new.subject, new.notice) == ("draft", f"（再決裁）{old.subject}", old.notice)
    new = submit_proposal(actor=town.clerk, proposal=new)
    new = decide_proposal(actor=town.manager, proposal=new, digest=new.digest)
    superseded = events_for(old.id).get(code="approvals.proposal.superseded")
    assert superseded.payload["by"] == new.number
    again = Proposal.objects.get(id=old.id)
    assert (again.state, again.digest) == ("decided", old.digest)
    assert list(old.corrections.all()) == [new]


def test_only_one_new_decision_at_a_time_and_with_a_reason(town: Town) -> None:
    with_rules(town)
    old = decided(town)
    with pytest.raises(DomainError, match="理由"):
        redraft_proposal(actor=town.clerk, proposal=old, idempotency_key=uuid7(), corrects=True)
    redraft_proposal(actor=town.clerk, proposal=old, idempotency_key=uuid7(), corrects=True, reason="訂正")
    with pytest.raises(DomainError, match="すでに"):
        redraft_proposal(actor=town.clerk, proposal=old, idempotency_key=uuid7(), corrects=True, reason="訂正")
    with pytest.raises(DomainError, match="決裁された"):
        redraft_proposal(
            actor=town.clerk, proposal=submitted(town), idempotency_key=uuid7(), corrects=True, reason="訂正"
        )


def test_quoting_copies_the_words_and_files_without_a_bond(town: Town) -> None:
    with_rules(town)
    old = drafted(town)
    ProposalAttachment.objects.create(proposal=old, file_id=old.id, name="図面.pdf", sha256="a" * 64, size=10)
    new = redraft_proposal(actor=town.clerk, proposal=old, idempotency_key=uuid7())
    assert (new.subject, new.corrects) == (old.subject, None)
    assert [a.sha256 for a in new.attachments.all()] == ["a" * 64]
