"""A second factor by network: from inside a password is enough, from outside it is not."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import services
from kakehashi.people.models import MailCode, SecondFactorRule, User
from kakehashi.people.testing import PASSWORD

OUTSIDE = "203.0.113.9"


@pytest.fixture
def outside(cast, client_for):
    """The clerk's client, at home on the internet."""
    client = client_for(cast.hibari.clerk)
    client.defaults["REMOTE_ADDR"] = OUTSIDE
    return client


def test_from_outside_every_staff_page_leads_to_the_second_factor(outside):
    answer = outside.get("/staff/people/")
    assert answer.status_code == 302
    assert "/second-factor/" in answer.url
    assert outside.post("/staff/people/absence/", {"choice": "today"}).status_code == 302


def test_a_code_by_mail_opens_the_pages(cast, outside, mailoutbox):
    assert outside.get("/staff/people/second-factor/").status_code == 200
    before = outside.session.session_key
    assert outside.post("/staff/people/second-factor/mail/", {"next": "/hibari/staff/people/"}).status_code == 200
    with tenant_scope(cast.hibari.id):
        services.send_mail_code(mail_code_id=MailCode.objects.get().id)
    assert mailoutbox[0].to == ["clerk@hibari.example"]
    digits = re.search(r"\d{6}", mailoutbox[0].body).group()
    assert digits not in mailoutbox[0].subject
    answer = outside.post("/staff/people/second-factor/mail/", {"code": digits, "next": "/hibari/staff/people/"})
    assert answer.url == "/hibari/staff/people/"
    assert outside.get("/staff/people/").status_code == 200
    assert outside.session.session_key != before


def test_the_password_alone_registers_no_second_factor_from_outside(cast, client):
    client.defaults["REMOTE_ADDR"] = OUTSIDE
    client.post("/accounts/login/", {"login": "clerk@hibari.example", "password": PASSWORD})
    for closed in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        assert "/accounts/choose/" in client.get(closed).url, closed
    client.get("/accounts/choose/")
    for closed in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        assert "/second-factor/" in client.get(closed).url, closed
    client.defaults["REMOTE_ADDR"] = "10.0.0.7"
    client.get("/hibari/staff/people/")
    assert client.get("/accounts/2fa/").status_code == 200


def test_wrong_digits_stay_outside_and_are_told_so(cast, outside):
    outside.post("/staff/people/second-factor/mail/")
    answer = outside.post("/staff/people/second-factor/mail/", {"code": "000000"})
    assert answer.status_code == 422
    assert outside.get("/staff/people/").status_code == 302
    assert mail.outbox == []


def test_a_rule_of_the_town_asks_inside_as_well_and_names_the_factor(cast, client_for):
    client = client_for(cast.hibari.clerk)
    client.defaults["REMOTE_ADDR"] = "10.1.2.3"
    assert client.get("/staff/people/").status_code == 200
    with tenant_scope(cast.hibari.id):
        SecondFactorRule.objects.create(network="10.1.0.0/16", factors=["totp"])
    again = client_for(cast.hibari.clerk)
    again.defaults["REMOTE_ADDR"] = "10.1.2.3"
    assert "/second-factor/" in again.get("/staff/people/").url
    assert "メールの確認コード" not in again.get("/staff/people/second-factor/").content.decode()


def test_what_the_sign_in_library_recorded_counts(cast, outside):
    session = outside.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp"}]
    session.save()
    assert outside.get("/staff/people/").status_code == 200


def test_a_proxy_nobody_told_us_of_is_outside(cast, client_for):
    client = client_for(cast.hibari.clerk)
    client.defaults["HTTP_X_FORWARDED_FOR"] = "10.0.0.1"
    assert "/second-factor/" in client.get("/staff/people/").url


def test_a_registered_authenticator_is_asked_for_and_opens_the_pages(cast, client):
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    client.defaults["REMOTE_ADDR"] = OUTSIDE
    client.post("/accounts/login/", {"login": "clerk@hibari.example", "password": PASSWORD})
    client.get("/accounts/choose/")
    secret = generate_totp_secret()
    TOTP.activate(User.objects.get(email="clerk@hibari.example"), secret)
    page = client.get("/hibari/staff/people/", follow=True).content.decode()
    assert "登録した方法で確認する" in page
    digits = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    answer = client.post(
        "/accounts/2fa/reauthenticate/?next=/hibari/staff/people/", {"code": digits, "next": "/hibari/staff/people/"}
    )
    assert answer.status_code == 302
    assert client.get("/hibari/staff/people/").status_code == 200


def test_an_account_with_a_second_factor_is_asked_for_it_when_signing_in(client, cast):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(User.objects.get(email="clerk@hibari.example"), generate_totp_secret())
    assert Authenticator.objects.count() >= 1
    answer = client.post("/accounts/login/", {"login": "clerk@hibari.example", "password": PASSWORD})
    assert "2fa/authenticate" in answer.url
    assert "もう一つの確認" in client.get(answer.url).content.decode()
