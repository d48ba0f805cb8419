"""The road, walked in a browser: apply on a phone, one 補正, propose, decide on a phone, issue, read the decision.

`Walker` looks at every page it comes to (axe and 400 % zoom) when it may run scripts, on the whole road as it is on the phone and
on the desk; the second walk goes without JavaScript.
"""

from datetime import timedelta
from unittest.mock import patch

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.services import number_cases
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure
from kakehashi.site.tests.browser.conftest import DESK, PHONE, WIDTHS

pytestmark = pytest.mark.browser


class Walker:
    """One person at one screen."""

    def __init__(self, page, served, check, picture, widths=()):
        self.page, self.served, self.check, self.picture, self.widths = page, served, check, picture, widths

    def go(self, path):
        self.page.goto(self.served.address(path))
        return self.look()

    def press(self, name):
        """Press the button or follow the link of that name."""
        button, link = (self.page.get_by_role(role, name=name) for role in ("button", "link"))
        button.or_(link).first.wait_for()
        (button if button.count() else link).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, values):
        for name, value in values.items():
            field = self.page.locator(f"[name='{name}']").first
            kind = field.evaluate("field => field.tagName + ':' + field.type")
            if kind.startswith("SELECT"):
                field.select_option(label=value) if value else None
            elif kind in {"INPUT:checkbox", "INPUT:radio"}:
                field.check()
            else:
                field.fill(value)

    def look(self, name=""):
        if self.check is not None:
            self.check(self.page)
        if name:
            self.picture(self.page, name, widths=self.widths)
        return self

    def reads(self, words):
        # Suggestions of the search box hold words too, but nobody sees them.
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()


@pytest.fixture
def procedure(served):
    town = served.cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        return an_online_procedure(town)


@pytest.fixture
def walker(served, page_at, check, picture):
    def make(width=390, *, who=None, javascript=True, dark=False):
        page = page_at(width, who=who, javascript=javascript, dark=dark)
        page.set_default_timeout(12_000)
        return Walker(page, served, check if javascript else None, picture)

    return make


@pytest.fixture
def looker(served, page_at, every_width, picture):
    """A walker who sees each page on the phone and on the desk, and goes on at their own width."""

    def make(width, *, who=None):
        page = page_at(width, who=who)
        page.set_default_timeout(12_000)
        return Walker(page, served, every_width, picture, WIDTHS)

    return make


def apply(resident):
    """From the first page to the receipt; returns the receipt number's page."""
    resident.go("/")
    resident.fill({"q": "住宅"})
    resident.press("さがす")
    resident.press("住宅改修補助金")
    resident.press("申請を始める")
    resident.press("次へ進む")
    expect(resident.page.locator(".dads-error-summary")).to_have_count(1)
    resident.fill(YOU)
    resident.press("次へ進む")
    resident.fill(REQUEST)
    resident.press("確認へ進む")
    resident.page.get_by_label("電子による通知を希望する", exact=False).check()
    return resident.press("申請する")


def work_off(town):
    with tenant_scope(town.id):
        number_cases(government_id=town.id)


def test_the_whole_road(served, looker, procedure):
    town = served.cast.hibari
    resident = apply(looker(PHONE)).look("receipt")
    work_off(town)
    clerk = looker(DESK, who=town.clerk)
    clerk.go("/staff/cases/?tab=department").look("inbox-morning")
    clerk.press("住宅改修補助金の交付申請（田中 めぐみ）").look("case-application")
    clerk.press("受付する")
    clerk.press("補正を依頼する")
    clerk.fill(
        {"message": "工事前の写真を添えてください。", "deadline": (clock.today() + timedelta(days=14)).isoformat()}
    )
    clerk.press("補正を依頼する")
    resident.press("今の状況を見る")
    resident.reads("工事前の写真を添えてください。")
    resident.look("my-application-correction").press("直して提出する")
    for name in ("次へ進む", "確認へ進む"):
        if resident.page.get_by_role("button", name=name).count():
            resident.press(name)
    resident.press("直して提出する")
    clerk.page.reload()
    clerk.press("起案する")
    clerk.fill({"reason": "要綱第3条の要件をすべて満たすため。", "amount": ""})
    clerk.press("起案する").reads("金額によって決裁者が変わります")
    clerk.fill({"amount": "100000"})
    clerk.press("起案する")
    clerk.look("proposal-draft").press("回議に出す")
    decide_and_issue(looker, clerk, town)
    resident.go("/procedures/mine/")
    resident.press("住宅改修補助金")
    resident.look("my-application-decided").reads("交付決定通知書（PDF）")


def decide_and_issue(looker, clerk, town):
    manager = looker(PHONE, who=town.manager)
    manager.go("/staff/approvals/")
    manager.press("住宅改修補助金").look("decision")
    manager.press("決裁する")
    manager.reads("決裁しました。")
    later = clock.now() + timedelta(seconds=11)
    with patch.object(clock, "now", lambda: later):
        clerk.page.reload()
        clerk.press("施行へ進む")
        clerk.press("施行する")


def test_applying_needs_no_javascript(served, walker, procedure):
    resident = apply(walker(390, javascript=False))
    assert resident.page.url.endswith("/receipt/")


def test_going_back_and_pressing_twice_makes_one_application(served, walker, procedure):
    from kakehashi.procedures.models import Application

    resident = apply(walker(390))
    resident.page.go_back()
    if resident.page.get_by_role("button", name="申請する").count():
        resident.page.get_by_role("button", name="申請する").click()
        resident.page.wait_for_load_state()
    with tenant_scope(served.cast.hibari.id):
        assert Application.objects.count() == 1
