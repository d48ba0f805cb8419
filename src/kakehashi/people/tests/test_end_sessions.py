"""終わるサインイン: an administrator ends a colleague's sessions; a session without an act ends by the town's rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.signals import authenticator_added
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import services
from kakehashi.people.models import Person, User
from kakehashi.people.selectors import sessions_of
from kakehashi.people.testing import PASSWORD, powerful


def signed_in(client, email="clerk@hibari.example", home="/hibari/staff/people/"):
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    client.get("/accounts/choose/", {"next": home})
    assert client.get(home).status_code == 200
    return client


def test_an_administrator_ends_a_colleagues_sessions_everywhere(cast, client, client_for):
    lost = signed_in(client)
    administrator = client_for(cast.hibari.administrator)
    page = f"/staff/people/people/{cast.hibari.clerk.id}/"
    assert "管理者の操作を始める" in administrator.get(page).content.decode()
    assert "/administration/" in administrator.post(f"{page}sessions/end/").url
    assert lost.get("/hibari/staff/people/").status_code == 200
    administrator.post("/staff/people/administration/", {"reason": "端末の紛失の届け", "minutes": "15"})
    shown = administrator.get(page).content.decode()
    assert "すべての端末のサインインを終わらせる" in shown
    assert administrator.post(f"{page}sessions/end/").status_code == 302
    assert "/accounts/login/" in lost.get("/hibari/staff/people/").url
    with tenant_scope(cast.hibari.id):
        event = Event.objects.get(code="people.sessions.ended")
    assert (event.subject_id, event.payload) == (cast.hibari.clerk.id, {"count": 1})


def test_a_session_of_another_town_stays(cast, client):
    signed_in(client)
    session = client.session
    session["government_id"] = str(cast.misaki.id)
    session.save()
    with tenant_scope(cast.hibari.id):
        person = Person.objects.get(id=cast.hibari.clerk.id)
        assert sessions_of(person) == []
        assert services.end_sessions_of(actor=powerful(cast.hibari.administrator), person=person) == 0


def test_without_power_nobody_ends_anybody(cast):
    with tenant_scope(cast.hibari.id):
        person = Person.objects.get(id=cast.hibari.clerk.id)
        for actor in (cast.hibari.clerk, cast.hibari.administrator):
            with pytest.raises(PermissionRefused):
                services.end_sessions_of(actor=actor, person=person)


def test_neither_a_clerk_nor_the_neighbour_reaches_the_act(cast, client_for):
    path = f"people/people/{cast.hibari.clerk.id}/sessions/end/"
    assert client_for(cast.hibari.clerk).post(f"/staff/{path}").status_code == 403
    assert client_for(cast.misaki.administrator).post(f"/hibari/staff/{path}").status_code == 404
    assert client_for(cast.hibari.administrator).get(f"/staff/{path}").status_code == 405


def test_after_so_many_minutes_without_an_act_a_session_is_over(cast, client):
    with tenant_scope(cast.hibari.id):
        services.set_idle_minutes(actor=powerful(cast.hibari.administrator), minutes=30)
    signed_in(client)
    began = clock.now()
    for minutes in (20, 45, 70):
        with clock.frozen(began + timedelta(minutes=minutes)):
            assert client.get("/hibari/staff/people/").status_code == 200
    with clock.frozen(began + timedelta(minutes=101)):
        assert "/accounts/login/" in client.get("/hibari/staff/people/").url
    assert "_auth_user_id" not in client.session


def test_the_rule_is_set_on_the_page_with_power_and_bounded(cast, client_for):
    client = client_for(cast.hibari.administrator)
    client.post("/staff/people/administration/", {"reason": "規程の改正による", "minutes": "15"})
    page = "/staff/people/security/"
    assert client.post(page, {"act": "session", "idle_minutes": "3"}).status_code == 422
    assert client.post(page, {"act": "session", "idle_minutes": "60"}).status_code == 302
    assert "60分のあいだ操作がないと" in client.get(page).content.decode()
    assert client.post(page, {"act": "session", "idle_minutes": ""}).status_code == 302
    assert "決めていません" in client.get(page).content.decode()
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError):
        services.set_idle_minutes(actor=powerful(cast.hibari.administrator), minutes=721)


def test_a_changed_password_ends_every_other_sign_in(cast):
    here, elsewhere = signed_in(Client()), signed_in(Client())
    new = "新しい長い合言葉 2027"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert here.get("/hibari/staff/people/").status_code == 200
    assert "/accounts/login/" in elsewhere.get("/hibari/staff/people/").url


def test_a_changed_second_factor_ends_every_other_sign_in(cast, rf):
    here, elsewhere = signed_in(Client()), signed_in(Client())
    user = User.objects.get(email="clerk@hibari.example")
    request = rf.post("/accounts/2fa/totp/activate/")
    request.session = here.session
    request._messages = FallbackStorage(request)
    authenticator_added.send(sender=None, request=request, user=user, authenticator=None)
    assert here.get("/hibari/staff/people/").status_code == 200
    assert "/accounts/login/" in elsewhere.get("/hibari/staff/people/").url


def test_signing_out_clears_what_the_browser_keeps(cast):
    client = signed_in(Client())
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/hibari/").headers
    assert Client().post("/hibari/people/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_what_may_be_somebodys_own_page_stays_in_their_browser(cast):
    client = signed_in(Client())
    assert client.get("/hibari/procedures/")["Cache-Control"] == "private, no-cache"
    assert client.get("/hibari/staff/people/")["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in Client().get("/hibari/").headers
