"""Which government a request belongs to: by path, by host name, and what answers 404."""

from dataclasses import replace

import pytest
from django.test import Client

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.selectors import absolute_url, tenant_by_host, tenant_by_slug
from kakehashi.governments.services import open_tenant
from kakehashi.kernel.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosted(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Government.objects.filter(id=cast.hibari.id).update(host="www.town.hibari.example")
    return cast


def test_by_path(cast):
    assert tenant_by_slug("hibari")[0] == cast.hibari.government
    assert "ひばり町" in Client().get("/hibari/").content.decode()


def test_links_carry_the_slug(cast):
    assert 'href="/hibari/' in Client().get("/hibari/").content.decode()


def test_by_host(hosted):
    assert tenant_by_host("www.town.hibari.example")[0] == hosted.hibari.government
    page = Client().get("/", headers={"host": "www.town.hibari.example:8443"}).content.decode()
    assert "ひばり町" in page
    assert 'href="/hibari/' not in page


def test_a_towns_own_host_is_sent_to_https_on_its_own_name(hosted, settings):
    settings.CONFIG = replace(settings.CONFIG, base_url="https://kakehashi.example.lg.jp")
    there = {"headers": {"host": "www.town.hibari.example"}, "REMOTE_ADDR": "203.0.113.9"}
    assert Client().get("/procedures/", **there)["Location"] == "https://www.town.hibari.example/procedures/"


def test_the_slug_of_another_town_is_no_path_of_a_hosted_one(hosted):
    assert Client().get("/misaki/", headers={"host": "www.town.hibari.example"}).status_code == 404


@pytest.mark.parametrize("path", ["/nowhere/", "/hibar/", "/HIBARI/", "/hibari%00/"])
def test_an_unknown_town_is_404(cast, path):
    assert Client().get(path).status_code == 404


def test_nul_in_a_query_is_dropped(cast):
    assert Client().get("/?q=%00%E3%81%B2").status_code == 200
    assert Client().get("/hibari/x%00/").status_code == 404


def test_a_government_that_is_no_tenant_is_404(cast):
    Government.objects.filter(id=cast.hibari.id).update(is_tenant=False)
    assert Client().get("/hibari/").status_code == 404


def test_the_script_prefix_does_not_stay(cast):
    client = Client()
    client.get("/hibari/")
    assert 'href="/hibari/staff' not in client.get("/").content.decode()


def test_absolute_addresses(hosted, settings):
    hosted.hibari.government.refresh_from_db()
    assert absolute_url(hosted.hibari.government, "site:home") == "http://www.town.hibari.example/"
    assert absolute_url(hosted.misaki.government, "site:home").endswith("/misaki/")


@pytest.fixture
def village(db):
    return Government.objects.create(code="103446", name="榛東村", kind=GovernmentKind.VILLAGE)


def test_open_tenant(village):
    open_tenant(code="103446", slug="shinto", rooms=["procedures"])
    government, rooms = tenant_by_slug("shinto")
    assert government == village
    assert "procedures" in rooms
    assert "plans" not in rooms


@pytest.mark.parametrize("slug", ["", "a", "Shinto", "staff", "plans", "1st", "x" * 41, "しんとう", "a b", "-ab"])
def test_unfit_slugs(village, slug):
    with pytest.raises(DomainError):
        open_tenant(code="103446", slug=slug)


def test_open_tenant_refuses(village, cast):
    for wrong in ({"code": "999999", "slug": "shinto"}, {"code": "103446", "slug": "hibari"}):
        with pytest.raises(DomainError):
            open_tenant(**wrong)
    with pytest.raises(DomainError):
        open_tenant(code="103446", slug="shinto", rooms=["people"])
