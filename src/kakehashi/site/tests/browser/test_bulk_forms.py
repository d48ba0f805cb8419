"""まとめて様式を作る: converted papers and a file give procedures their forms at once; a person opens one; all of it goes back."""

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import a_paper, a_procedure

pytestmark = pytest.mark.browser
BATCHES = "/staff/procedures/inventory/batches/"


def test_forms_for_many_procedures(served, page_at, check, tmp_path):
    town = served.cast.hibari
    with tenant_scope(town.id):
        a_paper(town)
        a_procedure(town.officer, "転居届")
    page = page_at(1280, who=town.officer)
    page.goto(served.address(BATCHES))
    page.get_by_role("button", name="1件の下書きから手続と様式を作る").click()
    expect(page.get_by_text("様式の下書きを1件作ります。", exact=False)).to_be_visible()
    page.get_by_role("button", name="1件を反映する").click()
    expect(page.get_by_text("1件を反映しました。").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    listed = tmp_path / "様式.csv"
    listed.write_text(
        "手続名,種類,様式のもと\n転居届,届出,手続：犬の登録申請\n婚姻届,届出,ない様式\n", encoding="utf-8"
    )
    page.goto(served.address(BATCHES))
    page.get_by_label("手続の一覧表").set_input_files(listed)
    page.get_by_role("button", name="中身を確かめる").click()
    expect(page.get_by_text("様式のもと「ない様式」が見つかりません", exact=False)).to_be_visible()
    check(page)
    page.get_by_role("button", name="1件を反映する").click()
    page.get_by_role("link", name="転居届").click()
    expect(page.get_by_text("様式作成中").first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="様式作成中の手続を開いて、一つずつ確かめる").click()
    expect(page.get_by_role("link", name="転居届")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="この取り込みを元に戻す").click()
    expect(page.get_by_text("1件を元に戻しました。").first).to_be_visible()
