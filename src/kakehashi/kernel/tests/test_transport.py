"""Who is asking and over which wire: forwarded headers count only from the proxies that were named."""

import dataclasses
from ipaddress import ip_network

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import RequestFactory

from kakehashi.kernel.transport import TransportMiddleware, visitor


@pytest.fixture
def reached_by(settings):
    """`reached_by("https://…", "127.0.0.1/32")`: the installation's address and the proxies it trusts."""

    def set_up(base_url: str = "http://localhost:8000", *proxies: str) -> None:
        networks = [ip_network(proxy) for proxy in proxies]
        settings.CONFIG = dataclasses.replace(configured.CONFIG, base_url=base_url, trusted_proxies=networks)

    return set_up


def seen(**meta: str) -> tuple[str, str]:
    """The address and scheme a view sees."""
    found = []

    def view(request):
        found.extend([request.META["REMOTE_ADDR"], request.scheme])
        return HttpResponse()

    TransportMiddleware(view)(RequestFactory().get("/", **meta))
    return found[0], found[1]


def test_a_visitor_cannot_forge_an_address(reached_by):
    reached_by("http://localhost", "10.0.0.1/32")
    forged = {"HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen(REMOTE_ADDR="203.0.113.9", **forged) == ("", "http")
    # Through the proxy: what the visitor wrote himself stands to the left of what the proxy saw.
    chain = {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.9", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen(REMOTE_ADDR="10.0.0.1", **chain) == ("203.0.113.9", "https")


def test_several_proxies_are_passed_from_the_right(reached_by):
    reached_by("http://localhost", "10.0.0.0/24", "fd00::/8")
    assert visitor(["1.2.3.4", "203.0.113.9", "10.0.0.2", "fd00::5"], "10.0.0.1") == "203.0.113.9"
    assert visitor(["::ffff:10.0.0.9"], "10.0.0.1") == "10.0.0.1"
    assert visitor(["203.0.113.9", "unknown"], "10.0.0.1") == ""


@pytest.mark.parametrize("name", ["HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST"])
def test_no_other_header_is_believed(reached_by, name):
    reached_by("http://localhost", "10.0.0.1/32")
    assert seen(REMOTE_ADDR="10.0.0.1", **{name: "127.0.0.1"})[0] == "10.0.0.1"


def test_plain_http_is_sent_to_https_and_a_post_is_refused(reached_by):
    reached_by("https://kakehashi.example.lg.jp")
    middleware, make = TransportMiddleware(lambda _: HttpResponse("page")), RequestFactory(REMOTE_ADDR="203.0.113.9")
    answer = middleware(make.get("/hibari/?a=1"))
    assert (answer.status_code, answer["Location"]) == (301, "https://kakehashi.example.lg.jp/hibari/?a=1")
    assert middleware(make.post("/hibari/", {"name": "花子"})).status_code == 403
    assert middleware(make.get("/readyz")).content == b"page"
    assert middleware(make.get("/hibari/", secure=True)).content == b"page"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/choose/", "/hibari/staff/people/"])
def test_staff_do_not_sign_in_over_an_open_wire(cast, client, settings, path):
    settings.STAFF_NEEDS_HTTPS = True
    page = client.get(path, REMOTE_ADDR="192.168.1.20")
    assert page.status_code == 403
    assert "暗号化されていません" in page.content.decode()
    assert client.get(path, REMOTE_ADDR="192.168.1.20", secure=True).status_code in {200, 302}
    assert client.get(path, REMOTE_ADDR="127.0.0.1").status_code in {200, 302}


def test_residents_still_read_the_public_pages(cast, client, settings):
    settings.STAFF_NEEDS_HTTPS = True
    assert client.get("/hibari/", REMOTE_ADDR="192.168.1.20").status_code == 200


def test_https_is_remembered_by_the_browser(cast, client, settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    assert client.get("/hibari/", secure=True)["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_browsers_keep_no_page_of_the_staff(cast, client_for):
    assert client_for(cast.hibari.clerk).get("/staff/people/account/")["Cache-Control"] == "private, no-store"
