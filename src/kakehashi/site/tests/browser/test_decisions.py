"""A proposal from the form to the registry: two taps on a phone, axe and 400 % zoom on every page of the way."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.testing import away, deputy, drafted, endorsed, issued, submitted, with_rules
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.tests.browser.conftest import WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def town(served):
    town = served.cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
    return town


def test_two_taps_on_a_phone_decide_and_undo(served, town, page_at, check, picture):
    with tenant_scope(town.id):
        proposal = submitted(town)
    page = page_at(390, who=town.manager)
    page.goto(served.address("/staff/approvals/"))
    check(page)
    picture(page, "approvals-inbox")
    page.get_by_role("link", name=proposal.subject).click()
    check(page)
    picture(page, "approvals-decision")
    page.get_by_role("button", name="決裁する").click()
    expect(page.get_by_text("決裁しました。")).to_be_visible()
    check(page)
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("決裁を元に戻しました。")).to_be_visible()


def test_every_page_of_a_proposal_passes(served, town, page_at, every_width, picture):
    with tenant_scope(town.id):
        draft, filed = drafted(town), issued(town)
        deputy(town.mayor, town.officer)
        waiting = endorsed(town)
        away(town.mayor)
    page = page_at(1280, who=town.officer)
    paths = {
        "form": "new/?matter=disposition.permit",
        "draft": f"{draft.id}/",
        "acting": f"{waiting.id}/",
        "issued": f"{filed.id}/",
        "all": "?box=all",
        "acting-list": "?box=acting",
        "reviews": "?box=reviews",
        "rules": "rules/",
    }
    for name, path in paths.items():
        page.goto(served.address(f"/staff/approvals/{path}"))
        every_width(page)
        picture(page, f"approvals-{name}", widths=WIDTHS)


def test_a_proposal_is_drafted_without_javascript(served, town, page_at):
    page = page_at(1280, who=town.clerk, javascript=False)
    page.goto(served.address("/staff/approvals/new/"))
    page.locator("#id_matter").select_option("general.reply")
    page.get_by_role("button", name="経路を確かめる").click()
    expect(page.get_by_text("別表第1第10項")).to_be_visible()
    page.get_by_label("件名").fill("照会への回答について")
    page.get_by_label("伺い", exact=False).first.fill("次のとおり回答してよろしいか伺います。")
    page.get_by_role("button", name="回議に出す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("照会への回答について")


def test_the_route_follows_the_matter_while_it_is_chosen(served, town, page_at):
    page = page_at(1280, who=town.clerk)
    page.goto(served.address("/staff/approvals/new/"))
    page.locator("#id_matter").select_option("general.plan")
    page.get_by_text("町長が首長決裁します").wait_for()


def test_issue_and_registry_pass(served, town, page_at, every_width, picture):
    with tenant_scope(town.id):
        issued(town)
        from kakehashi.approvals.testing import decided

        proposal = decided(town)
        Proposal.objects.filter(id=proposal.id).update(decided_at=proposal.decided_at - dt.timedelta(minutes=1))
    page = page_at(390, who=town.clerk)
    page.goto(served.address(f"/staff/approvals/{proposal.id}/issue/"))
    every_width(page)
    picture(page, "approvals-issue", widths=WIDTHS)
    page.get_by_role("button", name="施行する").click()
    page.get_by_role("link", name="許可・認可等の処分").click()
    every_width(page)
    picture(page, "records-file", widths=WIDTHS)
    page.goto(served.address("/staff/records/"))
    page.get_by_text("なぜこの日？").first.click()
    every_width(page)
    picture(page, "records-registry", widths=WIDTHS)
    page.goto(served.address("/staff/records/disposal/?year=2031"))
    every_width(page)
    picture(page, "records-disposal", widths=WIDTHS)
