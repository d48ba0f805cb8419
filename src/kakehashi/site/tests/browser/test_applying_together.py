"""A son files for his mother, and two neighbours sign: each reads everything behind a link of their own."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.procedures.models import Application, CoSigning, Draft
from kakehashi.procedures.services import set_filing_rule
from kakehashi.procedures.testing import an_online_procedure, good_answers

pytestmark = pytest.mark.browser
PRINCIPAL, FIRST, SECOND = "megumi@example.jp", "a@example.jp", "b@example.jp"


def test_proxy_and_two_co_signers(served, page_at, check, django_db_blocker):
    hibari = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(hibari.id):
        procedure = an_online_procedure(hibari)
        answers = good_answers(procedure)
        set_filing_rule(
            actor=hibari.officer, procedure=procedure, proxies=["voluntary", "messenger"],
            proofs=["confirmation", "letter"], co_signing=CoSigning.ALL_FIRST, least_co_signers=2,
        )  # fmt: skip
    son = page_at(390)
    son.goto(served.address(f"/procedures/{procedure.id}/"))
    son.get_by_role("button", name="申請を始める").click()
    expect(son.get_by_role("heading", name="だれの申請ですか", level=1)).to_be_visible()
    check(son)
    son.get_by_label(re.compile("たのまれた人")).check()
    son.get_by_role("button", name="次へ進む").click()
    expect(son.get_by_role("heading", name="代理人のあなたについて")).to_be_visible()
    check(son)
    son.get_by_label("あなたの氏名").fill("田中 一郎")
    son.get_by_label("本人との関係").fill("子")
    son.get_by_label("あなたのメールアドレス").fill("ichiro@example.jp")
    son.get_by_label("本人の氏名").fill("田中 めぐみ")
    son.get_by_label("本人のメールアドレス").fill(PRINCIPAL)
    son.get_by_role("button", name="次へ進む").click()
    son.wait_for_url(re.compile("page_1"))
    draft_id = re.search(r"/drafts/([0-9a-f-]{36})/", son.url)[1]
    with django_db_blocker.unblock(), tenant_scope(hibari.id):
        Draft.objects.filter(id=draft_id).update(answers=answers, done_steps=["page_1", "page_2"])
    son.goto(served.address(f"/procedures/drafts/{draft_id}/confirm/"))
    expect(son.get_by_text("あと2人書いてください")).to_be_visible()
    check(son)
    son.get_by_role("link", name="いっしょに申請する人を書く").click()
    for name, email in (("林 太郎", FIRST), ("森 花子", SECOND)):
        son.get_by_label("氏名").fill(name)
        son.get_by_label("メールアドレス").fill(email)
        son.get_by_role("button", name="この人を加える").click()
        expect(son.get_by_text(email)).to_be_visible()
    check(son)
    son.get_by_role("link", name="確認へ進む").click()
    son.get_by_role("button", name="同意をお願いする").click()
    expect(son.get_by_text("3人に、同意のお願い")).to_be_visible()
    check(son)

    def reader(email, width):
        with django_db_blocker.unblock(), tenant_scope(hibari.id):
            link = Notice.objects.filter(email=email, kind="procedures.consent").latest("created_at").url
        page = page_at(width)
        page.goto(served.address(link.partition("/hibari")[2]))
        expect(page.get_by_text("玄関の手すり")).to_be_visible()
        check(page)
        return page

    mother = reader(PRINCIPAL, 390)
    mother.get_by_role("button", name="この内容でまかせる").click()
    expect(mother.get_by_text("この内容に同意しました")).to_be_visible()
    for email, width in ((FIRST, 390), (SECOND, 1280)):
        neighbour = reader(email, width)
        neighbour.get_by_role("button", name="この内容に同意する").click()
        expect(neighbour.get_by_text("この内容に同意しました")).to_be_visible()
    expect(neighbour.get_by_text("役所に届いています")).to_be_visible()
    check(neighbour)
    son.goto(served.address("/procedures/mine/"))
    son.get_by_role("link", name=procedure.name).click()
    expect(son.get_by_text("届きました").first).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(hibari.id):
        application = Application.objects.get()
    clerk = page_at(1280, who=hibari.clerk)
    clerk.goto(served.address(f"/staff/procedures/applications/{application.id}/"))
    expect(clerk.get_by_role("heading", name="本人・連署する人の同意")).to_be_visible()
    expect(clerk.get_by_text("任意代理人")).to_be_visible()
    check(clerk)
    officer = page_at(390, who=hibari.officer)
    officer.goto(served.address(f"/staff/procedures/inventory/{procedure.id}/filing/"))
    check(officer)
