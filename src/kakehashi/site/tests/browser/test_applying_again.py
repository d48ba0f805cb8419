"""Begun on a telephone, finished on another device with the files; the next time the earlier answers are offered."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.starter_form import starter_form
from kakehashi.procedures.models import Draft
from kakehashi.procedures.services import warn_of_expiry
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure, type_in

pytestmark = pytest.mark.browser


def test_save_resume_elsewhere_and_reuse(served, page_at, check, django_db_blocker):
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        procedure, officer = an_online_procedure(served.cast.hibari), served.cast.hibari.officer
        with_paper = starter_form(Kind.DISPOSITION, ["工事前の写真"])
        form = save_draft(
            actor=officer, form=procedure.form, definition=with_paper, expected_revision=procedure.form.revision
        )
        publish_form(actor=officer, form=form)
        other = an_online_procedure(served.cast.hibari)
    phone = page_at(390)
    phone.goto(served.address("/"))
    # Three taps from the front page to the form.
    phone.get_by_role("link", name="手続をさがす").first.click()
    phone.locator(f'main a[href*="{procedure.id}"]').first.click()
    expect(phone.get_by_text("件数が少ないため")).to_be_visible()
    phone.get_by_role("button", name="申請を始める").click()
    phone.wait_for_url(re.compile("page_1"))
    type_in(phone, YOU)
    phone.get_by_role("button", name="次へ進む").click()
    phone.wait_for_url(re.compile("page_2"))
    file = {"name": "工事前の写真.pdf", "mimeType": "application/pdf", "buffer": PDF}
    phone.locator("input[type=file]").first.set_input_files(file)
    phone.get_by_role("button", name="一時保存").click()
    phone.wait_for_url(re.compile("/saved/"))
    check(phone)
    # The address from the form is not asked for again.
    expect(phone.get_by_text("megumi@example.jp").first).to_be_visible()
    phone.get_by_role("button", name="リンクを送る").click()
    expect(phone.get_by_text("リンクをメールで送りました")).to_be_visible()
    with django_db_blocker.unblock(), tenant_scope(served.cast.hibari.id):
        link = Notice.objects.get(kind="procedures.resume").url.partition("/hibari")[2]
        begun = Draft.objects.get(email="megumi@example.jp")
        Draft.objects.filter(id=begun.id).update(expires_at=clock.now() + timedelta(days=2))
        warn_of_expiry(actor=system_actor(served.cast.hibari.id))
        # The warning before it is forgotten carries the way back, too.
        link = Notice.objects.get(kind="procedures.expiring").url.partition("/hibari")[2]
    home = page_at(1280)
    home.goto(served.address(link))
    home.get_by_role("link", name="続きを書く").click()
    home.wait_for_url(re.compile("page_2"))
    expect(home.get_by_text("工事前の写真.pdf").first).to_be_visible()
    type_in(home, REQUEST)
    home.get_by_role("button", name="確認へ進む").click()
    expect(home.get_by_text("工事前の写真.pdf")).to_be_visible()
    home.get_by_role("button", name="申請する").click()
    expect(home.get_by_role("heading", name="届きました")).to_be_visible()
    phone.goto(served.address(link))
    expect(phone.get_by_role("heading", name="この手続は、もう届いています")).to_be_visible()
    check(phone)
    home.goto(served.address(f"/procedures/{other.id}/"))
    home.get_by_role("button", name="申請を始める").click()
    expect(home.get_by_role("heading", name="前に書いた答えを写しますか")).to_be_visible()
    check(home)
    home.set_viewport_size({"width": 390, "height": 844})
    check(home)
    home.get_by_role("button", name="選んだ答えを写すことに同意する").click()
    expect(home.locator("[name='name.family']")).to_have_value("田中")
    expect(home.locator("[name=phone]")).to_have_value("09012345678")
