"""引戻し: only while nobody has acted, with a reason, and never together with the next act."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_steps
from kakehashi.approvals.services import (
    decide_proposal,
    edit_proposal,
    endorse_step,
    recall_proposal,
    submit_proposal,
    take_back_step,
)
from kakehashi.approvals.testing import endorsed, submitted, with_rules
from kakehashi.kernel.errors import DomainError, KakehashiError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Town, two_towns


def test_recall_makes_it_a_draft_again_and_takes_the_message_back(town: Town) -> None:
    with_rules(town)
    proposal = recall_proposal(actor=town.clerk, proposal=submitted(town), reason="添付を忘れたため")
    assert proposal.state == "draft"
    assert all(step.state != "active" for step in current_steps(proposal))
    assert Notice.objects.filter(kind="approvals.turn", cancelled_at__isnull=True).count() == 0


def test_recalled_proposal_keeps_its_number_when_submitted_again(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    recalled = recall_proposal(actor=town.clerk, proposal=proposal, reason="訂正")
    again = submit_proposal(actor=town.clerk, proposal=recalled)
    assert (again.number, again.round) == (proposal.number, 2)


def test_recall_needs_a_reason_and_the_drafter(town: Town) -> None:
    with_rules(town)
    proposal = submitted(town)
    with pytest.raises(DomainError):
        recall_proposal(actor=town.clerk, proposal=proposal, reason="  ")
    with pytest.raises(PermissionRefused):
        recall_proposal(actor=town.officer, proposal=proposal, reason="理由")


def test_9_recall_fails_if_the_next_person_acted_first(town: Town) -> None:
    with_rules(town)
    with pytest.raises(Stale):
        recall_proposal(actor=town.clerk, proposal=endorsed(town), reason="理由")


def test_an_endorser_takes_back_while_the_next_has_not_acted(town: Town) -> None:
    with_rules(town)
    proposal = take_back_step(actor=town.manager, proposal=endorsed(town), reason="見落としがあったため")
    assert [(s.state, s.person_name) for s in current_steps(proposal)] == [("active", ""), ("waiting", "")]
    proposal = endorse_step(actor=town.manager, proposal=proposal, digest=proposal.digest)
    decide_proposal(actor=town.mayor, proposal=proposal, digest=proposal.digest)
    with pytest.raises(Stale):
        take_back_step(actor=town.manager, proposal=proposal, reason="理由")


def test_nobody_takes_back_what_is_not_theirs_or_without_a_reason(town: Town) -> None:
    with_rules(town)
    proposal = endorsed(town)
    with pytest.raises(DomainError):
        take_back_step(actor=town.manager, proposal=proposal, reason="")
    for other in (town.mayor, town.clerk, town.officer):
        with pytest.raises(PermissionRefused):
            take_back_step(actor=other, proposal=proposal, reason="理由")


def test_nothing_is_edited_while_it_circulates(town: Town) -> None:
    with_rules(town)
    with pytest.raises(Stale):
        edit_proposal(actor=town.clerk, proposal=submitted(town), subject="別", request="別", reason="")


def test_9_recall_and_endorsement_race_has_one_winner(swept_database: str) -> None:
    town = two_towns(["approvals", "records"]).hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposals = [submitted(town, matter_code="disposition.refuse") for _ in range(8)]

    for proposal in proposals:
        outcomes = race(town, proposal)
        with tenant_scope(town.id):
            state = Proposal.objects.get(id=proposal.id).state
        assert outcomes.count("lost") == 1
        assert state == ("draft" if outcomes[0] == "won" else "in_circulation")


def race(town: Town, proposal: Proposal) -> list[str]:
    """Run recall and endorsement at once; gives the outcome of each."""
    start = threading.Barrier(2)

    def run(act: str) -> str:
        try:
            with tenant_scope(town.id):
                start.wait(timeout=30)
                if act == "recall":
                    recall_proposal(actor=town.clerk, proposal=proposal, reason="訂正")
                else:
                    endorse_step(actor=town.manager, proposal=proposal, digest=proposal.digest)
        except KakehashiError:
            return "lost"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, ["recall", "endorse"]))
