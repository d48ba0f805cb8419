"""The staff half alone: its pages name pages of the public half, which it does not answer itself."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module, reload

import pytest
from django.conf import settings as present
from django.urls import clear_url_caches, reverse, set_urlconf

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import an_online_procedure


@pytest.fixture
def surface(settings):
    """`surface("staff")`: the addresses as a process of that half has them."""
    urls = import_module(present.ROOT_URLCONF)

    def serve(half: str, public_url: str = "") -> None:
        settings.CONFIG = replace(before, surface=half, public_url=public_url)
        reload(urls)
        clear_url_caches()
        set_urlconf(None)

    before = present.CONFIG
    yield serve
    serve(before.surface)
    settings.CONFIG = before


def test_a_page_of_staff_leads_to_the_residents_page_that_is_not_served_here(surface, cast, client_for):
    with tenant_scope(cast.hibari.id):
        with_rules(cast.hibari)
        procedure = an_online_procedure(cast.hibari)
    staff, resident = f"/hibari/staff/procedures/inventory/{procedure.id}/", f"/hibari/procedures/{procedure.id}/"
    client = client_for(cast.hibari.administrator)
    assert client.get(resident).status_code == 200
    surface("staff")
    page = client.get(staff)
    assert page.status_code == 200
    assert resident in page.content.decode()
    assert client.get(resident).status_code == 404
    assert client.get("/hibari/procedures/").status_code == 404


def test_a_residents_page_leads_to_the_half_that_serves_it_where_its_address_is_known(surface, cast, client_for):
    client = client_for(cast.hibari.administrator)
    surface("staff", "https://shinsei.example.jp")
    answer = client.get("/hibari/procedures/?q=a&next=//evil.example")
    assert answer.status_code == 302
    assert answer["Location"] == "https://shinsei.example.jp/hibari/procedures/?q=a&next=//evil.example"
    assert client.post("/hibari/procedures/").status_code == 404
    assert client.get("/hibari/procedures/nothing-here/").status_code == 404
    assert client.get("/hibari/staff/cases/").status_code == 200


@pytest.mark.parametrize("name", ["procedures:search", "procedures:times", "opendata:catalogue", "records:registry"])
def test_every_address_of_residents_can_be_written_on_the_staff_half(surface, name):
    surface("all")
    everywhere = reverse(name)
    surface("staff")
    assert reverse(name) == everywhere


def test_the_frame_of_the_staff_half_offers_nothing_that_is_not_served_there(surface, cast, client_for):
    client = client_for(cast.hibari.administrator)
    assert 'href="/hibari/procedures/"' in client.get("/hibari/").content.decode()
    surface("staff")
    assert 'href="/hibari/procedures/"' not in client.get("/hibari/").content.decode()
