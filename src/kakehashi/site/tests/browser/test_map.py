"""位置: a map from a server of pictures that the town named, by keyboard; and everything without it, on a network that has none."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.services import publish_form, save_draft
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import an_online_procedure

pytestmark = pytest.mark.browser
PLACE = FormDefinition(
    steps=(Step("page_1", "場所", (Field("where", "location", "こわれている場所", required=True),)),), next_number=2
)
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Pictures(BaseHTTPRequestHandler):
    """Gives the same picture for every tile and remembers which were asked for."""

    asked: list[str] = []

    def do_GET(self) -> None:
        Pictures.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def tiles(settings, socket_enabled) -> Iterator[ThreadingHTTPServer]:
    """A server of pictures that the installation names, in the policy too, as the settings do it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.MAP_TILES, settings.MAP_ATTRIBUTION = f"{address}/{{z}}/{{x}}/{{y}}.png", "国土地理院（見本）"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = {"DIRECTIVES": directives | {"img-src": [*directives["img-src"], address]}}
    settings.CONTENT_SECURITY_POLICY = settings.CONTENT_SECURITY_POLICY | policy
    Pictures.asked.clear()
    yield server
    server.shutdown()
    server.server_close()


def test_a_place_with_and_without_the_map(tiles, served, page_at, check, django_db_blocker):
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        procedure = an_online_procedure(town)
        form = save_draft(actor=town.officer, form=procedure.form, definition=PLACE, expected_revision=1)
        publish_form(actor=town.officer, form=form)
    page = page_at(390)
    page.goto(served.address(f"/procedures/{procedure.id}/"))
    page.get_by_role("button", name="申請を始める").click()
    chart = page.get_by_role("application", name="地図", exact=False)
    expect(chart).to_be_visible()
    expect(page.get_by_text("国土地理院（見本）")).to_be_visible()
    chart.press("ArrowRight")
    chart.press("Enter")
    latitude = page.get_by_label("緯度")
    expect(latitude).not_to_have_value("")
    assert Pictures.asked
    assert all(path.startswith("/15/") for path in Pictures.asked)
    check(page)
    address = page.url
    # The same network without that server: nothing is left blank, and everything can still be answered.
    tiles.shutdown()
    tiles.server_close()
    page.goto(address + "?again")
    expect(page.get_by_text("地図を表示できません。", exact=False)).to_be_visible()
    expect(chart).to_be_hidden()
    page.get_by_label("場所の説明", exact=False).fill("大島公園の東の入口")
    page.get_by_role("button", name="確認へ進む").click()
    expect(page.get_by_text("大島公園の東の入口", exact=False)).to_be_visible()
    check(page)
