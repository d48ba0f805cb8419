"""開示請求 in the browser: received, found and held, parts marked, judged, decided, handed out, and the log of it all."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.records.models import Document
from kakehashi.records.services import Placing
from kakehashi.records.services.words import read_words
from kakehashi.records.testing import received, with_schedule
from kakehashi.search.services import index_pending

pytestmark = pytest.mark.browser


def a_register_of_names(town):
    """A filed document with a PDF whose words are indexed."""
    with_schedule(town)
    told = ReceiptDocument(
        title="名簿", issued_on="", addressee="", issuer="", issuer_name="", text="委員は甲野太郎です。出席は五名です。"
    )
    scan = store_file(actor=town.clerk, name="名簿.pdf", content=render_pdf(told), purpose="records.receipt")
    received(town, title="委員の名簿", files=[scan], placing=Placing(class_code="C-03"))
    read_words(document_id=Document.objects.get().id)
    index_pending()


def test_from_the_request_to_what_is_handed_out(served, page_at, every_width, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        a_register_of_names(town)
    page = page_at(1280, who=town.clerk)
    received_and_found(served, page, every_width)
    marked(page, every_width)
    page.get_by_role("link", name="令和8-1").click()
    page.get_by_text("開示するかどうかを決める").first.click()
    page.get_by_label("区分").select_option("partial")
    page.get_by_role("button", name="判断を記録する").click()
    page.locator("select[name=decision]").select_option("partial")
    page.get_by_role("button", name="決定する").click()
    expect(page.get_by_text("一部を開示").first).to_be_visible()
    page.get_by_role("button", name="開示する文書を作る").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="に作ったもの（ZIP）").click()
    assert download.value.suggested_filename.endswith(".zip")
    expect(page.locator(".dads-timeline")).to_contain_text("開示する文書の作成")
    every_width(page)


def received_and_found(served, page, every_width):
    page.goto(served.address("/staff/records/disclosures/new/"))
    every_width(page)
    page.get_by_label("請求した人").fill("請求 花子")
    page.get_by_label("求められている文書").fill("委員の名簿")
    page.get_by_label("決定の期限").fill((clock.today() + dt.timedelta(days=15)).isoformat())
    page.get_by_role("button", name="受け付ける").click()
    page.get_by_label("件名・番号・中の言葉").fill("甲野太郎")
    page.get_by_role("button", name="さがす").last.click()
    page.get_by_role("checkbox", name="委員の名簿").check()
    page.get_by_role("button", name="対象の文書にする").click()
    expect(page.get_by_text("対象文書に加え、廃棄を保留しました。")).to_be_visible()
    every_width(page)


def marked(page, every_width):
    page.get_by_role("link", name="名簿.pdf").click()
    page.get_by_label("条項").fill("情報公開条例第7条第1号")
    page.get_by_label("隠す言葉").fill("甲野太郎")
    page.get_by_role("button", name="開示しない部分にする").click()
    expect(page.get_by_text("1か所を、開示しない部分にしました。")).to_be_visible()
    every_width(page)
