"""A large photograph from a phone in a valley: in parts, over a line that breaks, while the rest is typed."""

import os
import re

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.files.models import StoredFile
from kakehashi.files.testing import PDF
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.starter_form import starter_form
from kakehashi.procedures.models import Draft, Proxy
from kakehashi.procedures.services import set_filing_rule
from kakehashi.procedures.testing import an_online_procedure, good_answers

pytestmark = pytest.mark.browser
LARGE = PDF + os.urandom(2_400_000)


def test_a_large_file_goes_up_in_parts_over_a_line_that_breaks(served, page_at, check, django_db_blocker):
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        procedure, officer = an_online_procedure(served.cast.hibari), served.cast.hibari.officer
        with_paper = starter_form(Kind.DISPOSITION, ["工事前の写真"])
        form = procedure.form
        form = save_draft(actor=officer, form=form, definition=with_paper, expected_revision=form.revision)
        publish_form(actor=officer, form=form)
        answers = good_answers(procedure)
        set_filing_rule(actor=officer, procedure=procedure, proxies=["voluntary"], proofs=["letter"], co_signing="none")
    page = page_at(390)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.get_by_role("button", name=re.compile("始める")).first.click()
    page.get_by_label(re.compile("たのまれた人")).check()
    page.get_by_role("button", name="次へ進む").click()
    page.get_by_label("本人との関係").fill("子")
    page.get_by_label("証明する書類").set_input_files(
        {"name": "委任状.pdf", "mimeType": "application/pdf", "buffer": LARGE[:1_500_000]}
    )
    # Something else is wrong: the large file stays when the page comes back.
    page.get_by_role("button", name="次へ進む").click()
    expect(page.get_by_text("付けた書類：委任状.pdf")).to_be_visible(timeout=30_000)
    check(page)
    page.get_by_label("あなたの氏名").fill("田中 一郎")
    page.get_by_label("あなたのメールアドレス").fill("ichiro@example.jp")
    page.get_by_role("button", name="次へ進む").click()
    page.wait_for_url(re.compile(r"/drafts/.*/page_1"))
    draft_id = re.search(r"/drafts/([0-9a-f-]{36})/", page.url)[1]
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        Draft.objects.filter(id=draft_id).update(answers=answers, done_steps=["page_1"])
    broken = []

    def break_once(route):
        if len(broken) < 2:
            broken.append(route.request.url)
            route.abort() if len(broken) == 1 else route.fulfill(status=503)
        else:
            route.continue_()

    page.route(re.compile(r"/files/uploads/[0-9a-f-]+/1/"), break_once)
    page.goto(page.url.replace("page_1", "page_2"))
    chooser = page.locator("input[type=file]").first
    chooser.set_input_files({"name": "工事前の写真.pdf", "mimeType": "application/pdf", "buffer": LARGE})
    # The button is pressed while the file is still on its way: the form waits, then goes on.
    page.get_by_role("button", name="確認へ進む").click()
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/upload-390.png", full_page=True)
    page.wait_for_url(re.compile("/confirm/"), timeout=30_000)
    expect(page.get_by_text("工事前の写真.pdf")).to_be_visible()
    check(page)
    assert len(broken) == 2
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        assert StoredFile.objects.get(name="工事前の写真.pdf").size == len(LARGE)
        assert Proxy.objects.get().proof_file.size == 1_500_000
