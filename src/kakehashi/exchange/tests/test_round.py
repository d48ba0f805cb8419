"""The line: the staff side calls, the public side answers; only the paired key opens the door."""

import datetime as dt
import http.server
import threading

import pytest

from kakehashi.exchange.adapters.transport import TransportError, post_bundle
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import IncomingBundle, OutgoingBundle, Peer
from kakehashi.exchange.services import run_round
from kakehashi.exchange.services.rounds import claim_round, forget_old_rows
from kakehashi.exchange.testing import new_keys, paired_with_far_side
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError

CALL = "/exchange/call/"


@pytest.fixture
def staff_far(town, homes):
    """ひばり町 as the public side; the far side is the staff's."""
    return paired_with_far_side(town.id, Side.PUBLIC)


def call(client, content):
    return client.post(CALL, content, content_type="application/octet-stream")


def test_a_signed_call_is_answered_with_a_bundle(town, staff_far, client_for):
    answer = call(client_for(town), staff_far.bundle())
    assert answer.status_code == 200
    payload = staff_far.opened(answer.content)
    assert len(payload.received) == 1


@pytest.mark.parametrize("content", [b"", b"x" * 20_000, b"KAKEHASHI-BUNDLE 1\n{}\nAA==\nxx"])
def test_a_stranger_is_refused_and_recorded(town, staff_far, client_for, content):
    answer = call(client_for(town), content)
    assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert IncomingBundle.objects.get().outcome == "refused"


def test_a_forged_key_and_more_bytes_than_signed_are_refused(town, staff_far, client_for):
    content = staff_far.bundle()
    assert call(client_for(town), content + b"more").status_code == 403
    staff_far.keys = new_keys()
    assert call(client_for(town), staff_far.bundle()).status_code == 403


def test_a_recorded_call_cannot_be_played_again(town, staff_far, client_for):
    content = staff_far.bundle()
    assert call(client_for(town), content).status_code == 200
    assert call(client_for(town), content).status_code == 409
    with clock.frozen(clock.now() - dt.timedelta(minutes=11)):
        old = staff_far.bundle()
    assert call(client_for(town), old).status_code == 403


def test_an_answer_that_was_lost_is_sent_again(town, staff_far, client_for):
    call(client_for(town), staff_far.bundle())
    with clock.frozen(clock.now() + dt.timedelta(seconds=5)):
        call(client_for(town), staff_far.bundle())
    first = OutgoingBundle.objects.order_by("sequence").first()
    assert first.given_up_at is not None


def test_a_town_that_is_not_the_public_side_has_no_such_address(town, far, client_for):
    assert call(client_for(town), far.bundle()).status_code == 404


def test_nobody_reads_the_address(town, homes, client_for):
    assert client_for(town).get(CALL).status_code == 405


def registered(town):
    Peer.objects.update(url="https://shinsei.example.jp/hibari/exchange/call/")


def test_a_round_takes_and_brings_until_nothing_waits(town, far):
    registered(town)
    left = [2, 1, 0]
    done = run_round(actor=town.officer, post=lambda url, content: far.answer(content, waiting=left.pop(0)))
    assert (done.turns, done.failure) == (3, "")
    assert Peer.objects.get().exchanged_at is not None


def broken(url, content):
    raise TransportError("公開側につながりません。")


def test_a_broken_line_is_told_and_nothing_is_lost(town, far):
    registered(town)
    done = run_round(actor=town.officer, post=broken)
    assert done.failure == Peer.objects.get().failure == "公開側につながりません。"
    assert not OutgoingBundle.objects.exists()


def test_a_wrong_answer_is_refused(town, far):
    registered(town)
    assert "包みではありません" in run_round(actor=town.officer, post=lambda url, content: b"<html>").failure


def test_without_an_address_there_is_no_round(town, far):
    with pytest.raises(DomainError):
        run_round(actor=town.officer)


def test_a_call_is_due_once_a_minute_on_the_staff_side_only(town, far):
    assert not claim_round()
    registered(town)
    assert claim_round()
    assert not claim_round()
    with clock.frozen(clock.now() + dt.timedelta(minutes=1)):
        assert claim_round()


def test_rows_of_empty_calls_go_after_a_month(town, far):
    registered(town)
    run_round(actor=town.officer, post=lambda url, content: far.answer(content))
    assert forget_old_rows() == 0
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert forget_old_rows() == 2


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        status = {"/moved": 302, "/no": 403}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write("断りました".encode() if status == 403 else b"bundle")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    made = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def test_the_line_itself(server):
    assert post_bundle(server + "/", b"x") == b"bundle"
    for path, said in (("/moved", "転送"), ("/no", "断りました")):
        with pytest.raises(TransportError, match=said):
            post_bundle(server + path, b"x")
    with pytest.raises(TransportError, match="つながりません"):
        post_bundle("http://127.0.0.1:9/", b"x")
