"""様式の共有: a prefecture offers, a town takes and changes, the base moves on, the town follows; then the same by file."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.domain.edits import add_field, change_field
from kakehashi.governments.models import Government
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.models import Procedure, TakenForm
from kakehashi.procedures.services import offer_form, tell_of_bases
from kakehashi.procedures.testing import an_online_procedure, changed_form
from kakehashi.site.tests.browser.test_form_journeys import choose

pytestmark = pytest.mark.browser
BASES = "/staff/procedures/bases/"


@pytest.fixture
def look(every_width):
    """The rules of every page on the phone and on the desk, and pictures for whoever wants to look: `SHOTS=/folder`."""

    def run(page, name):
        every_width(page)
        if folder := os.environ.get("SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{folder}/sharing-{name}-{width}.png", full_page=True)

    return run


@pytest.fixture
def prefecture(served, django_db_blocker):
    """ひばり町 plays the prefecture of みさき市; its procedure is open."""
    with django_db_blocker.unblock():
        shirasagi = served.cast.hibari
        Government.objects.filter(id=shirasagi.id).update(kind="prefecture", name="白鷺県")
        Government.objects.filter(id=served.cast.misaki.id).update(parent=shirasagi.id)
        Government.objects.create(code="990035", name="よその村", kind="village", parent_id=shirasagi.id)
        with tenant_scope(shirasagi.id):
            return an_online_procedure(shirasagi).id


def published_again(served, blocker, procedure_id, change):
    """The prefecture changes its form and publishes it, as it does every day."""
    with blocker.unblock(), tenant_scope(served.cast.hibari.id):
        form = Procedure.objects.select_related("form").get(id=procedure_id).form
        changed_form(served.cast.hibari.officer, form, change)


def key_of(served, blocker):
    with blocker.unblock(), tenant_scope(served.cast.misaki.id):
        row = TakenForm.objects.select_related("procedure__form").get()
        return row.id, row.procedure.form_id, from_json(row.procedure.form.draft).steps[0].fields[0].key


def offer(served, page, procedure_id, look):
    page.goto(served.address(f"/staff/procedures/inventory/{procedure_id}/"))
    page.get_by_role("link", name="ほかの団体に提供する").click()
    page.get_by_label("この様式の説明").fill("県内の市町村で使う様式です。")
    page.get_by_label("セットの名前").fill("住まいの手続一式")
    page.get_by_role("button", name="提供する", exact=True).click()
    expect(page.get_by_text("第1版を提供しました。")).to_be_visible()
    look(page, "offer")


def test_taken_changed_and_followed(served, page_at, look, prefecture, django_db_blocker):
    town = served.cast.misaki
    theirs, ours = page_at(1280, who=served.cast.hibari.officer), page_at(1280, who=town.officer)
    offer(served, theirs, prefecture, look)
    ours.goto(served.address(BASES, town))
    look(ours, "bases")
    ours.get_by_role("link", name="住宅改修補助金の交付申請").click()
    look(ours, "base")
    ours.get_by_role("button", name="取り入れる").click()
    expect(ours.get_by_text("様式を自由に直せます。", exact=False)).to_be_visible()
    ours.goto(served.address(BASES, town))
    ours.get_by_role("button", name="まとめて取り入れる").click()
    expect(ours.get_by_text("このセットは、もうすべて取り入れています。")).to_be_visible()
    row_id, form_id, key = key_of(served, django_db_blocker)
    ours.goto(served.address(f"/staff/eforms/{form_id}/", town))
    choose(ours, key, label="市の質問", help="市の説明")
    published_again(served, django_db_blocker, prefecture, lambda old: change_field(old, key, help="県の説明"))
    published_again(
        served, django_db_blocker, prefecture, lambda old: add_field(old, old.steps[0].key, "text", label="建築年")[0]
    )
    theirs.reload()
    expect(theirs.get_by_text("「建築年」がふえます", exact=False)).to_be_visible()
    theirs.get_by_label("新しい版の説明").fill("要綱の改正のため")
    theirs.get_by_role("button", name="第2版を提供する").click()
    expect(theirs.get_by_text("第2版を提供しました。")).to_be_visible()
    expect(theirs.get_by_role("cell", name="みさき市")).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(town.id):
        assert tell_of_bases(actor=system_actor(town.id), government_id=town.id) == 1
    follow(served, ours, row_id, look)


def follow(served, page, row_id, look):
    page.goto(served.address(BASES, served.cast.misaki))
    expect(page.get_by_text("新しい版があります")).to_be_visible()
    page.get_by_role("link", name="住宅改修補助金の交付申請").first.click()
    look(page, "compare")
    page.get_by_role("button", name="第2版に合わせる").click()
    expect(page.get_by_role("alert")).to_contain_text("まだ選んでいないところがあります")
    page.get_by_label("このまま（「市の説明」）").check()
    page.get_by_role("button", name="第2版に合わせる").click()
    expect(page.get_by_text("公開するまで、住民の画面は変わりません。", exact=False).first).to_be_visible()
    expect(page.get_by_role("link", name="市の質問").first).to_be_visible()
    expect(page.get_by_role("link", name="建築年").first).to_be_visible()
    page.goto(served.address(f"{BASES}taken/{row_id}/", served.cast.misaki))
    expect(page.get_by_text("新しい版は、まだありません", exact=False)).to_be_visible()


def file_of(page, number, folder):
    with page.expect_download() as download:
        page.get_by_role("button", name=f"第{number}版をファイルに書き出す").click()
    path = folder / f"{number}.kakehashi-base.json"
    download.value.save_as(path)
    return path


def test_by_file_where_networks_do_not_meet(served, page_at, look, prefecture, django_db_blocker, tmp_path):
    town, officer = served.cast.misaki, served.cast.hibari.officer
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        procedure = Procedure.objects.get(id=prefecture)
        # Offered to somebody else only: in this installation the town sees nothing of it.
        offer_form(actor=officer, procedure=procedure, audience="named", named=["990035"])
    theirs, ours = page_at(1280, who=officer), page_at(1280, who=town.officer)
    theirs.goto(served.address(f"/staff/procedures/inventory/{prefecture}/offer/"))
    first = file_of(theirs, 1, tmp_path)
    fingerprint = theirs.locator("code").first.inner_text()
    ours.goto(served.address(BASES, town))
    ours.get_by_label("基本様式のファイル").set_input_files(first)
    ours.get_by_role("button", name="ファイルを確かめる").click()
    expect(ours.locator("code").first).to_have_text(fingerprint)
    look(ours, "signer")
    ours.get_by_label("どうやって確かめたか").fill("県の代表電話で読み合わせた")
    ours.get_by_label("指紋は、すべて同じでした").check()
    ours.get_by_role("button", name="この鍵を覚える").click()
    ours.get_by_role("button", name="取り入れる").click()
    expect(ours.get_by_text("様式を自由に直せます。", exact=False)).to_be_visible()
    _, _, key = key_of(served, django_db_blocker)
    published_again(served, django_db_blocker, prefecture, lambda old: change_field(old, key, help="県の説明"))
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        procedure = Procedure.objects.get(id=prefecture)
        offer_form(actor=officer, procedure=procedure, audience="named", named=["990035"], note="説明を足した")
    theirs.reload()
    second = file_of(theirs, 2, tmp_path)
    ours.goto(served.address(BASES, town))
    ours.get_by_label("基本様式のファイル").set_input_files(second)
    ours.get_by_role("button", name="ファイルを確かめる").click()
    ours.get_by_role("button", name="第2版に合わせる").click()
    expect(ours.get_by_text("公開するまで、住民の画面は変わりません。", exact=False).first).to_be_visible()
    ours.goto(served.address(BASES, town))
    ours.get_by_label("基本様式のファイル").set_input_files(first)
    ours.get_by_role("button", name="ファイルを確かめる").click()
    expect(ours.get_by_role("alert")).to_contain_text("古い版です（第1版）")
    ours.goto(served.address(f"{BASES}signers/", town))
    look(ours, "signers")
