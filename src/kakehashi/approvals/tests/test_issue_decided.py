"""The sweep that issues what the drafter asked to be issued by itself; and the two measures."""

import datetime as dt

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors.measures import decided_electronically_in, decided_in, decided_with_days
from kakehashi.approvals.services import decide_proposal, draft_proposal, submit_proposal
from kakehashi.approvals.tasks import issue_decided
from kakehashi.approvals.testing import NOTICE, decided, decided_on_paper, with_rules
from kakehashi.indicators.hooks import Period
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town


def asked(town: Town, *, itself: bool = True) -> Proposal:
    proposal = draft_proposal(
        actor=town.clerk,
        matter_code="disposition.permit",
        subject="件名",
        request="伺い",
        reason="",
        notice=NOTICE,
        issues_itself=itself,
        idempotency_key=uuid7(),
    )
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    return decide_proposal(actor=town.manager, proposal=proposal, digest=proposal.digest)


def test_the_sweep_waits_for_undo_and_then_issues(town: Town) -> None:
    with_rules(town)
    proposal, by_hand = asked(town), asked(town, itself=False)
    assert issue_decided(town.id) == 0
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        assert issue_decided(town.id) == 1
        assert issue_decided(town.id) == 0
    assert Proposal.objects.get(id=proposal.id).document_number
    assert Proposal.objects.get(id=by_hand.id).state == "decided"


def test_the_paperless_rate_counts_paper_honestly(town: Town) -> None:
    with_rules(town)
    asked(town)
    decided_on_paper(town)
    decided(town)
    period = Period.containing(clock.today())
    assert (decided_electronically_in(period).count(), decided_in(period).count()) == (2, 3)


def test_days_to_decision_are_decimal_days(town: Town) -> None:
    with_rules(town)
    proposal = decided(town)
    assert proposal.submitted_at is not None
    start = proposal.submitted_at - dt.timedelta(days=2)
    Proposal.objects.filter(id=proposal.id).update(submitted_at=start)
    (row,) = decided_with_days(Period.containing(clock.today()))
    assert 1.9 < row.days < 2.1
