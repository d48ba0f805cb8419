"""ほかのシステムとつなぐ in a browser: make a key, subscribe an address, see what was delivered, send it again; the guide to the API."""

import http.server
import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.exchange.models import WebhookMessage
from kakehashi.exchange.services import gather_messages, send_message
from kakehashi.journal.services import seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.testing import an_application, an_online_procedure

pytestmark = pytest.mark.browser
HOOKS, KEYS = "/staff/exchange/webhooks/", "/staff/people/tokens/"


class Taking(http.server.BaseHTTPRequestHandler):
    """An other system that takes everything."""

    got: list[bytes] = []

    def do_POST(self):
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"taken")

    def log_message(self, *args):
        pass


@pytest.fixture
def other_system():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def deliver(town):
    """What the worker does within seconds."""
    with tenant_scope(town.id):
        seal_events()
        gather_messages()
        waiting = list(WebhookMessage.objects.filter(state="waiting").values_list("id", flat=True))
    for message_id in waiting:
        with tenant_scope(town.id):
            send_message(message_id=message_id)


def test_a_key_a_webhook_its_delivery_and_its_replay(
    served, page_at, every_width, picture, other_system, django_db_blocker
):
    town = served.cast.hibari
    page = page_at(1280, who=town.administrator)
    page.goto(served.address(f"/staff/people/administration/?next={served.address(HOOKS).partition(served.url)[2]}"))
    page.get_by_label("何のために行いますか").fill("収納システムをつなぐ")
    page.get_by_role("button", name="管理者の操作を始める").click()
    page.goto(served.address(KEYS))
    page.get_by_label("システムの名前").fill("収納管理システム")
    page.get_by_label("申請を見る", exact=True).check()
    page.get_by_label("期限").fill((clock.today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="鍵を作る").click()
    expect(page.get_by_text("kkh_")).to_be_visible()
    every_width(page)
    page.goto(served.address(HOOKS))
    page.get_by_label("送り先の名前").fill("収納管理システム")
    page.get_by_label("送り先のアドレス").fill(other_system)
    page.get_by_label("申請が届いた").check()
    page.get_by_role("button", name="送り先を作る").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    every_width(page)
    with django_db_blocker.unblock():
        with tenant_scope(town.id):
            an_application(town, an_online_procedure(town))
        deliver(town)
    page.get_by_role("link", name="収納管理システム").click()
    page.get_by_role("button", name="試しに送る").click()
    expect(page.get_by_text("まだ送っていません")).to_be_visible()
    with django_db_blocker.unblock():
        deliver(town)
    page.reload()
    expect(page.get_by_text("taken")).to_be_visible()
    page.get_by_role("link", name="収納管理システム").click()
    every_width(page)
    picture(page, "webhook")
    page.get_by_role("link", name="申請が届いた").click()
    expect(page.get_by_text("application.submitted")).to_be_visible()
    every_width(page)
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_text("もう一度送ります。")).to_be_visible()
    with django_db_blocker.unblock():
        deliver(town)
    page.reload()
    expect(page.get_by_role("row", name="taken")).to_have_count(2)
    assert len(Taking.got) == 3
    page.goto(served.address("/api/"))
    every_width(page)
    picture(page, "api-guide")
