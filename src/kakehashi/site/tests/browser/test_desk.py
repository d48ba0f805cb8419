"""The consultation desk, the search and the bell, as staff use them."""

import pytest
from playwright.sync_api import expect

from kakehashi.desk.services import (
    adopt_case,
    check_solved_case,
    draft_solved_case,
    edit_solved_case,
    submit_solved_case,
)
from kakehashi.desk.testing import assigned, filed, published, resolved
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.services import deliver_notice
from kakehashi.notices.testing import tell
from kakehashi.search.services import index_pending
from kakehashi.site.tests.browser.conftest import WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(served, django_db_blocker):
    """One thing of every kind in both towns; gives the pages to visit by name."""
    here, there = served.cast.hibari, served.cast.misaki
    with django_db_blocker.unblock():
        with tenant_scope(there.id):
            shared = published(there, population=180_000, system="予約システム", conditions="部屋が4室まで。")
        with tenant_scope(here.id):
            new, running = filed(here, purpose=""), assigned(here, task="空き家補助金の審査")
            published(here, title="会議室の鍵の貸出簿をやめた")
            masking = draft_solved_case(actor=here.officer, consultation=resolved(here, task="検針の連絡"))
            edit_solved_case(
                actor=here.officer,
                case=masking,
                values={"what_was_done": "山田花子さん（0178-12-3456）の入力をやめた。"},
            )
            submit_solved_case(actor=here.officer, case=masking)
            check_solved_case(actor=here.manager, case=masking)
            adopted = adopt_case(actor=here.officer, case_id=shared.id)
            deliver_notice(notice_id=tell(here, here.officer, delay_seconds=0).id)
            index_pending()
    return {
        "desk": "/staff/desk/?tab=all",
        "desk-empty": "/staff/desk/?q=xyz",
        "desk-new": "/staff/desk/new/",
        "desk-received": f"/staff/desk/{new.id}/",
        "desk-running": f"/staff/desk/{running.id}/",
        "desk-resolve": f"/staff/desk/{running.id}/resolve/",
        "desk-adopted": f"/staff/desk/{adopted.id}/",
        "desk-cases": "/staff/desk/cases/",
        "desk-cases-found": "/staff/desk/cases/?q=台帳",
        "desk-case": f"/staff/desk/cases/{masking.id}/",
        "desk-case-edit": f"/staff/desk/cases/{masking.id}/edit/",
        "desk-masking": f"/staff/desk/cases/{masking.id}/masking/",
        "desk-shared": "/staff/desk/cases/shared/",
        "desk-shared-case": f"/staff/desk/cases/shared/{shared.id}/",
        "search": "/staff/search/?q=公民館",
        "search-nothing": "/staff/search/?q=存在しません",
        "notices": "/staff/notices/",
        "notice-preferences": "/staff/notices/preferences/",
        "notice-deliveries": "/staff/notices/deliveries/",
    }


def test_every_page_passes(served, page_at, every_width, picture, desk):
    page = page_at(1280, who=served.cast.hibari.officer)
    for name, path in desk.items():
        assert page.goto(served.address(path)).status == 200, name
        every_width(page)
        picture(page, name, widths=WIDTHS)


def test_dark_pages_pass(served, page_at, axe, desk):
    page = page_at(390, who=served.cast.hibari.officer, dark=True)
    for name in ("desk-new", "desk-running", "desk-masking", "desk-shared-case", "search", "notices"):
        page.goto(served.address(desk[name]))
        axe(page)


def test_similar_cases_appear_while_writing(served, page_at, desk):
    page = page_at(1280, who=served.cast.hibari.officer)
    page.goto(served.address("/staff/desk/new/"))
    page.get_by_label("どの業務ですか").fill("公民館の予約")
    page.get_by_label("何に困っていますか").fill("台帳に何度も書き写している")
    expect(page.locator("#similar")).to_contain_text("みさき市の事例")
    expect(page.locator("#similar a")).to_have_count(0)
    page.get_by_label("その業務は、何のためですか").fill("町民が使いやすいように")
    page.get_by_label("どうなったらよいですか").fill("一度書けば済む")
    page.locator("#similar a").first.wait_for()
    expect(page.locator("#similar")).to_contain_text("みさき市の事例")
    expect(page.locator("#similar")).to_contain_text("一致")
    page.get_by_role("button", name="相談する").click()
    expect(page.locator("main")).to_contain_text("相談を受け付けました")


def test_without_javascript_a_button_shows_them(served, page_at, desk):
    page = page_at(390, who=served.cast.hibari.officer, javascript=False)
    page.goto(served.address("/staff/desk/new/"))
    page.get_by_label("どの業務ですか").fill("公民館の予約")
    page.get_by_role("button", name="似た事例を見る").click()
    expect(page.locator("#similar")).to_contain_text("みさき市の事例")
    assert page.get_by_label("どの業務ですか").input_value() == "公民館の予約"


def test_adopting_by_keyboard(served, page_at, keyboard, desk):
    page = page_at(1280, who=served.cast.misaki.officer)
    page.goto(served.address("/staff/desk/cases/shared/", served.cast.misaki))
    page.get_by_role("link", name="会議室の鍵の貸出簿をやめた").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="うちでも使う").wait_for()
    keyboard(page, "うちでも使う")
    page.wait_for_url("**/staff/desk/*/")
    expect(page.locator("main")).to_contain_text("取り入れの手順")
