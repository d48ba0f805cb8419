"""The frame of every page: axe, 400 % zoom, dark mode, no JavaScript, keyboard, print."""

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Post

pytestmark = pytest.mark.browser

PATHS = ["/style/", "/style/?errors=1", "/style/?shell=staff&messages=1", "/", "/staff/help/", "/nowhere/"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_frame_passes(served, page_at, every_width, dark):
    page = page_at(1280, dark=dark, who=served.cast.hibari.clerk)
    for path in PATHS:
        page.goto(served.address(path))
        every_width(page)


def test_root_passes(served, page_at, check):
    page = page_at(390)
    page.goto(f"{served.url}/")
    check(page)
    page.get_by_role("link", name="ひばり町").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ひばり町の手続")


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_resident_home_in_every_language(served, page_at, check, language):
    page = page_at(390, language=language)
    page.goto(served.address("/"))
    check(page)


def test_language_is_changed_without_javascript_and_the_page_is_kept(served, page_at):
    page = page_at(390, javascript=False)
    page.goto(served.address("/style/?from=here"))
    page.get_by_role("button", name="English").click()
    assert page.url == served.address("/style/?from=here")
    assert page.get_by_text("Skip to content").count() == 1


def test_what_only_a_script_can_do_is_not_offered_without_one(served, page_at):
    page = page_at(390, javascript=False, who=served.cast.hibari.officer)
    with tenant_scope(served.cast.hibari.id):
        post = Post.objects.earliest("id")
    page.goto(served.address(f"/staff/people/posts/{post.id}/handover/"))
    button = page.locator("[data-print]")
    assert button.count() == 1
    expect(button).to_be_hidden()


def test_what_has_the_focus_is_not_under_the_bars_of_a_phone(served, page_at):
    page = page_at(390, who=served.cast.hibari.clerk)
    page.goto(served.address("/staff/approvals/new/"))
    bar = page.locator(".dads-fixed-acts").bounding_box()["y"]
    tops = {}
    for _ in range(60):
        page.keyboard.press("Tab")
        name, top, inside = page.evaluate(
            "() => { const e = document.activeElement;"
            " return [e.name || '', e.getBoundingClientRect().top, !!e.closest('main') && !e.closest('.dads-fixed-acts')]; }"
        )
        if inside and name:
            tops[name] = top
    assert {"request", "notice_addressee"} <= set(tops)
    assert {name: top for name, top in tops.items() if top > bar - 10} == {}


def test_skip_link_is_the_first_stop(served, page_at):
    page = page_at(1280)
    page.goto(served.address("/style/"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_keys_move_through_a_list(served, page_at):
    page = page_at(1280)
    page.goto(served.address("/style/"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-row] input:checked").count() == 1
    assert page.locator("[data-row]").nth(1).get_attribute("data-selected") == ""


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(served, page_at):
    page = page_at(390)
    page.goto(served.address("/style/?errors=1"))
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.get_by_role("link", name="氏名：").click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_paper_has_no_menus(served, page_at):
    page = page_at(1280)
    page.goto(served.address("/style/?shell=staff"))
    page.emulate_media(media="print")
    expect(page.locator(".dads-rail")).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
