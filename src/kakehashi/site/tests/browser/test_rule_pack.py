"""A town's rules: begun from the shipped pack, put in force, revised, caught by the linter, mended, in force on 4/1, and asked."""

import re

import pytest
from playwright.sync_api import Page, expect

from kakehashi.approvals.models import RulePack
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser

RULES = "/staff/approvals/rules/"
NEW_CLAUSE = "別表第1第4項の2(1)"


def put_in_force(page: Page, day: str, edition: str) -> None:
    page.get_by_role("link", name="制定へ進む").click()
    page.get_by_label("施行日").fill(day)
    page.get_by_label("規程の番号・日付").fill(edition)
    page.get_by_role("button", name="この版を制定する").click()


def open_grant(page: Page, decider: str) -> None:
    page.locator("#filter-q").fill("補助金等の交付決定")
    page.get_by_role("button", name="しぼり込む").click()
    page.get_by_role("row", name=f"補助金等の交付決定・{decider}").get_by_role("link").click()


def test_a_band_is_changed_caught_mended_and_in_force_on_the_first_of_april(served, page_at, every_width, picture):
    town = served.cast.hibari
    page = page_at(1280, who=town.administrator)
    page.goto(served.address(RULES))
    page.get_by_role("button", name="町のひな形から始める").click()
    expect(page.get_by_text("下書きを作りました。")).to_be_visible()
    put_in_force(page, "2026-04-01", "令和8年3月20日訓令第4号")
    expect(page.get_by_text("第1版を制定しました。")).to_be_visible()
    every_width(page)
    page.goto(served.address(RULES))
    every_width(page)
    picture(page, "rules-versions")
    page.get_by_role("button", name="第1版を改正する").click()
    page.get_by_role("link", name=re.compile("^専決 ")).click()
    open_grant(page, "課長")
    every_width(page)
    page.get_by_label("金額の上限").fill("３０万")
    page.get_by_role("button", name="下書きに保存する").click()
    expect(page.get_by_text("は0以上の整数で記入してください").first).to_be_visible()
    page.get_by_label("金額の上限").fill("300,000円")
    page.get_by_label("条項").fill(NEW_CLAUSE)
    page.get_by_role("button", name="下書きに保存する").click()
    expect(page.get_by_text("300,001円以上500,001円未満のとき、決裁する者がいません")).to_be_visible()
    every_width(page)
    picture(page, "rules-findings")
    open_grant(page, "副町長")
    page.get_by_label("金額の下限").fill("300000")
    page.get_by_label("条項").fill(NEW_CLAUSE.replace("(1)", "(2)"))
    page.get_by_role("button", name="下書きに保存する").click()
    expect(page.get_by_text("決裁する者がいません")).to_have_count(0)
    page.get_by_role("link", name="第1版の改正").first.click()
    page.get_by_role("link", name="制定へ進む").click()
    expect(page.get_by_text("金額の上限が500,000円から300,000円に変わります。", exact=False)).to_be_visible()
    every_width(page)
    page.go_back()
    put_in_force(page, "2027-04-01", "令和9年訓令第4号")
    expect(page.get_by_text("第2版を制定しました。")).to_be_visible()
    with tenant_scope(town.id):
        assert [str(pack.valid_to) for pack in RulePack.objects.order_by("number")] == ["2027-03-31", "None"]


def test_the_simulator_names_the_clause_without_javascript(served, page_at, every_width):
    town = served.cast.hibari
    with tenant_scope(town.id):
        from kakehashi.approvals.testing import with_rules

        with_rules(town)
    page = page_at(390, who=town.clerk, javascript=False)
    page.goto(served.address(f"{RULES}simulate/"))
    page.get_by_label("決裁事項").select_option("disposition.grant")
    page.get_by_label("金額").fill("５，０００，０００")
    page.get_by_label("起案する課").select_option(label="住民課")
    page.get_by_role("button", name="調べる").click()
    expect(page.get_by_text("副町長が専決します。根拠は事務決裁規程別表第1第4項(2)です。")).to_be_visible()
    answered = page.url
    page = page_at(390, who=town.clerk)
    page.goto(answered)
    every_width(page)
    page.goto(served.address(f"{RULES}import/"))
    every_width(page)
