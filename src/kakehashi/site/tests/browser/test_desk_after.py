"""What stands around a consultation: the effect asked again, wishes, manuals, money, trials, the dashboard, cases by file."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.desk.models import Consultation, EffectCheck, PulseRound
from kakehashi.desk.services import (
    answer_pulse,
    ask_effects,
    begin_trial,
    choose_figures,
    open_rounds,
    plan_funding,
    write_manual,
    write_scheme,
    write_wish,
)
from kakehashi.desk.testing import assigned, published, resolved
from kakehashi.governments.models import Government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import person_of
from kakehashi.site.tests.browser.conftest import WIDTHS

pytestmark = pytest.mark.browser
STEPS = "申込書を受け取る。\n台帳に書き写す。\n許可書を渡す。"


def a_trial(town):
    today = clock.today()
    people = [person_of(actor) for actor in (town.clerk, town.manager, town.officer)]
    trial = begin_trial(
        actor=town.officer, tool="議事録の文字起こし", aim="清書の時間が半分になるか。", starts_on=today - timedelta(days=29),
        ends_on=today + timedelta(days=30), every_days=14, members=people,
    )  # fmt: skip
    for day, eases in ((14, (2, 1, 2)), (28, (4, 4, None))):
        moment = datetime.combine(today - timedelta(days=29 - day), datetime.min.time(), tzinfo=clock.JST)
        with clock.frozen(moment.replace(hour=9)):
            open_rounds(actor=system_actor(town.id))
        opened = PulseRound.objects.order_by("-number").first()
        for actor, ease in zip((town.clerk, town.manager, town.officer), eases, strict=True):
            if ease:
                answer_pulse(actor=actor, round_id=opened.id, ease=ease, use=4, comment="固有名詞に弱い。")
    return trial, opened


@pytest.fixture
def after(served, django_db_blocker):
    """A town with one thing of every kind; gives the pages by name."""
    town, there = served.cast.hibari, served.cast.misaki
    with django_db_blocker.unblock():
        with tenant_scope(there.id):
            published(there)
        with tenant_scope(town.id):
            solved = resolved(town)
            Consultation.objects.filter(id=solved.id).update(resolved_at=clock.now() - timedelta(days=31))
            ask_effects(actor=system_actor(town.id))
            manual = write_manual(
                actor=town.clerk,
                task="公民館の使用受付",
                title="使用受付の手引",
                body=STEPS,
                department=town.department,
            )
            wish = write_wish(actor=town.clerk, kind="wish", title="会議の資料を紙で配らない", body="三度刷っている。")
            values = {"name": "窓口改革の交付金", "provider": "国", "words": "公民館、予約", "source": "県の通知"}
            scheme = write_scheme(actor=town.officer, values={**values, "checked_on": clock.today()})
            running = assigned(town)
            plan_funding(actor=town.officer, consultation=running, scheme=scheme)
            trial, opened = a_trial(town)
            case = published(town)
        # The neighbour is the prefecture here, and sees what the town chose to share.
        Government.objects.filter(id=there.id).update(kind="prefecture")
        Government.objects.filter(id=town.id).update(parent=there.government)
        with tenant_scope(town.id):
            choose_figures(actor=town.manager, figures=["open", "hours"])
            check = EffectCheck.objects.get()
    return {
        "desk-dashboard": "/staff/desk/dashboard/",
        "desk-figure": "/staff/desk/dashboard/rows/?figure=hours",
        "desk-effects": "/staff/desk/effects/",
        "desk-effect": f"/staff/desk/effects/{check.id}/",
        "desk-solved": f"/staff/desk/{solved.id}/",
        "desk-funded": f"/staff/desk/{running.id}/",
        "desk-wishes": "/staff/desk/wishes/",
        "desk-wish": f"/staff/desk/wishes/{wish.id}/",
        "desk-wish-new": "/staff/desk/wishes/new/",
        "desk-manuals": "/staff/desk/manuals/",
        "desk-manual": f"/staff/desk/manuals/{manual.id}/",
        "desk-manual-revise": f"/staff/desk/manuals/{manual.id}/revise/?consultation={solved.id}",
        "desk-funding": "/staff/desk/funding/",
        "desk-scheme": f"/staff/desk/funding/{scheme.id}/",
        "desk-scheme-edit": f"/staff/desk/funding/{scheme.id}/edit/",
        "desk-trials": "/staff/desk/trials/",
        "desk-trial": f"/staff/desk/trials/{trial.id}/",
        "desk-trial-new": "/staff/desk/trials/new/",
        "desk-pulse": f"/staff/desk/trials/rounds/{opened.id}/",
        "desk-case-out": f"/staff/desk/cases/{case.id}/",
        "desk-received": "/staff/desk/cases/received/",
        "desk-exchange": "/staff/desk/cases/exchange/",
    }


def test_every_page_around_a_consultation_passes(served, page_at, every_width, picture, after):
    page = page_at(1280, who=served.cast.hibari.officer)
    for name, path in after.items():
        assert page.goto(served.address(path)).status == 200, name
        every_width(page)
        picture(page, name, widths=WIDTHS)
    page = page_at(1280, who=served.cast.misaki.officer)
    assert page.goto(served.address("/staff/desk/prefecture/", served.cast.misaki)).status == 200
    every_width(page)
    picture(page, "desk-prefecture", widths=WIDTHS)


def test_from_the_question_to_the_dashboard(served, page_at, after):
    """Item by item: effect in one press, a wish and its answer, the manual, the pulse, the figure that opens its row."""
    page = page_at(390, who=served.cast.hibari.clerk)
    page.goto(served.address(after["desk-effect"]))
    page.get_by_role("button", name="はい、同じです").click()
    expect(page.locator("main")).to_contain_text("61.5時間/年")
    page.goto(served.address("/staff/desk/wishes/new/"))
    page.get_by_label("ひとことで").fill("押印をやめたい")
    page.get_by_role("button", name="上司に届ける").click()
    expect(page.locator("main")).to_contain_text("佐藤 一郎さんの番")
    wish = page.url
    page.goto(served.address(after["desk-solved"]))
    page.get_by_role("link", name="「使用受付の手引」を直す").click()
    page.get_by_label("手順").fill("申込みは画面から届く。\n許可書を渡す。")
    page.get_by_role("button", name="新しい版にする").click()
    expect(page.locator("main")).to_contain_text("第2版")
    boss = page_at(1280, who=served.cast.hibari.manager)
    boss.goto(wish)
    boss.get_by_label("採り入れる").check()
    boss.get_by_role("textbox", name="返事").fill("来月からやめます。")
    boss.get_by_role("button", name="返事をする").click()
    expect(boss.locator("main")).to_contain_text("来月からやめます。")
    officer = page_at(1280, who=served.cast.hibari.officer)
    officer.goto(served.address("/staff/desk/trials/"))
    officer.get_by_role("link", name="10秒で答える").first.click()
    officer.get_by_label("まあ使いやすい").check()
    officer.get_by_label("まあ役に立つ").check()
    officer.get_by_role("button", name="答える").click()
    expect(officer.locator("main")).to_contain_text("使いやすくなっています")
    officer.locator("summary", has_text="広げる・やめる").click()
    officer.get_by_label("広げる", exact=True).check()
    officer.get_by_role("textbox", name="理由").first.fill("清書が半分の時間になった。")
    officer.get_by_role("button", name="このとおりに決める").click()
    expect(officer.locator("main")).to_contain_text("広げると決めました")
    officer.goto(served.address("/staff/desk/dashboard/"))
    officer.get_by_role("link", name="解決で生み出した時間").click()
    expect(officer.locator("main")).to_contain_text("公民館の使用受付")


def test_a_case_by_file_between_two_towns(served, page_at, after, tmp_path):
    """Out as a signed file, in once the fingerprint is confirmed, taken over with its steps."""
    here = page_at(1280, who=served.cast.hibari.officer)
    here.goto(served.address(after["desk-exchange"]))
    with here.expect_download() as download:
        here.get_by_role("button", name="ファイルに書き出す", exact=True).click()
    file = tmp_path / "cases.json"
    download.value.save_as(file)
    there = page_at(390, who=served.cast.misaki.officer)
    there.goto(served.address("/staff/desk/cases/exchange/", served.cast.misaki))
    there.get_by_label("解決事例のファイル").set_input_files(file)
    there.get_by_role("button", name="ファイルを受け取る").click()
    expect(there.locator("main")).to_contain_text("確かめていない")
    there.get_by_label("どうやって確かめたか").first.fill("電話で読み合わせた")
    there.get_by_role("button", name="指紋を確かめた").click()
    there.get_by_label("解決事例のファイル").set_input_files(file)
    there.get_by_role("button", name="ファイルを受け取る").click()
    there.get_by_role("link", name="公民館の使用受付").click()
    there.get_by_role("button", name="うちでも使う").click()
    expect(there.locator("main")).to_contain_text("取り入れの手順")
