"""Two journeys: staff make a form with everything in it; a resident is stopped kindly, then passes and signs."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.domain.blocks import BLOCK
from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step
from kakehashi.eforms.domain.whole_form import Fee, ScreeningQuestion
from kakehashi.eforms.services import create_form, publish_form, save_draft
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.selectors.applications import ApplicationFilters, applications
from kakehashi.procedures.testing import an_online_procedure

pytestmark = pytest.mark.browser

CONTACT = FormDefinition(
    steps=(Step("page_1", "連絡先", (Field("phone_1", "phone", "日中の電話番号", required=True),)),), next_number=2
)


def look(page, name):
    """A picture of the whole page, only where somebody asked to look."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def publish_block(town, form, definition):
    form.refresh_from_db()
    save_draft(actor=town.officer, form=form, definition=definition, expected_revision=form.revision)
    form.refresh_from_db()
    publish_form(actor=town.officer, form=form)


def choose(page, key, **values):
    """Fill properties of the item ``key`` by their input names and save them."""
    page.goto(re.sub(r"/staff/eforms/([^/]+)/.*", rf"/staff/eforms/\1/?at={key}", page.url))
    page.evaluate("document.querySelectorAll('details.dads-disclosure').forEach(one => { one.open = true })")
    for name, value in values.items():
        field = page.locator(f"#properties [name='{name}']")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"#properties [name='{name}'][value='{value}']").check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    revision = page.locator("#properties [name=revision]").last
    before = revision.input_value()
    page.get_by_role("button", name="変更を保存する").click()
    expect(revision).not_to_have_value(before, timeout=20_000)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_form_with_conditions_calculation_block_and_languages(served, page_at, check, width):
    town = served.cast.hibari
    with tenant_scope(town.id):
        block = create_form(actor=town.officer, title="連絡先", owner_kind=BLOCK, owner_id=uuid7(), definition=CONTACT)
        publish_form(actor=town.officer, form=block)
        form = create_form(actor=town.officer, title="生ごみ処理機の補助", owner_kind="eforms.test", owner_id=uuid7())
    page = page_at(width, who=town.officer)
    page.goto(served.address(f"/staff/eforms/{form.id}/"))
    for words in ("金額 買った値段", "計算 補助額", "文章 値段の説明"):
        page.get_by_label("打って足す").fill(words)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=words.split()[1]).wait_for()
    choose(page, "calc_3", f_0_source="answer|money_2|", f_0_ratio="1/2", f_unit="1000", f_most="20000")
    choose(page, "text_4", condition_0="at_least|money_2|", number_0="100000", t_en_label="About the price")
    choose(page, "_form", fee_kind="fixed", fee_yen="300")
    page.get_by_role("button", name="質問を足す").click()
    expect(page.locator("#properties-title")).to_have_text("はじめる前の質問", timeout=20_000)
    choose(page, "check_5", label="町内に住んでいますか", stops_on="no", why="町内の方の補助です。")
    page.get_by_text("部品を入れる").first.click()
    page.get_by_label("部品に合わせる").check()
    page.get_by_role("button", name="部品を入れる").click()
    page.get_by_role("link", name="日中の電話番号").wait_for()
    check(page)
    look(page, "journey-editor")
    page.get_by_role("link", name="公開の確認へ").click()
    expect(page.get_by_text("やさしい日本語：")).to_contain_text("か所に文がありません")
    page.get_by_role("button", name="第1版として公開する").click()
    page.get_by_text("第1版を公開しました").wait_for()
    with tenant_scope(town.id):
        more = Step("page_1", "連絡先", (*CONTACT.steps[0].fields, Field("email_2", "email", "メール")))
        publish_block(town, block, FormDefinition(steps=(more,), next_number=3))
    page.reload()
    page.get_by_role("link", name="変わるところを見る").click()
    page.get_by_text("「メール」がふえます").wait_for()
    check(page)
    look(page, "journey-follow")
    page.get_by_role("button", name="第2版に合わせる").click()
    page.get_by_role("link", name="公開の確認へ").click()
    page.get_by_role("button", name="第2版として公開する").click()
    page.get_by_role("link", name="版とファイル").click()
    page.get_by_role("heading", name="第2版").wait_for()
    expect(page.get_by_text("「メール」がふえます")).to_be_visible()
    check(page)
    look(page, "journey-versions")


GRANT = FormDefinition(
    steps=(
        Step(
            "page_1",
            "あなたと補助",
            (
                Field("name", "name", "氏名", required=True),
                Field("cost", "money", "買った値段", required=True),
                Field(
                    "grant",
                    "calc",
                    "補助額",
                    settings={
                        "formula": {
                            "terms": [{"source": {"kind": "answer", "field": "cost"}, "denominator": 2}],
                            "unit": 1000,
                            "most": 20_000,
                        }
                    },
                ),
                Field("why", "text", "買った理由", urged=True),
            ),
        ),
        Step(
            "page_2",
            "口座と署名",
            (
                Field("account", "bank_account", "振込先の口座", required=True),
                Field("spot", "location", "置く場所"),
                Field(
                    "copies",
                    "choice",
                    "証明の部数",
                    required=True,
                    options=(Option("one", "一部", amount=300), Option("two", "二部", amount=600)),
                ),
                Field("oath", "declaration", "書いたことは本当です", required=True, settings={"drawing": True}),
            ),
        ),
    ),
    screening=(
        ScreeningQuestion(
            "check_1",
            "町内に住んでいますか",
            "no",
            why="町内の方の補助です。",
            elsewhere="お住まいの町に聞いてください。",
        ),
    ),
    fee=Fee(field="copies"),
)


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (1280, False)], ids=["phone", "plain"])
def test_a_resident_is_stopped_kindly_then_passes(served, page_at, check, width, javascript):
    town = served.cast.hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
        publish_block(town, procedure.form, GRANT)
    page = page_at(width, javascript=javascript)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.get_by_role("button", name="申請を始める").click()
    page.get_by_label("いいえ").check()
    if javascript:
        check(page)
    look(page, "journey-check")
    page.get_by_role("button", name="申請を始める").click()
    page.get_by_text("どこにも保存していません").wait_for()
    if javascript:
        check(page)
    look(page, "journey-exit")
    page.get_by_role("link", name="答えなおす").click()
    page.get_by_label("はい").check()
    page.get_by_role("button", name="申請を始める").click()
    for label, value in {"氏": "葛󠄀城", "名": "花子", "氏（カナ）": "かつらぎ", "名（カナ）": "はなこ"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("[name=cost]").fill("３１，０００")
    page.get_by_role("button", name="計算する").click()
    expect(page.locator("[id='id_grant']")).to_have_text("15,000円")
    page.get_by_role("button", name="次へ進む").click()
    page.get_by_text("ここがまだ空いています").wait_for()
    page.get_by_role("button", name="次へ進む").click()
    page.get_by_label("ゆうちょ銀行の記号（5けた）").fill("12340")
    page.get_by_label("ゆうちょ銀行の番号").fill("12345671")
    page.get_by_label("口座の名義（カナ）").fill("かつらぎ はなこ")
    page.get_by_label("場所の説明（住所や目印）").fill("台所の横")
    page.get_by_label("二部").check()
    page.get_by_label("署名（氏名を入力）").fill("葛󠄀城花子")
    if javascript:
        page.locator(".eform-drawing__sheet").scroll_into_view_if_needed()
        box = page.locator(".eform-drawing__sheet").bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 60)
        page.mouse.up()
        check(page)
    look(page, "journey-account")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_text("600円").wait_for()
    expect(page.get_by_text("ゆうちょ銀行（9900） 二三八（238） 普通 1234567")).to_be_visible()
    if javascript:
        check(page)
        expect(page.get_by_text("葛󠄀城花子（手書きの署名つき）")).to_be_visible()
        expect(page.get_by_role("img", name="葛󠄀城花子", exact=False)).to_be_visible()
    look(page, "journey-confirm")
    page.get_by_role("button", name="申請する").click()
    page.get_by_text("受付番号").first.wait_for()
    with tenant_scope(town.id):
        [made] = applications(ApplicationFilters())
        assert (made.applicant_name, made.answers["grant"]) == ("葛󠄀城 花子", 15_000)
