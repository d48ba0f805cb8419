"""Every address × role × neighbour × method: what the permission table says is what happens, and nothing is ever an error of ours.

One test a role, so that a new page is attacked the day it is added. CSRF is checked for every address, too.
"""

from __future__ import annotations

from django.test import Client

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import RoleGrant
from kakehashi.people.testing import sign_in
from tests.architecture.test_urls import fill, our_urls
from tests.attack.test_sessions_and_hosts import ASKED_OUTSIDE, OUTSIDE, leads_outside

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
# A page knows GET, POST or both; DELETE stands for every method it does not know. Who may not come in is told so before the
# method is looked at, or 405, for a stranger (every method) as for anybody: the rest ask only what a page knows.
KNOWN = ("get", "post")
KNOWN_AND_UNKNOWN = (*KNOWN, "delete")
# Answered before any person is known: machines sign their requests themselves. Each name is a decision.
WITHOUT_CSRF = {"exchange:call", "procedures:pay-notice"} | {
    name for name, _, view in our_urls() if view.access.surface == "machine"
}

IN_TOWN = [
    (name, fill(route), view.access)
    for name, route, view in our_urls()
    if view.access.surface in {"staff", "administrator"}
]
EVERYWHERE = [(name, fill(route), view.access) for name, route, view in our_urls()]


def answers(client, urls, methods=KNOWN_AND_UNKNOWN, data=None, headers=None):
    """(name, method, status, where it leads) for every address and method."""
    for name, path, access in urls:
        for method in methods:
            response = getattr(client, method)(path, data if method in KNOWN else "", headers=headers)
            if response.streaming:
                b"".join(response.streaming_content)
                for close in response._resource_closers:  # the answer to HEAD is never read to its end
                    close()
            yield name, method, access, response.status_code, response.get("Location", "")


def without_permissions(actor):
    """The same member of staff, whose role has been taken away."""
    with tenant_scope(actor.government_id):
        RoleGrant.objects.filter(person_id=actor.id).delete()
    return actor


def test_a_stranger_is_sent_to_sign_in_whatever_the_method(cast, client_for):
    wrong = [
        (name, method, status)
        for name, method, _, status, where in answers(client_for(cast.hibari), IN_TOWN, METHODS)
        if status != 405 and not (status == 302 and "/accounts/login/" in where)
    ]
    assert wrong == []


def test_the_neighbours_administrator_finds_nothing(cast, client_for):
    client = client_for(cast.misaki.administrator, at=cast.hibari)
    wrong = [row[:2] for row in answers(client, IN_TOWN, KNOWN) if row[3] not in {404, 405}]
    assert wrong == []


def test_whoever_is_signed_in_elsewhere_is_told_so(cast, client_for):
    answer = client_for(cast.misaki.clerk, at=cast.hibari).get("/staff/")
    assert answer.status_code == 404
    assert "ほかの団体の職員としてサインインしたまま" in answer.content.decode()


def test_staff_without_a_role_may_do_nothing_that_needs_one(cast, client_for):
    client = client_for(without_permissions(cast.hibari.clerk))
    needing = [url for url in IN_TOWN if url[2].permission or url[2].surface == "administrator"]
    wrong = [row[:4] for row in answers(client, needing, KNOWN) if row[3] not in {403, 405}]
    assert len(needing) > 100
    assert wrong == []


def test_no_method_of_residents_is_an_error_of_ours(cast, client_for):
    urls = [url for url in EVERYWHERE if url[2].surface in {"resident", "public"}]
    assert [row[:4] for row in answers(client_for(cast.hibari), urls, METHODS) if row[3] >= 500] == []


def test_no_method_with_an_unknown_id_is_an_error_of_ours_and_no_page_leads_outside_when_asked_to(cast, client_for):
    """One walk for both: every page as the administrator, asked in each of our words for it to lead elsewhere."""
    client, walked = client_for(cast.hibari.administrator), []
    session = client.session.session_key
    for url in EVERYWHERE:
        methods = KNOWN_AND_UNKNOWN if url in IN_TOWN else KNOWN
        walked += answers(client, [url], methods, ASKED_OUTSIDE, {"referer": OUTSIDE[0]})
        if client.session.session_key != session:  # this page signs people out
            client = client_for(cast.hibari.administrator)
            session = client.session.session_key
    assert [row[:4] for row in walked if row[3] >= 500] == []
    assert [row[:2] for row in walked if leads_outside(row[4])] == []
    assert client.get("/staff/cases/").status_code == 200, "signed out on the way"


def test_nothing_is_written_without_the_token_of_the_form(cast):
    client = sign_in(Client(enforce_csrf_checks=True), cast.hibari.administrator)
    wrong = []
    for name, path, access in EVERYWHERE:
        place = path if access.surface == "public" else f"/{cast.hibari.government.slug}{path}"
        for method in ("post", "delete"):
            status = getattr(client, method)(place).status_code
            if status != 403 and name not in WITHOUT_CSRF:
                wrong.append((name, method, status))
    assert wrong == []
