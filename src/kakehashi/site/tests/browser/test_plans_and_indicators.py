"""Plans, indicators and the rooms in use, on a phone and on a desk: axe, 400 % zoom, no script, three languages."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value, take_snapshots
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.services import publish_plan, report_initiative
from kakehashi.plans.testing import small_plan

pytestmark = pytest.mark.browser


@pytest.fixture
def small(served, django_db_blocker):
    """A published plan with one number that is behind its target, and its reason."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        plan = small_plan(town.officer)
        record_value(actor=town.officer, measure=plan.measure, period=Period.year(plan.year), value=Decimal(45))
        record_value(actor=town.officer, measure=plan.measure, period=Period.year(plan.year - 1), value=Decimal(40))
        report_initiative(
            actor=town.clerk,
            initiative=plan.initiative,
            state=InitiativeState.AT_RISK,
            reason="利用が伸びていません。",
            next_move="公民館で一緒に申請する日を設けます。",
        )
        publish_plan(actor=town.officer, plan=plan.plan)
        take_snapshots(months=2)
        return plan


def test_staff_pages(served, page_at, every_width, small):
    page = page_at(1280, who=served.cast.hibari.administrator)
    for path in (
        "/staff/plans/",
        "/staff/plans/new/",
        f"/staff/plans/{small.plan.id}/",
        f"/staff/plans/initiatives/{small.initiative.id}/",
        f"/staff/plans/initiatives/{small.initiative.id}/indicators/new/",
        f"/staff/plans/indicators/{small.indicator.id}/targets/",
        "/staff/indicators/",
        "/staff/indicators/new/",
        f"/staff/indicators/{small.measure.code}/",
        f"/staff/indicators/{small.measure.code}/record/",
        "/staff/indicators/procedures.usage_rate/",
        "/staff/indicators/procedures.usage_rate/rows/",
        "/staff/governments/rooms/",
    ):
        page.goto(served.address(path))
        every_width(page)


@pytest.mark.parametrize(("language", "word"), [("ja", "遅れのおそれ"), ("ja-easy", "おくれる"), ("en", "At risk")])
def test_the_plan_of_residents(served, page_at, check, small, language, word):
    page = page_at(390, language=language)
    page.goto(served.address(f"/plans/{small.plan.id}/"))
    expect(page.locator("body")).to_contain_text(word)
    check(page)


def test_a_miss_is_reported_without_javascript(served, page_at, check, small):
    page = page_at(390, who=served.cast.hibari.clerk, javascript=False)
    page.goto(served.address(f"/staff/plans/initiatives/{small.initiative.id}/"))
    page.select_option("select[name=state]", "missed")
    page.fill("textarea[name=next_move]", "")
    page.get_by_role("button", name="報告する").click()
    expect(page.locator("body")).to_contain_text("次の一手を書いてください")
    assert page.input_value("textarea[name=reason]") == "利用が伸びていません。"
    page.fill("textarea[name=next_move]", "来年度は窓口の職員が案内します。")
    page.get_by_role("button", name="報告する").click()
    expect(page.locator("body")).to_contain_text("状態を報告しました")
