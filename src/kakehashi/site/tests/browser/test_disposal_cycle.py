"""The yearly cycle in the browser: list, section, chief, archives' stage, execution, certificate, tombstone, public register."""

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.records.models import DisposalList
from kakehashi.records.services import execute_piece, gather_piece
from kakehashi.records.testing import expired, with_schedule

pytestmark = pytest.mark.browser


def test_from_the_list_to_the_tombstone(served, page_at, every_width, django_db_blocker):
    town = served.cast.hibari

    def worker(work):
        with django_db_blocker.unblock(), tenant_scope(town.id):
            work(DisposalList.objects.get())

    with django_db_blocker.unblock(), tenant_scope(town.id):
        with_schedule(town)
        expired(town, with_content="記録".encode())
    page = page_at(1280, who=town.officer)
    page.goto(served.address("/staff/records/disposals/"))
    page.get_by_role("button", name="一覧を作る").click()
    expect(page.get_by_text("一覧を作っています。")).to_be_visible()
    address = page.url
    worker(lambda made: gather_piece(disposal_list=made))
    chosen(page_at(390, who=town.clerk), address, "申し出る", "1件を申し出ました。", every_width)
    chosen(page_at(390, who=town.manager), address, "確かめる", "1件を確かめました。", every_width)
    page.goto(address)
    page.get_by_role("button", name="執行待ちの1冊を執行する").click()
    expect(page.get_by_text("執行しています。")).to_be_visible()
    worker(lambda made: execute_piece(disposal_list=made, label=town.officer.label))
    page.goto(address)
    expect(page.get_by_role("link", name="第1号（PDF）")).to_be_visible()
    every_width(page)
    page.get_by_role("link", name="C-02").first.click()
    expect(page.get_by_text("中身は残っていません。")).to_be_visible()
    every_width(page)
    anybody = page_at(390)
    anybody.goto(served.address("/records/?gone=1"))
    expect(anybody.get_by_text("令和2年度 C-02に関する文書").first).to_be_visible()
    every_width(anybody)


def chosen(page, address, verb, sentence, every_width):
    """Choose the file on the list and act on it."""
    page.goto(address)
    page.get_by_role("checkbox", name="C-02").first.check()
    every_width(page)
    page.get_by_role("button", name=verb).click()
    expect(page.get_by_text(sentence)).to_be_visible()
