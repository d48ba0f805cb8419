"""Forms: the staff's editor, and every kind of question on a phone and on a desk."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.models import Form
from kakehashi.eforms.services import create_form
from kakehashi.eforms.testing import BRANCHING, WHOLE
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser


def made(served, definition=WHOLE, title="飼い犬の登録") -> Form:
    town = served.cast.hibari
    with tenant_scope(town.id):
        return create_form(
            actor=town.clerk, title=title, owner_kind="eforms.test", owner_id=uuid7(), definition=definition
        )


def look(page, name):
    """A picture of the whole page, only where somebody asked to look."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(
            path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"),
            full_page=page.viewport_size["width"] < 600 or not name.startswith("editor"),
        )


def test_the_editor_passes(served, page_at, every_width):
    form = made(served)
    page = page_at(1280, who=served.cast.hibari.clerk)
    for at in ("kind", "page_1", "family", "about"):
        page.goto(served.address(f"/staff/eforms/{form.id}/?at={at}"))
        page.evaluate("document.querySelectorAll('details.dads-disclosure').forEach(one => { one.open = true })")
        every_width(page)
        look(page, f"editor-{at}")


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_question_passes_empty_and_wrong(served, page_at, every_width, language):
    form = made(served)
    page = page_at(390, who=served.cast.hibari.clerk)
    page.goto(served.address(f"/staff/eforms/{form.id}/trial?lang={language}"))
    every_width(page)
    look(page, f"questions-{language}")
    page.locator("[id='id_home.postcode']").fill("000")
    page.locator("main button[data-type='solid-fill']").click()
    page.wait_for_selector("#error-summary")
    # The page has scrolled to the summary; what the bar at the top covers half is no target until one scrolls back.
    page.evaluate("window.scrollTo(0, 0)")
    every_width(page)
    look(page, f"errors-{language}")


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_form_is_made_tried_and_published(served, page_at, check, javascript):
    form = made(served, definition=None, title="転入届")
    page = page_at(1280, who=served.cast.hibari.clerk, javascript=javascript)
    page.goto(served.address(f"/staff/eforms/{form.id}/"))
    page.get_by_label("足す項目の種類").select_option("address")
    page.get_by_role("button", name="足す", exact=True).click()
    page.get_by_label("質問の文※必須").fill("あたらしい住所")
    page.get_by_role("button", name="変更を保存する").click()
    page.get_by_role("link", name="あたらしい住所").wait_for()
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_role("link", name="あたらしい住所").wait_for(state="detached")
    page.get_by_role("button", name="やり直す").click()
    page.get_by_role("link", name="あたらしい住所").wait_for()
    page.get_by_role("link", name="試しに申請する").click()
    page.get_by_label("郵便番号").fill("939-0361")
    page.get_by_role("button", name="住所を入れる").click()
    expect(page.get_by_label("市区町村")).to_have_value("射水市")
    page.get_by_label("町名・番地").fill("大島1-1")
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="試しに申請する").click()
    page.get_by_text("申請にはなっていません").wait_for()
    page.get_by_text("〒939-0361 富山県射水市大島1-1").wait_for()
    page.get_by_role("link", name="公開の確認へ").click()
    if javascript:
        check(page)
        look(page, "publish")
    page.get_by_role("button", name="第1版として公開する").click()
    page.get_by_text("第1版を公開しました").wait_for()


def test_a_wrong_act_is_said_without_leaving_the_page(served, page_at):
    form = made(served, BRANCHING)
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address(f"/staff/eforms/{form.id}/?at=pet"))
    page.get_by_role("button", name="消す").click()
    page.get_by_role("alert").get_by_text("先に条件をはずしてください").wait_for()
    page.reload()
    page.get_by_role("heading", name="目次").wait_for()


def test_the_keyboard_alone_adds_a_question(served, page_at, keyboard):
    form = made(served, definition=None)
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address(f"/staff/eforms/{form.id}/"))
    page.get_by_label("足す項目の種類").focus()
    page.keyboard.press("ArrowDown")
    keyboard(page, "足す")
    page.get_by_role("link", name="氏名（カナつき）").wait_for()
    page.locator("main h1").click()
    page.keyboard.press("/")
    expect(page.get_by_label("打って足す")).to_be_focused()
    page.keyboard.type("じゅうしょ あたらしい住所")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="あたらしい住所").wait_for()
    look(page, "editor-slash")
