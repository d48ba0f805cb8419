"""A resident applies with the keyboard alone: Tab, letters, arrows, space and Enter."""

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure

pytestmark = pytest.mark.browser

_NAME = "() => document.activeElement.name || ''"
_CHOSEN = "() => document.activeElement.selectedOptions[0].label"


def reach(page, name):
    """Press Tab until the field of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(_NAME) == name:
            return
    raise AssertionError(f"{name} cannot be reached on {page.url}")


def answer(page, name, value):
    """Put a value into the focused field as a keyboard does."""
    reach(page, name)
    kind = page.evaluate("() => document.activeElement.tagName + ':' + document.activeElement.type")
    if kind.startswith("SELECT"):
        for _ in range(60):
            if page.evaluate(_CHOSEN) == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen in {name}")
    if kind == "INPUT:checkbox":
        page.keyboard.press("Space")
    else:
        page.keyboard.type(value)


def test_a_resident_applies_by_keyboard(served, page_at, keyboard):
    town = served.cast.hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
    page = page_at(1280)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    keyboard(page, "申請を始める")
    page.wait_for_url("**/steps/**")
    for values, button in ((YOU, "次へ進む"), (REQUEST, "確認へ進む")):
        for name, value in values.items():
            if value:
                answer(page, name, value)
        here = page.url
        keyboard(page, button)
        page.wait_for_url(lambda url, here=here: url != here)
    keyboard(page, "申請する")
    page.wait_for_url("**/receipt/")
    expect(page.get_by_text("受付番号").first).to_be_visible()
