"""OpenID Connect against a provider that runs in the test process: residents and staff."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import services
from kakehashi.people.models import IdentityProvider, Person, Resident, StaffIdentity
from kakehashi.people.services.residents import SESSION_RESIDENT
from kakehashi.people.testing import powerful
from kakehashi.people.testing.fake_openid import running_provider


@pytest.fixture(autouse=True)
def at_its_own_address(monkeypatch):
    """The address of the installation is the one that the browsers of these tests stand on."""
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, base_url="http://testserver"))


@pytest.fixture
def provider():
    with running_provider() as running:
        yield running


def register(town, provider, audience):
    with tenant_scope(town.id):
        return services.register_provider(
            actor=powerful(town.administrator),
            audience=audience,
            name="デジタル認証アプリ",
            issuer=provider.issuer,
            client_id=provider.client_id,
            scope="openid name address birthdate gender",
            acr_values="aal3",
            signing_key=json.dumps(provider.client_key.as_dict(private=True)),
        )


def back_from(provider, answer):
    """What the person's browser does: go to the provider, agree, come back."""
    parts = urlsplit(provider.authorize(answer.url))
    return f"{parts.path}?{parts.query}"


def walk(client, provider, row, kind="people/provider"):
    answer = client.get(f"/{kind}/{row.id}/?next=/hibari/people/address/")
    return client.get(back_from(provider, answer))


def test_a_resident_comes_through_the_provider_and_is_known_again(cast, client_for, provider):
    row = register(cast.hibari, provider, "resident")
    client = client_for(cast.hibari)
    answer = walk(client, provider, row)
    assert answer.url == "/hibari/people/address/"
    with tenant_scope(cast.hibari.id):
        resident = Resident.objects.get(identity_subject="sub-1")
    assert (resident.name, resident.email) == ("住民 太郎", "taro@example.jp")
    assert client.session[SESSION_RESIDENT]["id"] == str(resident.id)
    walk(client_for(cast.hibari), provider, row)
    with tenant_scope(cast.hibari.id):
        assert Resident.objects.filter(identity_subject="sub-1").count() == 1


def test_an_address_never_joins_an_outside_identity_to_somebody_else(cast, client_for, provider):
    provider.person["email"] = "resident@hibari.example"
    row = register(cast.hibari, provider, "resident")
    client = client_for(cast.hibari)
    walk(client, provider, row)
    assert client.session[SESSION_RESIDENT]["id"] != str(cast.hibari.resident.id)


@pytest.mark.parametrize(
    "misbehave",
    [
        {"nonce": "replayed"},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": "somebody else"},
        {"acr": "aal1"},
    ],
)
def test_a_provider_that_misbehaves_opens_nothing(cast, client_for, provider, misbehave):
    row = register(cast.hibari, provider, "resident")
    client = client_for(cast.hibari)
    provider.misbehave = misbehave
    answer = walk(client, provider, row)
    assert answer.url == "/hibari/people/address/"
    assert SESSION_RESIDENT not in client.session


def test_an_answer_is_good_once_and_only_in_the_browser_that_left(cast, client_for, provider):
    row = register(cast.hibari, provider, "resident")
    victim, attacker = client_for(cast.hibari), client_for(cast.hibari)
    left = attacker.get(f"/people/provider/{row.id}/")
    back = back_from(provider, left)
    victim.get(back)
    assert SESSION_RESIDENT not in victim.session
    attacker.get(back)
    assert SESSION_RESIDENT in attacker.session


def test_the_secrets_of_a_provider_are_sealed_in_the_database(cast, provider):
    row = register(cast.hibari, provider, "resident")
    with tenant_scope(cast.hibari.id):
        sealed = IdentityProvider.objects.get(id=row.id).signing_key_sealed
    assert sealed
    assert "kty" not in sealed


def test_staff_are_found_by_their_verified_address_and_linked(cast, client_for, provider):
    provider.person |= {"email": "clerk@hibari.example"}
    row = register(cast.hibari, provider, "staff")
    client = client_for(cast.hibari)
    walk(client, provider, row, "accounts/provider")
    assert client.get("/staff/people/").status_code == 200
    with tenant_scope(cast.hibari.id):
        assert StaffIdentity.objects.get().person == Person.objects.get(email="clerk@hibari.example")


def test_a_towns_own_provider_reaches_no_other_town(cast, client_for, provider):
    from kakehashi.people.models import Membership, User

    Membership.objects.create(user=User.objects.get(email="clerk@hibari.example"), government=cast.misaki.government)
    provider.person |= {"email": "clerk@hibari.example"}
    row = register(cast.hibari, provider, "staff")
    client = client_for(cast.hibari)
    walk(client, provider, row, "accounts/provider")
    client.slug = ""
    assert client.post("/accounts/choose/", {"government": str(cast.misaki.id)}).status_code == 404
    for closed in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/email/"):
        assert client.get(closed).status_code == 404, closed


def test_somebody_the_town_does_not_employ_is_refused(cast, client_for, provider):
    row = register(cast.hibari, provider, "staff")
    client = client_for(cast.hibari)
    assert "/accounts/login/" in walk(client, provider, row, "accounts/provider").url
    assert "_auth_user_id" not in client.session


def test_a_provider_of_the_neighbour_is_not_here(cast, client_for, provider):
    row = register(cast.misaki, provider, "resident")
    assert client_for(cast.hibari).get(f"/people/provider/{row.id}/").status_code == 404


def test_a_silent_provider_is_said_to_be_silent(cast, client_for):
    with running_provider() as gone:
        row = register(cast.hibari, gone, "resident")
    answer = client_for(cast.hibari).get(f"/people/provider/{row.id}/", follow=True)
    assert "応答しません" in answer.content.decode()


def test_the_whole_way_is_walked_on_the_host_that_the_provider_knows(cast, client_for, provider, monkeypatch):
    provider.person |= {"email": "clerk@hibari.example"}
    row = register(cast.hibari, provider, "staff")
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, base_url="http://localhost:8000"))
    client = client_for(cast.hibari)
    moved = client.get(f"/accounts/provider/{row.id}/?next=/hibari/staff/cases/")
    begin = "http://localhost:8000/hibari/accounts/provider/"
    assert moved.url == f"{begin}{row.id}/?next=%2Fhibari%2Fstaff%2Fcases%2F&moved=1"
    there = urlsplit(moved.url)
    client.slug, client.defaults["HTTP_HOST"] = "", "localhost:8000"
    left = client.get(f"{there.path}?{there.query}")
    assert client.get(back_from(provider, left)).url == "/hibari/staff/cases/"
    assert client.get("/hibari/staff/people/").status_code == 200


@pytest.mark.parametrize(("told", "counts"), [("aal3", True), ("", False)])
def test_a_second_factor_counts_only_when_the_provider_says_how_it_asked(cast, client_for, provider, told, counts):
    provider.person |= {"email": "clerk@hibari.example"}
    provider.misbehave = {"acr": told} if told else {}
    row = register(cast.hibari, provider, "staff")
    with tenant_scope(cast.hibari.id):
        IdentityProvider.objects.update(is_second_factor=True)
    client = client_for(cast.hibari)
    walk(client, provider, row, "accounts/provider")
    outside = client.get("/staff/people/", REMOTE_ADDR="203.0.113.9")
    assert (outside.status_code == 200) is counts
