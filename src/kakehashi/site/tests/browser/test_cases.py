"""The inbox and the case page, as a clerk uses them."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.cases.services import assign_case, move_case, number_cases, post_message
from kakehashi.cases.testing import sample_case
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import person_of
from kakehashi.site.tests.browser.conftest import WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def morning(served, django_db_blocker):
    """A morning's work in ひばり町: four cases in every state; gives the first one's id."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        subjects = (
            "転入届（田中 めぐみ）",
            "児童手当の認定請求（中村 健太）",
            "道路占用許可申請",
            "住民票の写しの交付請求",
        )
        cases = [
            sample_case(town, subject=subject, due_on=clock.today() + timedelta(days=days))
            for subject, days in zip(subjects, (-4, 1, 3, 30), strict=True)
        ]
        for case in cases[:3]:
            assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
        move_case(actor=town.clerk, case=cases[0], phase="waiting", state_label="補正待ち", waiting_on="申請者")
        move_case(actor=town.clerk, case=cases[1], phase="working", state_label="審査中")
        move_case(actor=town.clerk, case=cases[2], phase="deciding", state_label="決裁中")
        post_message(actor=town.clerk, case=cases[0], thread="public", body="前の住所を証明する書類を送ってください。")
        post_message(actor=town.manager, case=cases[0], thread="internal", body="前回の届出と番地が違います。")
        number_cases(government_id=town.id)
        return cases[0].id


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_inbox_and_case_page_pass(served, page_at, every_width, picture, morning, dark):
    page = page_at(1280, who=served.cast.hibari.clerk, dark=dark)
    for name, path in {
        "inbox": "/staff/cases/",
        "inbox-empty": "/staff/cases/?tab=department&q=xyz",
        "inbox-all": "/staff/cases/?tab=all",
        "case": f"/staff/cases/{morning}/",
        "case-as-resident": f"/staff/cases/{morning}/as-resident/",
    }.items():
        page.goto(served.address(path))
        every_width(page)
        if not dark:
            picture(page, name, widths=WIDTHS)


def test_the_longest_words_of_a_row_fit_a_screen(served, page_at, morning, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        case = sample_case(
            town, subject="空き家解体費補助金の交付申請（田中 めぐみ）", due_on=clock.today() + timedelta(days=40)
        )
        assign_case(actor=town.manager, case=case, handler=person_of(town.clerk))
        move_case(actor=town.clerk, case=case, phase="deciding", state_label="決裁済・施行待ち")
        number_cases(government_id=town.id)
    page = page_at(1280, who=town.clerk)
    page.goto(served.address("/staff/cases/"))
    expect(page.get_by_text("決裁済・施行待ち")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 1280


def test_the_inbox_is_worked_by_keyboard(served, page_at, morning):
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address("/staff/cases/"))
    for key in ("j", "j", "x", "k", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/staff/cases/{morning}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("転入届（田中 めぐみ）")


def test_slash_goes_to_the_search_box(served, page_at, morning):
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address("/staff/cases/"))
    if page.locator("#global-search").count():
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "global-search"


def test_assigning_and_taking_back_without_javascript(served, page_at, morning):
    page = page_at(390, who=served.cast.hibari.manager, javascript=False)
    page.goto(served.address("/staff/cases/?tab=department"))
    page.get_by_label("「住民票の写しの交付請求」を選ぶ").check()
    page.get_by_label("選んだ案件の担当").select_option(label="山田 花子")
    page.get_by_role("button", name="担当にする").click()
    expect(page.get_by_text("1件の担当を山田 花子にしました。")).to_be_visible()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("1件の担当を元に戻しました。")).to_be_visible()


def test_a_message_is_sent_by_keyboard_alone(served, page_at, keyboard, morning):
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address(f"/staff/cases/{morning}/"))
    page.locator("#internal_body").focus()
    page.keyboard.type("電話で確かめました。")
    keyboard(page, "メモを残す")
    page.wait_for_url("**#timeline")
    expect(page.get_by_text("電話で確かめました。")).to_be_visible()
