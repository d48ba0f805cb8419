"""まとまりの条件: nested groups are built without a script and by keyboard, and say in words what they mean."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.services import create_form
from kakehashi.eforms.testing import BRANCHING
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser


def test_groups_within_groups(served, page_at, check):
    town = served.cast.hibari
    with tenant_scope(town.id):
        form = create_form(
            actor=town.officer, title="犬の登録", owner_kind="eforms.test", owner_id=uuid7(), definition=BRANCHING
        )
    plain = page_at(390, who=town.officer, javascript=False)
    plain.goto(served.address(f"/staff/eforms/{form.id}/?at=why"))
    plain.get_by_role("link", name="表示する条件を、まとまりで組み立てる").click()
    expect(plain.get_by_role("heading", name=re.compile("を表示する条件"))).to_be_visible()
    plain.get_by_role("button", name="まとまりを足す").first.click()
    expect(plain.get_by_role("group", name="まとまり 2")).to_be_visible()
    plain.get_by_role("button", name="条件を保存する").last.click()
    expect(plain.get_by_role("alert")).to_contain_text("条件を選ぶか、この行を消してください。")
    page = page_at(1280, who=town.officer)
    page.goto(served.address(f"/staff/eforms/{form.id}/conditions/why"))
    page.get_by_role("button", name="まとまりを足す").first.focus()
    page.keyboard.press("Enter")
    inner = page.get_by_role("group", name="まとまり 2")
    # What was added has the keyboard.
    expect(inner.get_by_label("つなぎ方")).to_be_focused()
    page.get_by_label("条件 1", exact=True).select_option(index=1)
    page.get_by_label("条件 2-1", exact=True).select_option("equals|kind|stop")
    page.get_by_label("条件 2-2", exact=True).select_option("equals|pet|dog")
    inner.get_by_label("つなぎ方").select_option("not")
    page.get_by_role("button", name="文にして確かめる").click()
    expect(page.get_by_role("status")).to_contain_text("以外のとき")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(folder) / f"condition-{width}.png"), full_page=True)
    page.get_by_role("button", name="条件を保存する").last.click()
    expect(page.get_by_text("表示する条件を保存しました。")).to_be_visible()
    expect(page.get_by_text("以外のときだけ表示する", exact=False).first).to_be_visible()
