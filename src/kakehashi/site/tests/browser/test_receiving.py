"""収受: a paper with its dragged scan and its case, put right and voided; a mail's file; without JavaScript too."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.files.testing import PDF
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.records.testing import with_schedule

pytestmark = pytest.mark.browser

DROP = """([zone, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], '照会.pdf', {type: 'application/pdf'}));
  zone.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
MAIL = """From: =?utf-8?b?44Gy44Gw44KK55yM?= <doro@example.lg.jp>
To: hibari@example.jp
Subject: road survey
Date: Mon, 16 Nov 2026 10:00:00 +0900
Message-ID: <1@example.lg.jp>
Content-Type: text/plain; charset=utf-8

道路の調査にご回答ください。
""".encode()


def test_paper_mail_correction_and_void_number(served, page_at, every_width, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        with_schedule(town)
    page = page_at(1280, who=town.clerk)
    a_dragged_scan_opens_a_case(served, page, every_width)
    it_is_put_right(page, every_width)
    a_mail_is_received(served, page, every_width)
    without_javascript_and_voided(served, page_at(390, who=town.clerk, javascript=False))
    page.goto(served.address("/staff/records/receipts/"))
    expect(page.get_by_text("二度収受したため")).to_be_visible()
    every_width(page)


def a_dragged_scan_opens_a_case(served, page, every_width):
    page.goto(served.address("/staff/records/receipts/new/"))
    every_width(page)
    page.evaluate(DROP, [page.locator("[data-drop]").element_handle(), list(PDF)])
    page.get_by_label("件名").fill("道路の現況について（照会）")
    page.get_by_label("差出人").fill("ひばり県")
    page.get_by_label("紙の保管場所").fill("書庫2-3")
    page.get_by_label("この文書のために新しい案件をひらく").check()
    page.get_by_label("分類（簿冊）").select_option("C-03")
    page.get_by_role("button", name="収受する").click()
    expect(page.get_by_role("link", name="照会.pdf")).to_be_visible()
    expect(page.get_by_text("8住収第1号").first).to_be_visible()
    address = page.url
    page.get_by_role("link", name=re.compile("番号待ち|令和8-")).click()
    expect(page.get_by_role("heading", name="道路の現況について（照会）", level=1)).to_be_visible()
    page.goto(address)


def it_is_put_right(page, every_width):
    page.get_by_text("訂正する", exact=True).first.click()
    form = page.locator("form[action$='/correct/']")
    form.get_by_label("差出人").fill("みさき市")
    form.get_by_label("訂正の理由").fill("差出人の書き誤り")
    form.get_by_role("button", name="訂正する").click()
    expect(page.get_by_text("訂正前の差出人")).to_be_visible()
    expect(page.get_by_text("ひばり県", exact=True)).to_be_visible()
    expect(page.get_by_text("8住収第1号").first).to_be_visible()
    every_width(page)


def a_mail_is_received(served, page, every_width):
    page.goto(served.address("/staff/records/mails/"))
    every_width(page)
    page.locator("input[type=file]").set_input_files({"name": "a.eml", "mimeType": "message/rfc822", "buffer": MAIL})
    page.get_by_role("button", name="取り込む").click()
    page.get_by_role("link", name="road survey").click()
    expect(page.get_by_text("道路の調査にご回答ください。")).to_be_visible()
    every_width(page)
    page.get_by_role("button", name="収受する").click()
    expect(page.get_by_text("8住収第2号").first).to_be_visible()


def without_javascript_and_voided(served, phone):
    phone.goto(served.address("/staff/records/receipts/new/"))
    phone.get_by_label("スキャンした画像や、届いたファイル").set_input_files(
        {"name": "写し.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    phone.get_by_label("件名").fill("道路の現況について（再送）")
    phone.get_by_label("差出人").fill("ひばり県")
    phone.get_by_role("button", name="収受する").click()
    expect(phone.get_by_role("link", name="写し.pdf")).to_be_visible()
    phone.get_by_text("欠番にする", exact=True).first.click()
    phone.get_by_label("欠番にする理由").fill("二度収受したため")
    phone.get_by_role("button", name="欠番にする").click()
    expect(phone.get_by_text("この番号は欠番です。理由：二度収受したため")).to_be_visible()
