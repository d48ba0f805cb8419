"""改組: a table is loaded, what would stop is mended on the screen, applied in one act and called off."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from kakehashi.cases.models import Case
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser

TABLE = "令和9年度の組織,,\n課コード,課名,文書記号\n01,総務課,総\n05,まちづくり推進室,ま\n"


def test_next_april_is_tried_out_and_called_off(served, page_at, every_width):
    town = served.cast.hibari
    with tenant_scope(town.id):
        Case.objects.create(
            kind="desk.consultation",
            source_id=uuid7(),
            fiscal_year=2026,
            subject="転入届の確認",
            department=town.department,
            state_label="審査中",
        )
    day = date(clock.today().year + 1, 4, 1)
    page = page_at(1280, who=town.administrator)
    page.goto(served.address("/staff/people/reorganisations/"))
    every_width(page)
    page.get_by_label("新しい組織の始まる日").fill(day.isoformat())
    page.get_by_label("新しい組織の表").set_input_files(
        {"name": "新組織.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp932")}
    )
    page.get_by_role("button", name="試算を始める").click()
    expect(page.get_by_label("所属コード", exact=False).first).to_have_value("課コード")
    every_width(page)
    page.get_by_role("button", name="この列で読む").click()
    finding = page.get_by_role("link", name="住民課の処理中の案件が1件あります。")
    expect(finding).to_be_visible()
    expect(page.get_by_role("button", name="改組を適用する")).to_have_count(0)
    every_width(page)
    finding.click()
    expect(page.get_by_role("link", name="転入届の確認")).to_be_visible()
    every_width(page)
    page.go_back()
    page.get_by_label("住民課の引継ぎ先の所属").select_option(label="05 まちづくり推進室")
    page.get_by_role("button", name="引継ぎ先を保存する").click()
    expect(page.get_by_text("まちづくり推進室の案件になります")).to_be_visible()
    # One piece of work goes elsewhere; the rest follows the default.
    page.get_by_role("link", name="住民課の処理中の案件が1件あります。").click()
    page.get_by_label(re.compile("転入届の確認.*を選ぶ")).check()
    page.locator("select[name=heir]").select_option(label="01 総務課")
    page.get_by_role("button", name="この引継ぎ先へ移す").click()
    expect(page.get_by_text("引継ぎ先：総務課")).to_be_visible()
    every_width(page)
    page.get_by_role("link", name="4月1日の改組").click()
    expect(page.get_by_text("選んだ1件").first).to_be_visible()
    every_width(page)
    page.get_by_role("button", name="改組を適用する").click()
    expect(page.get_by_text("改組を適用しました。")).to_be_visible()
    every_width(page)
    page.goto(served.address(f"/staff/people/chart/?on={day}"))
    expect(page.get_by_text("まちづくり推進室").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="適用を取りやめる").click()
    expect(page.get_by_text("適用を取りやめました。")).to_be_visible()
    page.get_by_role("link", name="組織を画面で直す").click()
    every_width(page)
