"""時間の使われ方: from a figure to its rows, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.domain.time_spent import FEWEST
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import consent_step, decide_proposal, return_proposal, submit_proposal
from kakehashi.approvals.testing import decided_on_paper, edited_route, submitted, with_rules
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser


def test_a_figure_opens_its_rows(served, page_at, every_width):
    town = served.cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        for number in range(FEWEST):
            proposal = submitted(town, extras=edited_route(town, consults=[town.officer]))
            proposal = consent_step(actor=town.officer, proposal=proposal, digest=current_digest(proposal))
            if number == 0:
                return_proposal(actor=town.manager, proposal=proposal, reason="図面を付けてください")
                proposal = submit_proposal(actor=town.clerk, proposal=Proposal.objects.get(id=proposal.id))
            decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
        decided_on_paper(town)
    page = page_at(1280, who=town.clerk)
    page.goto(served.address("/staff/approvals/"))
    page.get_by_role("link", name="時間の使われ方").click()
    expect(page.get_by_role("heading", name="どこで時間がかかるか")).to_be_visible()
    expect(page.get_by_role("link", name="図面を付けてください")).to_be_visible()
    expect(page.get_by_text("供覧にできないか")).to_be_visible()
    page.get_by_text("表で見る").click()
    every_width(page)
    page.get_by_role("link", name=re.compile("^6件")).first.click()
    expect(page.get_by_role("link", name="公園使用の許可について").first).to_be_visible()
    every_width(page)
