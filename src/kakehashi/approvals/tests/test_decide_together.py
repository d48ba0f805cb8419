"""一括決裁: only what the pack allows, looked at on one page, each decision an act of its own."""

import pytest

from kakehashi.approvals.models import DecisionBatch, Matter, Proposal
from kakehashi.approvals.selectors.batches import why_not_together
from kakehashi.approvals.services import confirm_batch, decide_next, plan_batch, recall_proposal
from kakehashi.approvals.services.batches import resume_one
from kakehashi.approvals.testing import on_paper, submitted, with_rules
from kakehashi.journal.selectors import events_for
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town

BASE = "/staff/approvals/"


def three(town: Town) -> list[Proposal]:
    with_rules(town)
    Matter.objects.filter(code="disposition.permit").update(batch_allowed=True)
    return [submitted(town) for _ in range(3)]


def states(batch: DecisionBatch) -> list[str]:
    return list(batch.rows.values_list("state", flat=True))


def test_each_is_decided_by_itself_and_a_failure_is_named(town: Town) -> None:
    proposals = three(town)
    batch = plan_batch(actor=town.manager, proposal_ids=[each.id for each in proposals])
    assert decide_next(actor=town.manager, batch=batch).finished_at is None
    assert states(batch) == ["waiting"] * 3
    confirm_batch(actor=town.manager, batch=batch)
    recall_proposal(actor=town.clerk, proposal=proposals[1], reason="訂正")
    for _ in range(3):
        batch = decide_next(actor=town.manager, batch=batch)
    assert states(batch) == ["done", "failed", "done"]
    assert batch.finished_at is not None
    decided = [events_for(each.id).filter(code="approvals.proposal.decided").count() for each in proposals]
    assert decided == [1, 0, 1]
    assert events_for(batch.id).get().payload["proposals"][0]["digest"] == proposals[0].digest


def test_a_body_that_changed_since_the_page_is_not_decided(town: Town) -> None:
    proposals = three(town)[:1]
    batch = plan_batch(actor=town.manager, proposal_ids=[proposals[0].id])
    batch.rows.update(digest="0" * 64)
    confirm_batch(actor=town.manager, batch=batch)
    decide_next(actor=town.manager, batch=batch)
    assert "内容が変わって" in batch.rows.get().failure


def test_what_the_pack_does_not_allow_is_left_out_with_the_reason(town: Town) -> None:
    with_rules(town)
    Matter.objects.filter(code="disposition.permit").update(batch_allowed=False)
    proposal = submitted(town)
    assert "規程" in why_not_together(town.manager, proposal)
    batch = plan_batch(actor=town.manager, proposal_ids=[proposal.id])
    assert states(batch) == ["failed"]
    Matter.objects.filter(code="disposition.permit").update(batch_allowed=True)
    assert why_not_together(town.manager, on_paper(town))
    with pytest.raises(DomainError):
        plan_batch(actor=town.manager, proposal_ids=[])


def test_the_worker_goes_on_when_the_page_was_closed(town: Town) -> None:
    batch = plan_batch(actor=town.manager, proposal_ids=[each.id for each in three(town)])
    assert resume_one(town.id) == 0
    confirm_batch(actor=town.manager, batch=batch)
    assert [resume_one(town.id) for _ in range(4)] == [1, 1, 1, 0]
    assert states(batch) == ["done"] * 3


def test_nobody_goes_on_with_anothers_batch(town: Town) -> None:
    batch = plan_batch(actor=town.manager, proposal_ids=[three(town)[0].id])
    with pytest.raises(PermissionRefused):
        confirm_batch(actor=town.mayor, batch=batch)


def test_the_pages_of_a_batch(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        proposals = three(town)
    client = client_for(town.manager)
    assert client.get(BASE).content.decode().count('name="proposal"') == 3
    assert client.post(f"{BASE}batch/", {"proposal": ["nonsense"]}).status_code == 302
    planned = client.post(f"{BASE}batch/", {"proposal": [str(each.id) for each in proposals[:2]]})
    assert "2件を決裁する" in client.get(planned["Location"]).content.decode()
    assert client_for(town.mayor).get(planned["Location"]).status_code == 404
    path = planned["Location"].removeprefix("/hibari")
    client.post(f"{path}confirm/")
    assert "続ける" in client.get(path).content.decode()
    assert client.post(f"{path}next/").status_code == 302
    fragment = client.post(f"{path}next/", headers={"HX-Request": "true"}).content.decode()
    assert "2件を決裁しました" in fragment
    assert client.get(f"{path}next/").status_code == 405
