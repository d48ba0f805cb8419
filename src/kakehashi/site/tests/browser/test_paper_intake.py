"""A paper with a gap comes to the counter: it is typed as it stands, its scan is kept, and the gap leads to a 補正."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.files.testing import PDF
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure, type_in

pytestmark = pytest.mark.browser


def test_a_paper_is_typed_recorded_and_printed(served, page_at, check, django_db_blocker):
    hibari = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(hibari.id):
        procedure = an_online_procedure(hibari)
    clerk = page_at(1280, who=hibari.clerk)
    clerk.goto(served.address(f"/staff/procedures/inventory/{procedure.id}/counter/"))
    clerk.get_by_role("button", name="様式に書き写す").click()
    clerk.wait_for_url(re.compile("page_1"))
    type_in(clerk, YOU | {"phone": "よめません"})
    clerk.get_by_role("button", name="次へ進む").click()
    clerk.get_by_role("button", name="紙のとおりにして進む").click()
    clerk.wait_for_url(re.compile("page_2"))
    type_in(clerk, REQUEST)
    clerk.get_by_role("button", name="次へ進む").click()
    expect(clerk.get_by_role("heading", name="書き写した内容を確かめる")).to_be_visible()
    check(clerk)
    clerk.get_by_label(re.compile("使者")).check()
    clerk.get_by_label("届けた人の氏名").fill("田中 一郎")
    scan = {"name": "申請書の写し.pdf", "mimeType": "application/pdf", "buffer": PDF}
    clerk.locator("input[name=scans]").set_input_files(scan)
    clerk.get_by_role("button", name="記録する").click()
    expect(clerk.get_by_role("heading", name="紙に足りないところ")).to_be_visible()
    expect(clerk.get_by_text("よめません")).to_be_visible()
    expect(clerk.get_by_role("link", name="申請書の写し.pdf")).to_be_visible()
    check(clerk)
    with clerk.expect_download() as slip:
        clerk.get_by_role("link", name="受付票を印刷する").click()
    assert slip.value.suggested_filename.endswith(".pdf")
    clerk.set_viewport_size({"width": 390, "height": 844})
    check(clerk)
    clerk.get_by_role("link", name="この内容で補正を依頼する").click()
    expect(clerk.get_by_label("補正していただきたいこと")).to_have_value(re.compile("電話"))
    check(clerk)
