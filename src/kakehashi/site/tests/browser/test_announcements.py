"""News, the emergency band and the counter, on a phone and on a desk."""

import os
from pathlib import Path

import pytest

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.services import publish_announcement
from kakehashi.procedures.testing import an_online_procedure

pytestmark = pytest.mark.browser


@pytest.fixture
def procedure_id(served, django_db_blocker):
    """ひばり町 with a procedure, a piece of news and an emergency."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        words = {"title": "年末年始の窓口", "body": "12月29日から1月3日まで休みます。", "kind": "news"}
        urgent = {"title": "大雨：川の近くから逃げてください", "body": "避難所は中央公民館です。", "kind": "emergency"}
        for values in (words, urgent):
            values |= {"starts_at": clock.now(), "ends_at": None}
            publish_announcement(actor=town.officer, values=values, idempotency_key=uuid7())
        return an_online_procedure(town).id


def look(page, name):
    """A picture of the page, only where somebody asked to look."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def test_residents_read_it_and_staff_write_it(served, page_at, every_width, procedure_id):
    page = page_at(390)
    page.goto(served.address("/"))
    every_width(page)
    look(page, "home")
    page.locator(".dads-emergency-banner a").click()
    page.get_by_text("避難所は中央公民館です。").wait_for()
    every_width(page)
    staff = page_at(390, who=served.cast.hibari.officer)
    for name, path in (("list", ""), ("form", "new/")):
        staff.goto(served.address(f"/staff/notices/announcements/{path}"))
        every_width(staff)
        look(staff, f"announcement-{name}")


def test_the_counter_types_a_paper(served, page_at, every_width, procedure_id):
    page = page_at(390, who=served.cast.hibari.clerk)
    page.goto(served.address(f"/staff/procedures/inventory/{procedure_id}/counter/"))
    page.get_by_role("button", name="様式に書き写す").click()
    page.get_by_label("氏", exact=True).fill("田中")
    page.get_by_role("button", name="次へ進む").click()
    page.get_by_role("button", name="紙のとおりにして進む").wait_for()
    every_width(page)
    look(page, "counter-step")
    page.get_by_role("button", name="紙のとおりにして進む").click()
    page.get_by_role("link", name="確認へ").click()
    page.get_by_label("氏名・名称").fill("田中 めぐみ")
    every_width(page)
    look(page, "counter-confirm")
    page.get_by_role("button", name="記録する").click()
    page.get_by_text("記録しました。").wait_for()
    page.get_by_role("button", name="受付する").click()
    page.get_by_role("button", name="元に戻す").wait_for()
    every_width(page)
    look(page, "case")
