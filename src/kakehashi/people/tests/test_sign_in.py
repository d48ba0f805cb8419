"""Signing in with a password, choosing the government, and what a session is bound to."""

from __future__ import annotations

from unittest import mock

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from kakehashi.governments.models import Government
from kakehashi.governments.selectors import forget_tenants
from kakehashi.people.models import Membership, User
from kakehashi.people.services.sessions import SESSION_GOVERNMENT
from kakehashi.people.testing import PASSWORD


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra}, follow=False)


def test_a_password_leads_to_the_only_government(client, cast):
    answer = sign_in(client, "clerk@hibari.example")
    assert answer.status_code == 302
    assert client.get(answer.url).url.endswith("/hibari/staff/")
    assert client.session[SESSION_GOVERNMENT] == str(cast.hibari.id)


def test_the_page_that_was_wanted_is_opened_after_signing_in(client, cast):
    wanted = "/hibari/staff/people/chart/"
    answer = client.post(
        f"/hibari/accounts/login/?next={wanted}",
        {"login": "clerk@hibari.example", "password": PASSWORD, "next": wanted},
    )
    answer = client.get(answer.url, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == wanted


@pytest.mark.parametrize("email", ["clerk@hibari.example", "nobody@hibari.example"])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, cast, email):
    answer = sign_in(client, email, "something else entirely")
    assert "Location" not in answer.headers
    assert "メールアドレス" in answer.content.decode()


def hashes(client, email):
    hasher = type(get_hasher())
    with mock.patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
        sign_in(client, email, "something else entirely")
    return encode.call_count


def test_an_unknown_address_costs_as_many_hashes_as_a_wrong_password(client, cast):
    assert hashes(client, "clerk@hibari.example") == hashes(client, "nobody@hibari.example") == 1


def test_the_session_key_changes_when_somebody_signs_in(client, cast):
    client.get("/accounts/login/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    before = client.cookies["kakehashi_session"].value if "kakehashi_session" in client.cookies else None
    answer = sign_in(client, "clerk@hibari.example")
    client.get(answer.url)
    after = client.cookies["kakehashi_session"]
    assert after.value != before
    assert after["httponly"]
    assert after["samesite"] == "Lax"


def test_somebody_of_two_governments_chooses_and_is_bound_to_one(client, cast):
    user = User.objects.get(email="clerk@hibari.example")
    Membership.objects.create(user=user, government=cast.misaki.government)
    answer = sign_in(client, user.email)
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "みさき市で仕事をする" in page.content.decode()
    client.post("/accounts/choose/", {"government": str(cast.hibari.id)})
    assert client.get("/hibari/staff/people/").status_code == 200
    assert client.get("/misaki/staff/people/").status_code == 404


def test_a_government_one_does_not_belong_to_cannot_be_chosen(client, cast):
    sign_in(client, "clerk@hibari.example")
    assert client.post("/accounts/choose/", {"government": str(cast.misaki.id)}).status_code == 404
    assert client.session.get(SESSION_GOVERNMENT) != str(cast.misaki.id)


def test_an_account_without_any_government_is_told_so(client, cast):
    User.objects.create_user("alone@example.jp", PASSWORD)
    answer = sign_in(client, "alone@example.jp")
    assert "入れる団体がありません" in client.get(answer.url).content.decode()


def test_nobody_signs_up_alone(client, cast):
    client.post("/accounts/signup/", {"email": "new@example.jp", "password1": PASSWORD})
    assert not User.objects.filter(email="new@example.jp").exists()


def test_too_many_failures_are_counted_in_the_database(client, cast):
    for _ in range(6):
        sign_in(client, "clerk@hibari.example", "wrong wrong wrong")
    answer = sign_in(client, "clerk@hibari.example")
    assert "Location" not in answer.headers


def test_signing_in_never_leaves_the_host_that_people_typed(cast):
    """Browsers apply `form-action 'self'` to where a form's answer leads: another host name would end the sign-in in silence."""
    Government.objects.filter(id=cast.misaki.id).update(host="www.misaki.example")
    for host, email in (("127.0.0.1", "clerk@hibari.example"), ("localhost", "clerk@misaki.example")):
        client = Client(headers={"host": host})
        answer = client.get(sign_in(client, email).url)
        assert answer.url in {"/hibari/staff/", "/misaki/staff/"}
        assert client.get(answer.url, follow=True).status_code == 200


def test_the_governments_of_other_hosts_are_links_and_no_choice(cast, settings):
    forget_tenants()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "www.misaki.example"]
    Government.objects.filter(id=cast.misaki.id).update(host="www.misaki.example")
    user = User.objects.get(email="clerk@hibari.example")
    client = Client(headers={"host": "www.misaki.example"})
    page = client.get(sign_in(client, user.email).url).content.decode()
    assert "ひばり町へ移る" in page
    assert "/hibari/staff/" in page
    assert client.post("/accounts/choose/", {"government": str(cast.hibari.id)}).status_code == 404
    forget_tenants()
