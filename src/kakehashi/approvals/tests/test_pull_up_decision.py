"""引上げ of the decision itself: the holder of 専決 is away and the only deputy is the drafter."""

import datetime as dt

import pytest

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_steps, pending_post_reviews, proposals_to_act_for, stamps_of, stuck_at
from kakehashi.approvals.services import ask_to_pull_up, decide_proposal, pull_up_proposal
from kakehashi.approvals.testing import away, deputy, submitted, with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.notices.models import Notice
from kakehashi.people.models import DeputyRule
from kakehashi.people.testing import Town


@pytest.fixture
def proposal(town: Town) -> Proposal:
    with_rules(town)
    DeputyRule.objects.all().delete()
    deputy(town.manager, town.clerk)
    found = submitted(town)
    away(town.manager)
    return found


def test_the_page_says_why_nobody_moves_and_what_can_be_done(proposal: Proposal, client_for, town: Town) -> None:
    stuck = stuck_at(proposal)
    assert stuck is not None
    assert (stuck.deputy, [str(person.id) for _, person in stuck.superiors]) == ("", [str(town.mayor.id)])
    page = client_for(town.clerk).get(f"/staff/approvals/{proposal.id}/").content.decode()
    for words in ("が不在です", "起案者は、自分の起案を代決できません", "引上げを頼む", "まで不在です", "の戻りを待つ"):
        assert words in page


def test_the_drafter_asks_and_the_superior_is_told_once(proposal: Proposal, client_for, town: Town) -> None:
    before = Notice.objects.count()
    for _ in range(2):
        answer = client_for(town.clerk).post(f"/staff/approvals/{proposal.id}/act/ask-pull-up/")
        assert answer.status_code == 302
    assert Notice.objects.count() == before + 1
    with pytest.raises(DomainError, match="引上げを頼める段階"):
        ask_to_pull_up(actor=town.manager, proposal=proposal)


def test_the_superior_decides_and_the_absent_one_reviews_later(proposal: Proposal, town: Town) -> None:
    assert list(proposals_to_act_for(town.mayor)) == [proposal]
    proposal = pull_up_proposal(actor=town.mayor, proposal=proposal)
    passed, taker = current_steps(proposal)[:2]
    assert (passed.state, taker.kind, taker.state) == ("post_review_pending", "decide", "active")
    assert (proposal.basis, "不在のため" in proposal.raised_because) == ("head", True)
    proposal = decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    assert proposal.state == "decided"
    assert [(stamp.mark, stamp.is_struck) for stamp in stamps_of(proposal)[:2]] == [("後閲待ち", False), ("", False)]
    assert [step.id for step in pending_post_reviews(town.manager)] == [passed.id]


def test_nobody_pulls_up_past_a_decider_who_is_there(town: Town) -> None:
    with_rules(town)
    found = submitted(town)
    assert stuck_at(found) is None
    with pytest.raises((DomainError, PermissionRefused)):
        pull_up_proposal(actor=town.mayor, proposal=found)


def test_who_comes_too_late_is_told_who_decided_and_when(town: Town, client_for) -> None:
    with_rules(town)
    found = submitted(town)
    seen = clock.now().isoformat()
    with clock.frozen(clock.now() + dt.timedelta(minutes=3)):
        decide_proposal(actor=town.manager, proposal=found, digest=found.digest)
    typed = {"digest": found.digest, "shown_at": seen, "reason": "やはり直します"}
    answer = client_for(town.clerk).post(f"/staff/approvals/{found.id}/act/recall/", typed)
    assert answer.status_code == 409
    at = (clock.now() + dt.timedelta(minutes=3)).astimezone(clock.JST)
    assert f"{town.manager.label}が{at.hour}時" in answer.content.decode()
    assert "決裁しました" in answer.content.decode()
