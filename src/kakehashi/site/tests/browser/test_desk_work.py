"""The desk at work, one walk for each: what comes in by every way, the same trouble in two sections, and a consultation from
its cause to what was learned. Every page of the walks keeps the rules, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from kakehashi.cases.services import post_message
from kakehashi.desk.services import write_tool
from kakehashi.desk.testing import filed
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.kernel.tests.mails import mail
from kakehashi.people.testing import person_of
from kakehashi.plans.models import DxPlan, PlanPolicy, PlanProgram
from kakehashi.search.services import index_pending

pytestmark = pytest.mark.browser

CHAT = "2026/11/20(金)\n10:05\t山田\t鍵の貸出簿の件です\n10:06\t佐藤\t何のための簿冊ですか\n10:07\t山田\t誰も知りません"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).filter(visible=True).first.click()
    page.wait_for_load_state()


def unfold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.click()


def test_what_comes_by_mail_telephone_and_chat_becomes_one_list(served, page_at, every_width, picture):
    town = served.cast.hibari
    asker = person_of_name(town)
    page = page_at(1280, who=town.officer)
    page.goto(served.address("/staff/desk/intake/"))
    every_width(page)
    page.get_by_label("メールのファイル（.eml、.mbox）").set_input_files(
        [{"name": "鍵.eml", "mimeType": "message/rfc822", "buffer": mail(Message_ID="<walk@x>").as_bytes()}]
    )
    press(page, "取り込む")
    expect(page.get_by_text("メールを1通取り込みました。")).to_be_visible()
    picture(page, "desk-intake")
    page.get_by_role("link", name="鍵の貸出簿").click()
    every_width(page)
    page.get_by_label("相談した人").select_option(label=asker)
    press(page, "相談として受け付ける")
    expect(page.get_by_text("メール（山田 花子 hanako@hibari.lg.jp）")).to_be_visible()
    page.goto(served.address("/staff/desk/intake/chat/receive/"))
    page.get_by_label("チャットの記録").fill(CHAT)
    press(page, "貼り付けたチャットを読み取る")
    expect(page.get_by_label("何に困っていますか")).to_have_value("鍵の貸出簿の件です\n誰も知りません")
    every_width(page)
    page.get_by_label("相談した人").select_option(label=asker)
    page.get_by_label("どの業務ですか").fill("鍵の貸出簿（チャット）")
    press(page, "相談として受け付ける")
    expect(page.get_by_text("佐藤（チャット）", exact=True)).to_be_visible()
    page.goto(served.address("/staff/desk/intake/phone/receive/"))
    page.get_by_label("相談した人").select_option(label=asker)
    page.get_by_label("はじめに受けた窓口").fill("情報システム係")
    page.get_by_label("電話のメモ").fill("昨日から三回目の電話")
    page.get_by_label("どの業務ですか").fill("電話の相談")
    page.get_by_label("何に困っていますか").fill("印刷が終わらない")
    unfold(page, "分かれば、これも")
    page.get_by_label("どの上司が知っていますか").fill("住民課長")
    press(page, "相談として受け付ける")
    expect(page.get_by_text("はじめに受けた窓口：情報システム係")).to_be_visible()
    expect(page.get_by_text("住民課長")).to_be_visible()
    page.goto(served.address("/staff/desk/"))
    for name in ("鍵の貸出簿", "鍵の貸出簿（チャット）", "電話の相談"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def person_of_name(town) -> str:
    with tenant_scope(town.id):
        return person_of(town.clerk).name


@pytest.fixture
def keys(served, django_db_blocker):
    """The same trouble in two sections, indexed."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        for task, department in (
            ("会議室の鍵の貸出簿", town.department),
            ("公用車の鍵の貸出簿", town.other_department),
        ):
            found = filed(
                town, task=task, problem="鍵を借りるたび、貸出簿に三回書いている", purpose="鍵がどこにあるか分かるため"
            )
            found.department = department
            found.save(update_fields=["department"])
        index_pending()
    return found


def test_the_same_trouble_in_two_sections_becomes_one_issue(served, page_at, every_width, picture, keys):
    page = page_at(1280, who=served.cast.hibari.officer)
    page.goto(served.address("/staff/desk/new/"))
    page.get_by_label("どの業務ですか").fill("体育館の鍵の貸出簿")
    page.get_by_label("何に困っていますか").fill("鍵を借りるたび、貸出簿に三回書いている")
    expect(page.locator("#similar")).to_contain_text("同じような困りごとが、いま2つの課から")
    every_width(page)
    page.goto(served.address(f"/staff/desk/{keys.id}/"))
    page.get_by_role("link", name="全庁課題にする").click()
    expect(page.get_by_label("会議室の鍵の貸出簿")).to_be_checked()
    every_width(page)
    page.get_by_label("課題の名前").fill("鍵の貸出簿をどうするか")
    press(page, "全庁課題にする")
    expect(page.get_by_text("2つの課・2件の相談")).to_be_visible()
    every_width(page)
    picture(page, "desk-issue")
    unfold(page, "結果を書いて終える")
    page.locator("#close_result").fill("貸出簿をやめた")
    press(page, "結果をみんなに知らせる")
    expect(page.get_by_text("貸出簿をやめた")).to_be_visible()


@pytest.fixture
def running(served, django_db_blocker):
    """A consultation with a message, a plan with a programme, and a tool."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        found = filed(
            town, purpose="", desired_state="", task="検針の連絡", problem="電話を受けて紙に書き、委託先へ送る"
        )
        found.double = filed(town, task="検針の連絡の写し", problem="電話を受けて紙に書き、委託先へ送る").id
        post_message(actor=town.officer, case=found.case, thread="public", body="検針員の番号も困っています")
        write_tool(actor=town.officer, name="庁内RPA", use="転記", is_owned=True, zones=["lgwan"], cost="年12万円")
        plan = DxPlan.objects.create(title="計画", first_year=2024, last_year=2030)
        policy = PlanPolicy.objects.create(plan=plan, number=1, title="方針")
        PlanProgram.objects.create(policy=policy, number=1, title="施策")
        index_pending()
    return found


def think_of_options(page: Page, every_width) -> None:
    for step in ("廃止", "排除", "結合", "交換"):
        unfold(page, f"「{step}」を考える")
        page.get_by_label("案、又は当てはまらない理由（一行）").filter(visible=True).fill("届出は要る")
        press(page, re.compile(f"この段は当てはまらない.*{step}"))
    unfold(page, "「簡素化」を考える")
    page.get_by_label("案、又は当てはまらない理由（一行）").filter(visible=True).fill("一覧を委託先と共有する")
    page.get_by_label("移行の手間（全部で何時間）").filter(visible=True).fill("6")
    page.get_by_label("使う道具").filter(visible=True).select_option(index=1)
    press(page, re.compile("案を残す.*簡素化"))
    page.locator("input[name=reason]").filter(visible=True).first.fill("いちばん手間が少ない")
    press(page, re.compile("^決める"))
    expect(page.get_by_text("移行の手間6時間")).to_be_visible()
    every_width(page)


def test_from_the_cause_to_what_was_learned(served, page_at, every_width, picture, running):
    town = served.cast.hibari
    page = page_at(1280, who=town.officer)
    here = served.address(f"/staff/desk/{running.id}/")
    page.goto(here)
    expect(page.get_by_text("解決の案")).to_have_count(0)
    page.get_by_label("テーマ").select_option(label="台帳・表計算")
    press(page, "窓口で受け付ける")
    expect(page.get_by_text("同じ台帳がほかの課・システムにないか探す").first).to_be_visible()
    page.get_by_label("この業務は何のためですか").fill("引っ越した日から水が使えるようにするため")
    page.get_by_label("どうなりたいですか").fill("番地がそのまま委託先に届く")
    press(page, "目的を確認した")
    unfold(page, "なぜを五回たずねる")
    page.get_by_label("なぜ？ 1回目").fill("紙で送るから")
    page.get_by_label("原因の種類").select_option(label="規程との衝突")
    page.get_by_label("もとの原因（一行）").fill("規程が書面を求めている")
    page.get_by_label("ぶつかっている規程").fill("給水条例施行規程")
    page.locator("#cause_article").fill("第8条")
    page.get_by_label("その決まりを変えられる課").select_option(index=1)
    press(page, "原因を残す")
    expect(page.get_by_text("給水条例施行規程 第8条")).to_be_visible()
    think_of_options(page, every_width)
    picture(page, "desk-work")
    page.locator("input[name=supporter]").first.check()
    press(page, "支援担当に決める")
    unfold(page, "上に相談する")
    page.get_by_label("だれに").select_option(index=1)
    page.locator("#escalate_reason").fill("紙をやめてよいか")
    press(page, "理由を付けて上に相談する")
    expect(page.get_by_text("を待っています").first).to_be_visible()
    answer_as_manager(page_at(390, who=town.manager), served, every_width)
    split_and_merge(page, here, running.double)
    unfold(page, "OODAを一行で残す")
    page.get_by_label("見たこと・したことを一行で").fill("一覧を送ってみた")
    press(page, "一行残す")
    press(page, "この相談から取組を作る")
    expect(page.get_by_role("heading", name="検針の連絡")).to_be_visible()
    page.get_by_role("link", name="検針の連絡").first.click()
    page.get_by_role("link", name="解決したことを書く").click()
    expect(page.get_by_label("したこと")).to_have_value("一覧を委託先と共有する")
    page.get_by_label("分かったこと（一行）").fill("委託先に先に聞くとよい")
    every_width(page)
    press(page, "解決にする")
    expect(page.get_by_text("委託先に先に聞くとよい")).to_be_visible()
    expect(page.get_by_text("計画の取組を開く")).to_be_visible()


def answer_as_manager(page: Page, served, every_width) -> None:
    page.goto(served.address("/staff/desk/"))
    page.get_by_role("link", name="検針の連絡", exact=True).first.click()
    every_width(page)
    page.locator("#answer_answer").fill("やめてよい")
    press(page, "返事をする")
    expect(page.get_by_text("返事：やめてよい")).to_be_visible()


def split_and_merge(page: Page, here: str, double: object) -> None:
    page.goto(here)
    unfold(page, "二つの相談に分ける")
    page.get_by_label("分ける相談の業務").fill("検針員の番号")
    page.get_by_label("分ける困りごと").fill("番号が分からない")
    page.get_by_label("分ける理由").fill("別の話")
    page.locator("input[name=messages]").first.check()
    press(page, "相談を分ける")
    page.get_by_role("link", name="検針員の番号").click()
    expect(page.get_by_text("検針員の番号も困っています", exact=True)).to_be_visible()
    page.goto(here)
    page.goto(here.replace(here.split("/")[-2], str(double)))
    unfold(page, "同じ相談といっしょに進める")
    page.get_by_label("いっしょに進める相談").select_option(label="検針の連絡（住民課）")
    page.locator("#merge_reason").fill("同じ話")
    press(page, "いっしょに進める")
    expect(page.get_by_text("この相談は「").first).to_be_visible()
    page.goto(here)
    expect(page.get_by_text("いっしょに進めている相談:")).to_be_visible()
