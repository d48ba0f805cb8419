"""先着: the officer sets one place, two residents fill in, the second hears before and at the end that it is taken."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure, type_in

pytestmark = pytest.mark.browser


def fill_in(page, address):
    page.goto(address)
    expect(page.get_by_text("いま、あと1件受け付けられます")).to_be_visible()
    page.get_by_role("button", name="申請を始める").click()
    for values, button in ((YOU, "次へ進む"), (REQUEST, "確認へ進む")):
        page.wait_for_url(re.compile("page_"))
        type_in(page, values)
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name="申請する")).to_be_visible()


def test_the_last_place_goes_to_one(served, page_at, check, django_db_blocker):
    hibari = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(hibari.id):
        procedure = an_online_procedure(hibari)
    officer = page_at(1280, who=hibari.officer)
    officer.goto(served.address(f"/staff/procedures/inventory/{procedure.id}/"))
    officer.get_by_role("link", name="受付の期間と件数を決める").click()
    officer.get_by_label("先着の件数").fill("一")
    officer.get_by_label("受付を終える日").fill((clock.today() + timedelta(days=7)).isoformat())
    officer.get_by_role("button", name="保存する").click()
    expect(officer.get_by_role("alert")).to_be_visible()
    check(officer)
    officer.get_by_label("先着の件数").fill("１")
    officer.get_by_role("button", name="保存する").click()
    expect(officer.get_by_text("先着1件（いま0件）")).to_be_visible()

    public = served.address(f"/procedures/{procedure.id}/")
    first, second = page_at(390), page_at(390)
    fill_in(first, public)
    fill_in(second, public)
    first.get_by_role("button", name="申請する").click()
    first.wait_for_url("**/receipt/")
    second.get_by_role("button", name="申請する").click()
    expect(second.get_by_text(re.compile("先着の件数に達した")).first).to_be_visible()
    check(second)
    second.goto(public)
    expect(second.get_by_text("先着の件数に達したため、受付を終わりました。")).to_be_visible()
    expect(second.get_by_text("先着1件です。", exact=True)).to_be_visible()
    expect(second.get_by_role("button", name="申請を始める")).to_have_count(0)
    check(second)

    officer.reload()
    expect(officer.get_by_text("先着1件（いま1件）")).to_be_visible()
    officer.get_by_role("link", name="受付の期間と件数を決める").click()
    officer.get_by_label("先着の件数").fill("")
    officer.get_by_label("受付を終える日").fill((clock.today() - timedelta(days=1)).isoformat())
    officer.get_by_role("button", name="保存する").click()
    second.reload()
    expect(second.get_by_text("受付は、終わりました。")).to_be_visible()
