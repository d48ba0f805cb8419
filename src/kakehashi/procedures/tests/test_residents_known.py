"""Residents who say who they are: through an outside identity or a mail code. Nobody has to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured

from kakehashi.kernel.sealing import derived_key
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.domain.mail_codes import derive_code
from kakehashi.people.models import MailCode
from kakehashi.people.services import register_provider
from kakehashi.people.testing import Cast, powerful
from kakehashi.people.testing.fake_openid import FakeProvider, running_provider
from kakehashi.procedures.domain.identity import IdentityCheck, Proof, Shown, satisfies
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.services import missing_for_opening
from kakehashi.procedures.tests.test_apply_pages import begin, fill

CLAIMS = {"name": "田中 めぐみ", "birthdate": "1985-04-01", "address": "東京都千代田区千代田1-1"}


@pytest.fixture
def provider(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProvider]:
    """デジタル認証アプリ, registered by ひばり町; the installation has the name that the test types."""
    monkeypatch.setattr(configured, "CONFIG", replace(configured.CONFIG, base_url="http://testserver"))
    with running_provider() as running:
        running.person |= CLAIMS
        key = json.dumps(running.client_key.as_dict(private=True))
        with tenant_scope(cast.hibari.id):
            register_provider(
                actor=powerful(cast.hibari.administrator), audience="resident", name="デジタル認証アプリ",
                issuer=running.issuer, client_id=running.client_id, scope="openid name address", signing_key=key,
            )  # fmt: skip
        yield running


def come_in(client: Any, provider: FakeProvider, page: str) -> str:
    """Press the door on a page, agree at the provider, come back; returns where one ends."""
    text = client.get(page).content.decode()
    assert "デジタル認証アプリで本人を確かめる" in text
    door = text.split("/people/provider/")[1].split('"')[0]
    left = client.get(f"/people/provider/{door}")
    back = urlsplit(provider.authorize(left.url))
    return client.get(f"{back.path}?{back.query}").url.removeprefix("/hibari")


def digits() -> str:
    code = MailCode.objects.latest("created_at")
    return derive_code(derived_key(configured.SECRET_KEY, "mail-code"), code.id, bytes(code.nonce))


def test_through_the_door_with_consent_and_listed_elsewhere(
    cast: Cast, client_for: Callable, online: Callable, provider: FakeProvider
) -> None:
    procedure, client = online(), client_for(cast.hibari)
    page = f"/procedures/{procedure.id}/"
    assert come_in(client, provider, page) == page
    assert "田中 めぐみさんとして申請します" in client.get(page).content.decode()
    first = client.post(f"{page}start/", {"facts": "on"}).url.removeprefix("/hibari")
    text = client.get(first).content.decode()
    assert all(f'value="{word}"' in text for word in ("田中", "めぐみ", "1985", "千代田区", "千代田1-1"))
    draft = first.split("/steps/")[0]
    fill(client, draft)
    client.post(f"{draft}/submit/")
    with tenant_scope(cast.hibari.id):
        application = Application.objects.select_related("resident").get()
        assert (application.shown, application.resident.name) == ("person", "田中 めぐみ")
    other = client_for(cast.hibari)
    assert other.get(f"/procedures/mine/{application.id}/").status_code == 404
    come_in(other, provider, "/procedures/mine/")
    assert application.receipt_label in other.get("/procedures/mine/").content.decode()
    assert other.get(f"/procedures/mine/{application.id}/").status_code == 200
    other.post("/people/sign-out/")
    assert other.get(f"/procedures/mine/{application.id}/").status_code == 404


def test_without_consent_nothing_is_filled_in(
    cast: Cast, client_for: Callable, online: Callable, provider: FakeProvider
) -> None:
    procedure, client = online(), client_for(cast.hibari)
    come_in(client, provider, f"/procedures/{procedure.id}/")
    first = client.post(f"/procedures/{procedure.id}/start/").url.removeprefix("/hibari")
    assert "千代田" not in client.get(first).content.decode()


def test_without_a_provider_no_door_is_shown(cast: Cast, client_for: Callable, online: Callable) -> None:
    client = client_for(cast.hibari)
    for page in (f"/procedures/{online().id}/", "/procedures/mine/"):
        assert "people/provider" not in client.get(page).content.decode()


def test_the_mail_address_is_confirmed_before_handing_in(cast: Cast, client_for: Callable, online: Callable) -> None:
    procedure, client = online(identity_check="address"), client_for(cast.hibari)
    draft = begin(client, procedure)
    fill(client, draft)
    page = client.get(f"{draft}/confirm/").content.decode()
    assert "確認コードを受け取る" in page
    assert "/submit/" not in page
    assert client.post(f"{draft}/submit/").status_code == 422
    client.post("/people/address/", {"email": "megumi@example.jp", "next": f"/hibari{draft}/confirm/"})
    with tenant_scope(cast.hibari.id):
        code = digits()
    assert client.post("/people/code/", {"code": code}).url == f"/hibari{draft}/confirm/"
    assert "/submit/" in client.get(f"{draft}/confirm/").content.decode()
    assert client.post(f"{draft}/submit/").status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Application.objects.get().shown == "address"


def test_a_confirmed_address_counts_for_itself_only() -> None:
    proof = Proof(shown=Shown.ADDRESS, email="a@example.jp")
    assert satisfies(IdentityCheck.ADDRESS, proof, "A@example.jp")
    assert not satisfies(IdentityCheck.ADDRESS, proof, "b@example.jp")
    assert not satisfies(IdentityCheck.PERSON, proof, "a@example.jp")
    assert satisfies(IdentityCheck.PERSON, Proof(shown=Shown.PERSON), "b@example.jp")
    assert satisfies(IdentityCheck.NONE, Proof(), "b@example.jp")


def test_a_person_cannot_be_asked_for_before_somebody_can_vouch(cast: Cast, online: Callable) -> None:
    procedure = online()
    procedure.identity_check = "person"
    with tenant_scope(cast.hibari.id):
        assert any("外部の認証" in sentence for sentence in missing_for_opening(procedure))


def test_begun_twice_is_one_draft(cast: Cast, client_for: Callable, online: Callable) -> None:
    procedure, client = online(), client_for(cast.hibari)
    key = {"idempotency_key": "01890000-0000-7000-8000-00000000abcd"}
    client.get(f"/procedures/{procedure.id}/")
    client.cookies["csrftoken"] = "a" * 32
    first = client.post(f"/procedures/{procedure.id}/start/", key).url
    # The second click of a double click left before the first answer brought its pass.
    del client.cookies["kakehashi_mine"]
    assert client.post(f"/procedures/{procedure.id}/start/", key).url == first
    assert client.post(f"/procedures/{procedure.id}/start/").url == first
    stranger = client_for(cast.hibari)
    stranger.cookies["csrftoken"] = "b" * 32
    assert stranger.post(f"/procedures/{procedure.id}/start/", key).url != first
    with tenant_scope(cast.hibari.id):
        assert Draft.objects.count() == 2
