"""A logic model from its first box to the review sheet: on a phone without scripts, by keyboard, and as residents see it."""

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans.services import edit_node, publish_plan
from kakehashi.plans.testing import small_plan
from kakehashi.site.demo.logic_of_the_plan import tell_logic

pytestmark = pytest.mark.browser


@pytest.fixture
def small(served, django_db_blocker):
    """A published plan whose second initiative has the complete model of the demo."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        plan = small_plan(town.officer)
        edit_node(actor=town.officer, node=plan.other, changes={"title": "手続のオンライン化"})
        tell_logic(town.officer, plan.plan)
        publish_plan(actor=town.officer, plan=plan.plan)
        return plan


def add_box(page, stage, text):
    page.get_by_role("link", name="箱を加える", exact=True).first.click()
    page.select_option("select[name=stage]", stage)
    page.fill("input[name=text]", text)
    page.get_by_role("button", name="箱を保存する").click()
    expect(page.locator("#main")).to_contain_text(text)


def test_a_logic_model_and_its_sheet(served, page_at, check, every_width, picture, small):
    cast = served.cast.hibari
    phone = page_at(390, who=cast.officer, javascript=False)
    phone.goto(served.address(f"/staff/plans/initiatives/{small.initiative.id}/"))
    phone.get_by_role("button", name="ロジックモデルを作る").click()
    add_box(phone, "activity", "窓口で案内する")
    add_box(phone, "outcome_short", "オンラインで出す人が増える")
    phone.get_by_role("button", name="矢印を引く").click()
    expect(phone.locator("body")).to_contain_text("右の列の箱へだけ引けます")
    phone.select_option("select[name=end]", label="短期の成果：オンラインで出す人が増える")
    phone.get_by_role("button", name="矢印を引く").click()
    phone.select_option("select[name=kind]", "statistics")
    phone.get_by_role("button", name="根拠を加える").click()
    expect(phone.locator("body")).to_contain_text("出どころ（調査・論文・団体の名前など）を書いてください")
    phone.fill("input[name=source]", "窓口アンケート（令和8年6月）")
    phone.get_by_role("button", name="根拠を加える").click()
    expect(phone.locator("#main")).to_contain_text("窓口アンケート")
    page = page_at(1280, who=cast.officer)
    page.goto(served.address(f"/staff/plans/initiatives/{small.other.id}/logic/"))
    expect(page.locator("svg.plan-logic")).to_contain_text("住民が暮らしに使える時間が増える")
    expect(page.get_by_role("heading", name="根拠の弱い矢印（7）")).to_be_visible()
    picture(page, "logic-model")
    every_width(page)
    start = page.locator("a[data-box][aria-label*='様式をつくる']")
    start.focus()
    page.keyboard.press("a")
    expect(page.locator("[data-logic-said]")).to_contain_text("矢印を引きます")
    page.locator("a[data-box][aria-label*='書き直しが減る']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("様式をつくる → 申請の書き直しが減る")
    page.goto(served.address(f"/staff/plans/initiatives/{small.other.id}/review-sheet/"))
    expect(page.locator("body")).to_contain_text("未記入")
    picture(page, "review-sheet")
    every_width(page)
    page.get_by_role("link", name="足りないところを書く").click()
    page.fill("input[name=legal_basis]", "ひばり町デジタル推進条例4条")
    check(page)
    page.get_by_role("button", name="保存する").click()
    expect(page.locator("body")).to_contain_text("ひばり町デジタル推進条例4条")
    anyone = page_at(390)
    anyone.goto(served.address(f"/plans/{small.plan.id}/"))
    anyone.get_by_role("link", name="取組のしくみ：手続のオンライン化").click()
    expect(anyone.locator("svg.plan-logic")).to_contain_text("投入")
    every_width(anyone)
