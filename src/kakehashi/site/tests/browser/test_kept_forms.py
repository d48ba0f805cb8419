"""A consultation that was written over lunch: the session is over, nothing of it is lost, with and without scripts."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from kakehashi.people.testing import PASSWORD

pytestmark = pytest.mark.browser
WORDS = "窓口で同じ書類を三度書いてもらっている"


@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1280, True)])
def test_what_was_written_waits_behind_the_sign_in(page_at, served, django_db_blocker, every_width, width, javascript):
    page = page_at(width, who=served.cast.hibari.clerk, javascript=javascript)
    page.goto(served.address("/staff/desk/new/"))
    page.locator("[name=task]").fill("公民館の使用受付")
    page.locator("[name=problem]").fill(WORDS)
    with django_db_blocker.unblock():
        Session.objects.all().delete()
    page.locator("button[value=file]").click()
    expect(page.get_by_text("預かっています")).to_be_visible()
    page.locator("#id_login").fill("clerk@hibari.example")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    if javascript:
        every_width(page)
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_text("相談を受け付けました")).to_be_visible()
    expect(page.get_by_text(WORDS).first).to_be_visible()
