"""効果: a resident stops half-way, an officer sees where, writes the assumption, and everybody reads how long things took."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application
from kakehashi.procedures.services import count_filings, measure_processing
from kakehashi.procedures.testing import YOU, an_online_procedure, type_in
from kakehashi.procedures.tests.test_measure_waiting import finished

pytestmark = pytest.mark.browser


@pytest.fixture
def look(check):
    """The rules of every page on both widths, and a picture for whoever wants to look: `SHOTS=/folder`."""

    def run(page, name):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            check(page)
            if folder := os.environ.get("SHOTS"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    return run


def test_from_a_page_left_half_way_to_open_data(served, page_at, look, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        procedure = an_online_procedure(town, Kind.NOTIFICATION)
        finished(served.cast, procedure, *range(1, 13), ago=0)
        Application.objects.update(channel="online", state="completed")
    page = page_at(390)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.locator('form[action$="start/"] button').first.click()
    type_in(page, YOU)
    page.get_by_role("button", name="次へ").click()
    expect(page.locator('[name="content"]')).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(town.id):
        count_filings()
        measure_processing()
    staff = page_at(1280, who=town.officer)
    staff.goto(served.address("/staff/procedures/effect/"))
    look(staff, "effect")
    staff.get_by_role("link", name="前提がわからない 12件").first.click()
    expect(staff.get_by_text("12行")).to_be_visible()
    look(staff, "effect-rows")
    staff.goto(served.address(f"/staff/procedures/inventory/{procedure.id}/effect/"))
    expect(staff.get_by_text("書きかけ 1。")).to_be_visible()
    look(staff, "procedure-effect")
    staff.get_by_role("link", name="この手続の前提を書く").click()
    for name, value in (("minutes_before", "30"), ("minutes_online", "10")):
        staff.locator(f'[name="{name}"]').fill(value)
    staff.get_by_role("button", name="前提を保存する").click()
    expect(staff.locator(".dads-error-summary, [role=alert]").first).to_be_visible()
    look(staff, "assumption")
    staff.locator('[name="source"]').fill("窓口で30件を測った")
    staff.get_by_role("button", name="前提を保存する").click()
    expect(staff.get_by_text("240", exact=False).first).to_be_visible()
    staff.goto(served.address("/staff/procedures/effect/assumptions/"))
    look(staff, "assumptions")
    page.goto(served.address("/procedures/times/"))
    expect(page.get_by_text("11日まで")).to_be_visible()
    look(page, "times")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSVで受け取る").click()
    assert download.value.suggested_filename == "processing-times.csv"
