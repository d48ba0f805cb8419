"""The road, from end to end on real pages: a trouble, a procedure, an application on a phone, a correction, a decision
on a phone, the notice, the record, and the number that moved. Every page of the walk keeps the rules of `check`."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope

pytestmark = pytest.mark.browser

NAME = "空き店舗活用補助金の交付申請"


@pytest.fixture
def hibari(served, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        with_rules(town)
    return town


class Walk:
    """The walker: pages of the clerk, the manager and the applicant, and what was found on the way."""

    def __init__(self, served, page_at, check, town):
        self.served, self.check, self.town = served, check, town
        self.clerk = page_at(1280, who=town.clerk)
        self.manager = page_at(390, who=town.manager)
        self.applicant = page_at(390)

    def open(self, page, path):
        page.goto(self.served.address(path))
        self.check(page)

    def press(self, page, name, exact=True):
        page.get_by_role("button", name=name, exact=exact).first.click()
        page.wait_for_load_state()

    def trouble(self):
        page = self.clerk
        self.open(page, "/staff/desk/new/")
        page.get_by_label("どの業務ですか").fill(NAME)
        page.get_by_label("何に困っていますか").fill("紙の申請書を窓口で受け取り、手で台帳に写しています。")
        page.get_by_label("その業務は、何のためですか").fill("空き店舗を使う人を早く支えるため。")
        page.get_by_label("どうなったらよいですか").fill("申請から二週間で結果を返せる。")
        self.press(page, "相談する")
        self.check(page)
        self.press(page, "窓口で受け付ける")
        self.press(page, "この相談から手続を作る")
        expect(page.locator("h1")).to_have_text(NAME)
        self.check(page)
        self.procedure = page.url

    def put_online(self):
        page = self.clerk
        page.get_by_role("link", name="台帳を書く").click()
        page.get_by_label("処分", exact=True).check()
        page.get_by_label("所管課").select_option(label="住民課")
        page.get_by_label("標準処理期間（日）").fill("14")
        page.get_by_label("年間件数").fill("30")
        page.get_by_label("問合せ先").fill("住民課 0000-00-0000")
        page.get_by_label("根拠法令・条例").fill("空き店舗活用補助金交付要綱")
        page.get_by_label("文書分類").fill("C-04")
        page.get_by_label("個人情報の利用目的").fill("補助金の審査と交付のため")
        self.press(page, "保存する")
        page.goto(f"{self.procedure}texts/ja/")
        page.get_by_label("何のための手続か").fill("空き店舗を使う方に、改装の費用の一部を補助します。")
        self.press(page, "保存する")
        self.press(page, "様式を作る", exact=False)
        editor = page.url
        self.check(page)
        page.goto(f"{editor}publish")
        self.press(page, "第1版として公開する")
        page.goto(self.procedure)
        self.press(page, "様式を確認した")
        self.press(page, "オンラインで公開する")
        expect(page.get_by_text("公開中", exact=True)).to_be_visible()

    def apply(self):
        page = self.applicant
        self.open(page, "/procedures/?q=空き店舗")
        page.get_by_role("link", name=NAME).click()
        self.check(page)
        self.press(page, "申請を始める")
        for label, text in {
            "氏": "田中", "名": "めぐみ", "氏（カナ）": "タナカ", "名（カナ）": "めぐみ",
            "年": "1985", "月": "4", "日": "1",
        }.items():  # fmt: skip
            page.get_by_label(label, exact=True).first.fill(text)
        page.get_by_label("郵便番号").fill("1000001")
        page.get_by_label("都道府県").select_option(label="東京都")
        page.get_by_label("市区町村").fill("千代田区")
        page.get_by_label("町名・番地").fill("千代田1-1")
        page.get_by_label("電話番号").fill("09012345678")
        page.get_by_label("メールアドレス").fill("megumi@example.jp")
        self.check(page)
        self.press(page, "次へ進む")
        page.get_by_label("申請の内容").fill("駅前の空き店舗を喫茶店に改装します。")
        page.get_by_label("書いた内容に間違いはありません").check()
        self.press(page, "確認へ進む")
        self.check(page)
        page.get_by_label("電子による通知を希望する", exact=False).check()
        self.press(page, "申請する")
        self.check(page)
        self.receipt = page.locator(".dads-big-number").inner_text()
        assert re.fullmatch(r"990019-\d{6}-\w{4}-\w{4}-\w", self.receipt)
        page.get_by_role("link", name="今の状況を見る").click()
        self.mine = page.url

    def ask_for_correction(self):
        page = self.clerk
        self.open(page, "/staff/procedures/")
        page.get_by_role("link", name=NAME).first.click()
        self.check(page)
        self.case = page.url
        page.get_by_role("link", name="補正を依頼する").click()
        page.get_by_label("補正していただきたいこと").fill("改装の費用を書いてください。")
        self.press(page, "補正を依頼する")

    def answer_correction(self):
        page = self.applicant
        page.goto(self.mine)
        expect(page.get_by_text("改装の費用を書いてください。")).to_be_visible()
        self.check(page)
        self.press(page, "直して提出する")
        page.get_by_role("link", name=re.compile("直す.*申請の内容")).click()
        page.get_by_label("申請の内容").fill("駅前の空き店舗を喫茶店に改装します。費用は80万円です。")
        self.press(page, "確認へ進む")
        self.press(page, "直して提出する")
        assert page.url == self.mine

    def propose(self):
        page = self.clerk
        page.goto(self.case)
        expect(page.get_by_text("前回との違い")).to_be_visible()
        self.check(page)
        page.get_by_role("link", name="起案する").click()
        page.get_by_label("許可", exact=True).check()
        page.get_by_label("理由").fill("要綱第3条の要件を満たすため。")
        self.check(page)
        self.press(page, "起案する")
        self.proposal = page.url
        self.press(page, "回議に出す")
        self.check(page)

    def decide(self):
        page = self.manager
        page.goto(self.proposal)
        self.check(page)
        self.press(page, "決裁する")
        expect(page.get_by_role("button", name="決裁する")).to_have_count(0)

    def issue(self):
        page = self.clerk
        with clock.frozen(clock.now() + timedelta(seconds=30)):
            page.goto(f"{self.proposal}issue/")
            self.press(page, "施行する")
        page.goto(self.proposal)
        expect(page.get_by_text("なぜこの日？")).to_be_visible()
        self.check(page)

    def receive(self):
        page = self.applicant
        page.goto(self.mine)
        self.check(page)
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("許可通知書")).click()
        assert download.value.path().read_bytes().startswith(b"%PDF")

    def count(self):
        page = self.clerk
        self.open(page, "/staff/indicators/procedures.usage_rate/")
        self.open(page, "/staff/indicators/procedures.usage_rate/rows/")
        expect(page.get_by_text(self.receipt)).to_be_visible()


def test_the_road(served, page_at, check, hibari):
    walk = Walk(served, page_at, check, hibari)
    for step in (
        walk.trouble, walk.put_online, walk.apply, walk.ask_for_correction, walk.answer_correction,
        walk.propose, walk.decide, walk.issue, walk.receive, walk.count,
    ):  # fmt: skip
        step()
