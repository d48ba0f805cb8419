"""Session fixation, a forged Host, and redirects that lead out of the house."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from kakehashi.people.testing import PASSWORD

OUTSIDE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "\thttps://evil.example/",
    "javascript:alert(1)",
)
PARAMETERS = ("next", "back", "return_to", "url", "redirect")
#: What every page is asked to do in `test_every_url`.
ASKED_OUTSIDE = dict.fromkeys(PARAMETERS, OUTSIDE[1])


def leads_outside(where: str) -> bool:
    return bool(re.match(r"\s*(?:[a-z]+:|[/\\]{2})", where, re.IGNORECASE)) and not where.startswith(
        "http://testserver/"
    )


def log_in(client, who):
    return client.post("/accounts/login/", {"login": who, "password": PASSWORD})


def test_signing_in_gives_a_new_session(cast):
    client = Client()
    client.get(f"/{cast.hibari.government.slug}/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert log_in(client, "clerk@hibari.example").status_code == 302
    assert client.session.session_key != session.session_key


def test_a_made_up_session_id_is_not_adopted(cast):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    log_in(client, "clerk@hibari.example")
    assert client.session.session_key != "a" * 32


def test_signing_out_ends_the_session_on_the_server(cast):
    client = Client()
    log_in(client, "clerk@hibari.example")
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
    client.post("/accounts/logout/")
    assert stolen.get(f"/{cast.hibari.government.slug}/staff/cases/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE in {"Lax", "Strict"}


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "evil.example:80"]
)
def test_a_forged_host_is_refused(cast, host):
    for path in ("/", "/accounts/login/", f"/{cast.hibari.government.slug}/"):
        assert Client(headers={"host": host}).get(path).status_code == 400


def test_a_forged_forwarded_host_does_not_reach_a_mail(cast):
    Client(headers={"x-forwarded-host": "evil.example", "x-forwarded-for": "203.0.113.9"}).post(
        "/accounts/password/reset/", {"email": "clerk@hibari.example"}
    )
    assert len(mail.outbox) == 1
    assert "evil.example" not in mail.outbox[0].body


@pytest.mark.parametrize("target", OUTSIDE)
def test_signing_in_never_leads_outside(cast, target):
    response = Client().post(
        f"/accounts/login/?next={target}", {"login": "clerk@hibari.example", "password": PASSWORD, "next": target}
    )
    assert response.status_code == 302
    assert not leads_outside(response.url)
