"""紙の決裁: only with a reason of the list and the scanned original, never by a click, counted as paper."""

import datetime as dt

import pytest

from kakehashi.approvals.models import PaperOriginal
from kakehashi.approvals.selectors import current_steps, stamps_of
from kakehashi.approvals.services import Extras, attach_original, decide_proposal, record_paper_decision
from kakehashi.approvals.testing import decided_on_paper, drafted, on_paper, submitted, with_rules
from kakehashi.files.services import store_file
from kakehashi.files.testing import PDF
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.people.testing import Town


def test_what_was_stamped_on_paper_is_registered_with_its_scan(town: Town) -> None:
    with_rules(town)
    proposal = decided_on_paper(town)
    assert (proposal.state, proposal.decided_by_label) == ("decided", "住民課課長 佐藤 一郎（紙による）")
    assert [box.mark for box in stamps_of(proposal)] == ["紙", "斜線"]
    event = events_for(proposal.id).get(code="approvals.proposal.decided_on_paper")
    assert event.payload["originals"][0]["sha256"] == PaperOriginal.objects.get().sha256
    assert event.payload["authority"]["clause"] == "事務決裁規程別表第1第3項"
    assert proposal.paper_route_reason == "図面・冊子など、電子化がむずかしいもの"


def test_nobody_clicks_a_decision_that_is_made_on_paper(town: Town) -> None:
    with_rules(town)
    proposal = on_paper(town)
    assert [step.state for step in current_steps(proposal)] == ["waiting", "not_required"]
    with pytest.raises(PermissionRefused):
        decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)


def test_it_needs_the_scan_and_a_day_that_can_be(town: Town) -> None:
    with_rules(town)
    proposal = on_paper(town)
    sent = {"actor": town.clerk, "proposal": proposal, "digest": proposal.digest}
    with pytest.raises(DomainError, match="原本"):
        record_paper_decision(**sent, decided_on=clock.today())
    scan = store_file(actor=town.clerk, name="原本.pdf", content=PDF, purpose="approvals.attachment")
    for _ in range(2):
        attach_original(actor=town.clerk, proposal=proposal, file=scan)
    assert PaperOriginal.objects.count() == 1
    for days in (-1, 1):
        with pytest.raises(DomainError, match="決裁日"):
            record_paper_decision(**sent, decided_on=clock.today() + dt.timedelta(days=days))
    assert record_paper_decision(**sent, decided_on=clock.today()).is_decided


def test_an_electronic_proposal_takes_no_paper(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    scan = store_file(actor=town.clerk, name="原本.pdf", content=PDF, purpose="approvals.attachment")
    with pytest.raises(DomainError, match="紙で回議"):
        attach_original(actor=town.clerk, proposal=proposal, file=scan)
    with pytest.raises(DomainError, match="電子で決裁"):
        record_paper_decision(actor=town.clerk, proposal=proposal, digest=proposal.digest, decided_on=clock.today())


def test_other_needs_words(town: Town) -> None:
    with_rules(town)
    with pytest.raises(DomainError, match="紙で決裁する理由"):
        drafted(town, extras=Extras(paper_route_code="other"))
