"""Every staff page opens for who may, refuses who may not, and does not exist for the neighbour."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Post, Role
from kakehashi.people.testing import person_of

PLAIN = [
    "index", "chart", "deputies", "people", "person-new", "department-new", "absence", "changes", "change-template",
    "roles", "matrix", "security", "account", "administration",
]  # fmt: skip


def address(name, *args):
    return reverse(f"people-staff:{name}", args=args)


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_opens_for_the_administrator(cast, client_for, name):
    assert client_for(cast.hibari.administrator).get(address(name)).status_code == 200


def objects(town):
    with tenant_scope(town.id):
        return {
            "department": town.department.id,
            "person": person_of(town.clerk).id,
            "post": Post.objects.get(id=town.manager.post_id).id,
            "handover": town.manager.post_id,
            "role": Role.objects.first().id,
        }


@pytest.mark.parametrize("name", ["department", "person", "post", "handover", "role"])
def test_a_page_of_one_thing_opens_and_is_not_there_for_the_neighbour(cast, client_for, name):
    path = address(name, objects(cast.hibari)[name])
    assert client_for(cast.hibari.administrator).get(path).status_code == 200
    assert client_for(cast.misaki.administrator).get(path).status_code == 404
    assert client_for(cast.misaki.administrator, at=cast.hibari).get(path).status_code == 404


@pytest.mark.parametrize("name", ["roles", "role", "security", "tokens", "person"])
def test_who_may_not_begin_the_acts_of_power_is_not_led_to_where_they_begin(cast, client_for, name):
    town = cast.hibari
    path = address(name, *[one for key, one in objects(town).items() if key == name])
    assert reverse("people-staff:administration") in client_for(town.administrator).get(path).text
    with tenant_scope(town.id):
        role = Role.objects.get(code="administrator")
        role.permissions = [one for one in role.permissions if one != "people.administration:open"]
        role.save()
    answer = client_for(town.administrator).get(path)
    assert answer.status_code == 200
    assert reverse("people-staff:administration") not in answer.text


@pytest.mark.parametrize("name", ["changes", "roles", "administration"])
def test_a_page_of_power_is_refused_to_the_clerk(cast, client_for, name):
    assert client_for(cast.hibari.clerk).get(address(name)).status_code == 403


@pytest.mark.parametrize("name", PLAIN)
def test_a_stranger_is_sent_to_sign_in(cast, client_for, name):
    answer = client_for(cast.hibari).get(address(name))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


@pytest.mark.parametrize(("name", "kind"), [("chart", "xlsx"), ("chart", "csv"), ("people", "csv"), ("matrix", "xlsx")])
def test_a_list_is_taken_away_as_a_file(cast, client_for, name, kind):
    answer = client_for(cast.hibari.clerk).get(address(name), {"format": kind})
    assert "attachment" in answer["Content-Disposition"]


def test_the_sign_in_pages_open(client, cast):
    for path in ("/accounts/login/", "/hibari/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"):
        assert client.get(path).status_code == 200, path
