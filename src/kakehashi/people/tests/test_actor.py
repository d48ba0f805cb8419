"""`request.actor`: what it costs, which post it acts as, what it may not see next door."""

from __future__ import annotations

from datetime import timedelta

from django.test import RequestFactory
from django.urls import reverse

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.middleware import _actor_of
from kakehashi.people.models import Contract, Department, Post, PostHolding, Role, RoleGrant
from kakehashi.people.selectors import signed_in_staff, staff_actor
from kakehashi.people.services.sessions import SESSION_POST
from kakehashi.people.testing import SINCE, open_power, person_of


def request_of(client, town):
    from kakehashi.people.models import User

    request = RequestFactory().get("/")
    request.session, request.government, request.resolver_match = client.session, town.government, None
    request.session.get(SESSION_POST)
    request.user = User.objects.get(id=client.session["_auth_user_id"])
    return request


def test_the_actor_costs_one_query(cast, client_for, django_assert_num_queries):
    request = request_of(client_for(cast.hibari.clerk), cast.hibari)
    with tenant_scope(cast.hibari.id), django_assert_num_queries(1):
        _actor_of(request)


def test_an_open_administrator_session_costs_one_more(cast, client_for, django_assert_num_queries):
    client = open_power(client_for(cast.hibari.administrator), cast.hibari.administrator)
    request = request_of(client, cast.hibari)
    with tenant_scope(cast.hibari.id), django_assert_num_queries(2):
        _actor_of(request)


def test_it_is_the_actor_that_the_rows_say(town):
    today = clock.today()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    clerk = person_of(town.clerk)
    other, past = Post.objects.get(id=town.officer.post_id), Post.objects.get(id=town.mayor.post_id)
    PostHolding.objects.create(person=clerk, post=other, valid_from=SINCE, is_primary=False)
    PostHolding.objects.create(person=clerk, post=past, valid_from=SINCE, valid_to=yesterday)
    contracts = [
        Contract.objects.create(name=name, valid_from=SINCE, valid_to=end)
        for name, end in (("今", tomorrow), ("終", yesterday))
    ]
    for name, more in {
        "everywhere": {},
        "here": {"department_id": other.department_id},
        "elsewhere": {"department": Department.objects.create(code="zz", name="別", valid_from=SINCE)},
        "over": {"valid_to": yesterday},
        "later": {"valid_from": tomorrow},
        "of a contract": {"contract": contracts[0]},
        "of an old contract": {"contract": contracts[1]},
    }.items():
        role = Role.objects.create(code=name, name=name, permissions=[name])
        RoleGrant.objects.create(person=clerk, role=role, **{"valid_from": SINCE, **more})
    for actor in (town.clerk, town.manager, town.mayor, town.administrator):
        person = person_of(actor)
        found = signed_in_staff(person.user_id, today)
        assert found == staff_actor(person)
        assert found == signed_in_staff(person.user_id, today, post_id="x")
    found = signed_in_staff(clerk.user_id, today, post_id=str(other.id))
    assert found == staff_actor(clerk, post_id=other.id)
    assert {"everywhere", "here", "of a contract"} <= found.permissions
    assert not {"elsewhere", "over", "later", "of an old contract"} & found.permissions
    assert signed_in_staff(clerk.user_id, SINCE - timedelta(days=1)) == staff_actor(clerk, on=SINCE - timedelta(days=1))
    clerk.is_active = False
    clerk.save()
    assert signed_in_staff(clerk.user_id, today) is None


def test_one_acts_as_another_of_ones_posts_and_the_label_says_so(cast, client_for):
    client = client_for(cast.hibari.clerk)
    with tenant_scope(cast.hibari.id):
        other = Post.objects.get(id=cast.hibari.officer.post_id)
        PostHolding.objects.create(person=person_of(cast.hibari.clerk), post=other, valid_from=SINCE, is_primary=False)
    client.post(reverse("people-staff:acting"), {"post": str(other.id)})
    assert client.session[SESSION_POST] == str(other.id)
    with tenant_scope(cast.hibari.id):
        actor = _actor_of(request_of(client, cast.hibari))
    assert (actor.post_id, actor.label) == (other.id, f"{other.name} 山田 花子")


def test_a_post_that_is_not_held_is_not_acted_as(cast, client_for):
    client = client_for(cast.hibari.clerk)
    for forged in (str(cast.hibari.mayor.post_id), "x", ""):
        assert client.post(reverse("people-staff:acting"), {"post": forged}).status_code == 302
        assert SESSION_POST not in client.session


def test_who_left_is_a_stranger(cast, client_for):
    client = client_for(cast.hibari.clerk)
    with tenant_scope(cast.hibari.id):
        person = person_of(cast.hibari.clerk)
        person.left_on = clock.today()
        person.save()
    assert client.get("/staff/people/").status_code == 404


def test_sessions_are_listed_and_one_of_them_is_ended(client, cast):
    from allauth.usersessions.models import UserSession
    from django.test import Client

    from kakehashi.people.testing import PASSWORD

    browsers = [client, Client()]
    for browser in browsers:
        answer = browser.post("/accounts/login/", {"login": "clerk@hibari.example", "password": PASSWORD})
        browser.get(answer.url)
    page = client.get("/hibari/staff/people/account/").content.decode()
    assert page.count("のサインイン") == 2
    other = UserSession.objects.get(session_key=browsers[1].session.session_key)
    revoke, ask = f"/hibari/staff/people/account/sessions/{other.id}/revoke/", "/hibari/accounts/reauthenticate/"
    answer = client.post(revoke)
    assert answer.url == f"{ask}?next=/hibari/staff/people/account/"
    assert browsers[1].get("/hibari/staff/people/").status_code == 200, "nobody was asked again"
    assert client.post(answer.url, {"password": "wrong wrong wrong"}).status_code == 200
    assert client.post(revoke).url.startswith(ask)
    assert client.post(answer.url, {"password": PASSWORD}).url == "/hibari/staff/people/account/"
    assert client.post(revoke).url == "/hibari/staff/people/account/"
    assert browsers[1].get("/hibari/staff/people/").status_code == 302
    assert client.get("/hibari/staff/people/").status_code == 200


def test_somebody_elses_session_cannot_be_ended(client, cast, client_for):
    from allauth.usersessions.models import UserSession

    from kakehashi.people.testing import PASSWORD

    client.post("/accounts/login/", {"login": "manager@hibari.example", "password": PASSWORD})
    theirs = UserSession.objects.get()
    path = f"/staff/people/account/sessions/{theirs.id}/revoke/"
    assert client_for(cast.hibari.clerk).post(path).status_code == 404
    assert UserSession.objects.filter(id=theirs.id).exists()
