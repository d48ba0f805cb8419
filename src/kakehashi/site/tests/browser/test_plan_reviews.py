"""The year of a plan: targets on a line, a value reported and approved, a miss with its next move, the head's page, versions."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans.services import edit_node, fix_version, publish_plan
from kakehashi.plans.testing import small_plan

pytestmark = pytest.mark.browser


@pytest.fixture
def small(served, django_db_blocker):
    """A published plan with four years of one number behind it."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        plan = small_plan(town.officer)
        edit_node(
            actor=town.officer, node=plan.initiative, changes={"department": town.department, "budget_yen": 1200000}
        )
        for back, value in ((4, 20), (3, 26), (2, 33), (1, 40)):
            record_value(
                actor=town.officer, measure=plan.measure, period=Period.year(plan.year - back), value=Decimal(value)
            )
        fix_version(actor=town.officer, plan=plan.plan, label="当初")
        publish_plan(actor=town.officer, plan=plan.plan)
        return plan


def test_a_year_of_a_plan(served, page_at, check, every_width, small):
    cast, code = served.cast.hibari, small.measure.code
    clerk = page_at(390, who=cast.clerk, javascript=False)
    clerk.goto(served.address(f"/staff/indicators/{code}/record/"))
    clerk.fill("input[name=value]", "45")
    clerk.get_by_role("button", name="提出する").click()
    expect(clerk.locator("body")).to_contain_text("承認されると")
    page = page_at(1280, who=cast.administrator)
    page.goto(served.address("/staff/indicators/reports/"))
    check(page)
    page.get_by_role("link", name="満足度").click()
    page.get_by_role("button", name="承認する").click()
    expect(page.locator("body")).to_contain_text("承認しました")
    page.goto(served.address(f"/staff/indicators/{code}/"))
    expect(page.locator("svg.ind-plot")).to_contain_text("45.0%")
    expect(page.locator("body")).to_contain_text("見込み")
    every_width(page)
    page.goto(served.address(f"/staff/plans/indicators/{small.indicator.id}/targets/"))
    page.select_option("select[name=way]", "linear")
    page.fill(f"input[name=target_{small.year + 3}]", "90")
    page.get_by_role("button", name="目標を決める").click()
    expect(page.locator("body")).to_contain_text("計算")
    page.goto(served.address(f"/staff/plans/{small.plan.id}/reviews/"))
    page.get_by_role("button", name="評価を始める").click()
    expect(page.locator("body")).to_contain_text("目標に届いていません")
    every_width(page)
    page.locator("article", has_text="オンライン申請を広げる").get_by_role("link", name="評価を書く").click()
    page.select_option("select[name=result]", "missed")
    page.get_by_role("button", name="評価を書く").click()
    expect(page.locator("body")).to_contain_text("未達の要因を選んでください")
    page.select_option("select[name=cause]", "use")
    page.fill("textarea[name=cause_text]", "窓口で案内できていない")
    page.select_option("select[name=move]", "observe")
    page.fill("textarea[name=move_text]", "来月、窓口で10人に聞く")
    check(page)
    page.get_by_role("button", name="評価を書く").click()
    expect(page.locator("body")).to_contain_text("来月、窓口で10人に聞く")
    for path, words in (
        (f"/staff/plans/{small.plan.id}/", "指標数ベース"),
        (f"/staff/plans/{small.plan.id}/versions/", "目標"),
        (f"/staff/plans/{small.plan.id}/take-in/", "違いを見る"),
        ("/staff/plans/scales/", "7段階"),
        ("/staff/plans/head/", "大事な数字"),
        (f"/staff/plans/sections/{cast.department.id}/", "1,200,000円"),
        ("/staff/indicators/late/", "遅れ"),
        ("/staff/indicators/anomalies/", "説明のつかない数字"),
    ):
        page.goto(served.address(path))
        expect(page.locator("body")).to_contain_text(words)
        every_width(page)
