"""審査デスク: many applications accepted at once and taken back; another section asked; routing; a refusal that must say why."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.services import number_cases, write_label, write_template
from kakehashi.cases.views import batches
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import accept_application, route_arrived
from kakehashi.procedures.testing import an_application, an_online_procedure

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(served, django_db_blocker, monkeypatch):
    """ひばり町 with 31 applications for one procedure, the first of them accepted; the procedure and the applications."""
    # All of a batch in one piece: how long thirty take here says nothing of the screen.
    monkeypatch.setattr(batches, "PIECE_SECONDS", 60.0)
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        procedure = an_online_procedure(with_rules(town))
        filed = [an_application(town, procedure) for _ in range(31)]
        accept_application(actor=town.manager, application=get_application(filed[0].id))
        write_label(actor=town.clerk, name="急ぎ", tone="error", department=town.department)
        write_template(
            actor=town.clerk, name="審査中の連絡", purpose="message", department=town.department,
            texts={"ja": "{申請者名}様　{手続名}を審査しています。"},
        )  # fmt: skip
        number_cases(government_id=town.id)
        return procedure.id, [each.case_id for each in filed]


@pytest.mark.parametrize("width", [390, 1280])
def test_thirty_are_accepted_one_is_skipped_and_all_is_taken_back(
    served, page_at, check, desk, django_db_blocker, width
):
    page = page_at(width, who=served.cast.hibari.clerk)
    page.goto(served.address("/staff/cases/?tab=department"))
    check(page)
    page.get_by_label("まとめて行うこと").select_option(label="受付する")
    page.get_by_label("この条件のすべて（500件まで）").check()
    page.get_by_role("button", name="実行前に確かめる").click()
    expect(page.get_by_text("選んだ31件のうち、30件に行います。")).to_be_visible()
    expect(page.get_by_text("いまの状態は「受付・審査中」です")).to_be_visible()
    check(page)
    page.get_by_role("button", name="30件に行う").click()
    expect(page.get_by_text("「受付する」を30件に行いました。1件は見送りました。")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("30件を元に戻しました。")).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        assert Application.objects.filter(state="submitted").count() == 30


def test_keys_alone_choose_and_tell_themselves(served, page_at, desk):
    page = page_at(1280, who=served.cast.hibari.clerk)
    page.goto(served.address("/staff/cases/?tab=department"))
    for key in ("j", "x", "j", "j", "X"):
        page.keyboard.press(key)
    expect(page.locator("[data-row] input:checked")).to_have_count(3)
    page.keyboard.press("?")
    expect(page.locator("[data-keys]")).to_have_attribute("open", "")
    expect(page.locator("[data-keys-here]")).to_contain_text("選んだ案件の担当を選ぶ")


def test_one_section_asks_another_and_gets_its_answer(served, page_at, check, desk):
    town, case = served.cast.hibari, desk[1][0]
    page = page_at(1280, who=town.clerk)
    page.goto(served.address(f"/staff/cases/{case}/"))
    check(page)
    page.get_by_role("link", name="ほかの課に照会する").click()
    check(page)
    page.get_by_label("照会先", exact=False).first.select_option(label="総務課")
    page.get_by_label("聞きたいこと").fill("この工事に支障はありませんか。")
    page.get_by_role("button", name="照会する").click()
    expect(page.get_by_text("総務課を1時間未満待っています")).to_be_visible()

    theirs = page_at(390, who=town.officer)
    theirs.goto(served.address("/staff/cases/?tab=department"))
    theirs.get_by_role("link", name=re.compile("照会：この工事")).click()
    theirs.get_by_role("link", name="回答する").click()
    expect(theirs.get_by_text("田中")).to_have_count(0)
    check(theirs)
    theirs.get_by_label("条件付きで支障なし").check()
    theirs.get_by_label("意見・条件・理由").fill("着手前に連絡してください。")
    theirs.get_by_role("button", name="回答する").click()
    expect(theirs.get_by_text("住民課に回答しました。")).to_be_visible()

    page.reload()
    expect(page.get_by_text("着手前に連絡してください。")).to_be_visible()
    check(page)


def test_a_rule_is_written_and_sends_by_the_answers(served, page_at, check, desk, django_db_blocker):
    town, (procedure, cases) = served.cast.hibari, desk
    page = page_at(1280, who=town.officer)
    page.goto(served.address(f"/staff/procedures/inventory/{procedure}/handling/"))
    check(page)
    page.get_by_text("決まりを足す").first.click()
    page.get_by_label(re.compile("に記入があるとき")).last.check()
    page.locator("select[name=department]").select_option(label="総務課")
    page.get_by_role("button", name="決まりを足す").click()
    expect(page.get_by_text("審査の決まりを保存しました。")).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(town.id):
        assert route_arrived(government_id=town.id) == 30
    page.goto(served.address(f"/staff/cases/{cases[1]}/"))
    expect(page.get_by_text("担当課を変えました").first).to_be_visible()
    check(page)


def test_a_refusal_without_its_reason_is_stopped(served, page_at, check, desk):
    town, case = served.cast.hibari, desk[1][0]
    page = page_at(1280, who=town.clerk)
    page.goto(served.address(f"/staff/cases/{case}/"))
    page.get_by_role("link", name="起案する").click()
    page.get_by_label("不許可").check()
    page.get_by_role("button", name="起案する").click()
    expect(page.locator("main")).to_contain_text("理由")
    expect(page).to_have_url(re.compile("/propose/"))
    page.get_by_label("理由", exact=False).first.fill("町内に住所がないため。")
    page.get_by_role("button", name="起案する").click()
    expect(page.get_by_text("審査請求").first).to_be_visible()


def test_labels_and_texts_pass(served, page_at, check, desk):
    page = page_at(390, who=served.cast.hibari.clerk)
    for path in ("labels/", "templates/", "templates/new/", f"hand-over/{served.cast.hibari.manager.id}/"):
        page.goto(served.address(f"/staff/cases/{path}"))
        check(page)
