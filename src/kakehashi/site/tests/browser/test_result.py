"""The result: a letter seen before it goes, letters by post, a certificate that verifies, fees paid before and after."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.letters import LetterText
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.models import Certificate, Draft, Payment
from kakehashi.procedures.services import open_document, request_payment
from kakehashi.procedures.services.letters import write_letter
from kakehashi.procedures.testing import (
    an_accepted_with_fee,
    an_issued_application,
    good_answers,
    with_fees,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def shoot():
    """Pictures for whoever looks at the pages: `SHOTS=/folder`."""
    import os

    def run(page, name):
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/result-{name}-{page.viewport_size['width']}.png", full_page=True)

    return run


def test_letters_are_written_previewed_and_posted(served, page_at, check, shoot, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        application = an_issued_application(with_rules(town), Way.POST)
    page = page_at(1280, who=town.officer)
    page.goto(served.address(f"/staff/procedures/inventory/{application.procedure_id}/letters/"))
    check(page)
    page.get_by_role("link", name="許可", exact=True).click()
    page.get_by_label("題名").fill("住宅改修 許可通知書")
    page.get_by_label("本文").fill("")
    page.locator("[data-placeholder='【申請者の氏名】']").click()
    expect(page.get_by_label("本文")).to_have_value("【申請者の氏名】")
    page.get_by_label("本文").fill("【申請者の氏名】様に、次のとおり許可します。")
    check(page)
    shoot(page, "letter")
    page.get_by_role("button", name="ひな形を保存する").click()
    expect(page.get_by_text("第1版を保存しました")).to_be_visible()
    page = page_at(390, who=town.clerk)
    page.goto(served.address("/staff/procedures/post/"))
    check(page)
    shoot(page, "post")
    # The files are fetched one after the other, and then the letters are posted, without a wait.
    for name in ("宛名ラベル", "通知書をまとめて"):
        with page.expect_download() as fetched:
            page.get_by_role("button", name=name).click()
        assert fetched.value.suggested_filename.endswith(".pdf")
    page.get_by_role("button", name="発送を記録する").click()
    expect(page.get_by_text("1通の発送を記録しました")).to_be_visible()
    page.goto(served.address("/staff/procedures/post/?standing=sent"))
    page.get_by_role("link", name="田中 めぐみ 様").click()
    page.locator("section", has_text="到達日を記録する").get_by_role("button", name="到達日を記録する").click()
    expect(page.get_by_text("審査請求ができる期間")).to_be_visible()
    check(page)
    shoot(page, "delivery")


def test_a_certificate_is_verified_by_a_stranger(served, page_at, check, shoot, django_db_blocker):
    town = served.cast.hibari
    words = LetterText("在住証明書", "【申請者の氏名】様が町内に住んでいることを証明します。")

    def as_certificate(procedure):
        write_letter(
            actor=town.officer, procedure=procedure, outcome="issued", letter=words, is_certificate=True, valid_days=90
        )

    with django_db_blocker.unblock(), tenant_scope(town.id):
        an_issued_application(with_rules(town), Way.ELECTRONIC, Kind.CERTIFICATE, before=as_certificate)
        certificate = Certificate.objects.select_related("document__application").get()
        open_document(actor=town.clerk, document=certificate.document)
    for width, language in ((390, "ja"), (1280, "en"), (390, "ja-easy")):
        page = page_at(width, language=language)
        page.goto(served.address(f"/procedures/verify/{certificate.token}/"))
        expect(page.get_by_text(certificate.document_number)).to_be_visible()
        expect(page.get_by_text("田中")).to_have_count(0)
        check(page)
        shoot(page, f"verify-{language}")
    page = page_at(1280, who=town.clerk)
    page.goto(served.address(f"/staff/procedures/certificates/{certificate.id}/"))
    check(page)
    page.get_by_label("理由").fill("記載の誤り")
    page.get_by_role("button", name="失効させる").click()
    expect(page.get_by_text("失効させました。")).to_be_visible()
    page = page_at(390)
    page.goto(served.address("/procedures/verify/"))
    page.get_by_label("検証の符号").fill(certificate.token.lower())
    page.get_by_role("button", name="証明書を確かめる").click()
    expect(page.get_by_text("有効ではありません")).to_be_visible()


def test_a_fee_is_paid_before_the_application_arrives(served, page_at, check, shoot, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        procedure = with_fees(town, FeeWhen.BEFORE)
        answers = good_answers(procedure)
    page = page_at(390)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.get_by_role("button", name=re.compile("始める")).first.click()
    page.wait_for_url(re.compile(r"/drafts/.*/page_1"))
    draft_id = re.search(r"/drafts/([0-9a-f-]{36})/", page.url)[1]
    with django_db_blocker.unblock(), tenant_scope(town.id):
        Draft.objects.filter(id=draft_id).update(answers=answers, done_steps=["page_1", "page_2"])
    page.goto(served.address(f"/procedures/drafts/{draft_id}/confirm/"))
    page.get_by_role("button", name="請求する").click()
    expect(page.get_by_text("300円")).to_be_visible()
    check(page)
    shoot(page, "pay")
    page.get_by_role("button", name=re.compile("で支払う")).click()
    check(page)
    shoot(page, "trial")
    page.get_by_label("同じ知らせを2回送る").check()
    page.get_by_role("button", name="支払う", exact=True).click()
    expect(page.get_by_text("手数料の支払いを確かめました。")).to_be_visible()
    check(page)
    page.get_by_role("link", name="受付番号を見る").click()
    expect(page.get_by_role("heading", name="受付番号")).to_be_visible()
    shoot(page, "receipt")


def test_a_fee_is_paid_after_examination(served, page_at, check, shoot, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        request_payment(actor=town.clerk, application=an_accepted_with_fee(town))
        payment = Payment.objects.get()
    page = page_at(1280, language="en")
    page.goto(served.address(f"/procedures/pay/{payment.reference}/"))
    page.get_by_role("button", name="Pay with").click()
    page.get_by_label("Do not return").check()
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_text("The payment is done.")).to_be_visible()
    page = page_at(390, who=town.clerk)
    page.goto(served.address("/staff/procedures/fees/"))
    expect(page.locator(".dads-chip-label", has_text="支払い済み")).to_be_visible()
    check(page)
    shoot(page, "fees")
    page.goto(served.address(f"/staff/procedures/fees/{payment.id}/"))
    check(page)
    page.get_by_label("理由").fill("請求の取消しのため")
    page.get_by_role("button", name="返金する").click()
    expect(page.get_by_text("返金しました。")).to_be_visible()
    shoot(page, "payment")
