"""One installation by several host names: signing in, the role chooser and a government's own host, in a real browser.

Browsers apply `form-action 'self'` to where the answer of a form leads. A redirect to the configured address ends there without
a word, while a test client follows it.
"""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import expect

from kakehashi.governments.models import Government
from kakehashi.governments.selectors import forget_tenants
from kakehashi.people.testing import PASSWORD

pytestmark = pytest.mark.browser


def sign_in_at(page, address, email):
    page.goto(address)
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()


def test_signing_in_works_at_every_name_of_the_installation(page_at, served, monkeypatch, django_db_blocker):
    port = served.url.rpartition(":")[2]
    names = [*settings.ALLOWED_HOSTS, "misaki.localhost"]
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", names)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, base_url=f"http://localhost:{port}"))
    with django_db_blocker.unblock():
        Government.objects.filter(id=served.cast.misaki.id).update(host="misaki.localhost")
    forget_tenants()
    ways = (
        ("127.0.0.1", "/accounts/login/", "clerk@hibari.example", "/hibari/staff/"),
        ("localhost", "/accounts/login/", "clerk@misaki.example", "/misaki/staff/"),
        ("misaki.localhost", "/staff/cases/", "clerk@misaki.example", "/staff/"),
    )
    for host, path, email, home in ways:
        page = page_at(1280)
        sign_in_at(page, f"http://{host}:{port}{path}", email)
        expect(page).to_have_url(re.compile(f"^http://{re.escape(host)}:{port}{home}"))
        expect(page.locator("body")).to_have_attribute("data-shell", "staff")
