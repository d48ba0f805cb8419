"""Webhooks: signed, tried again, given up with a notice, stopped, sent again; and the documented receiver takes them."""

import http.server
import importlib.util
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from kakehashi.exchange import services
from kakehashi.exchange.domain.webhooks import MAX_ATTEMPTS, STOP_AFTER, as_body, next_attempt, sign
from kakehashi.exchange.models import MessageState, Webhook, WebhookAttempt, WebhookMessage, WebhookState
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.selectors import acting_staff
from kakehashi.people.testing import open_power, powerful

PAGE = "/staff/exchange/webhooks/"
KIND = "application.submitted"


class Answering(http.server.BaseHTTPRequestHandler):
    status, body, got = 200, b"ok", []

    def do_POST(self):
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1/elsewhere")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args):
        pass


@contextmanager
def listening(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def other_system():
    Answering.status, Answering.body, Answering.got = 200, b"ok", []
    with listening(Answering) as url:
        yield url


def a_webhook(town, url, **changes):
    values = {"name": "収納", "url": url, "kinds": [KIND], "owner": acting_staff(town.administrator)} | changes
    return services.make_webhook(actor=powerful(town.administrator), **values)


def a_message(webhook, **changes):
    values = {
        "kind": KIND,
        "event_id": uuid7(),
        "position": 1,
        "occurred_at": clock.now(),
        "next_attempt_at": clock.now(),
    }
    return WebhookMessage.objects.create(webhook=webhook, payload={"type": KIND, "data": {}}, **(values | changes))


@pytest.fixture
def notices(monkeypatch):
    """What the owner is told: (person, subject, address, key)."""
    found = []
    tell = lambda person, subject, text, url, key: found.append((person, subject, url, key))  # noqa: E731
    monkeypatch.setattr("kakehashi.exchange.services.telling.tell_owner", tell)
    return found


def state_of(message):
    message.refresh_from_db()
    return message.state


def test_a_message_carries_the_three_headers_and_a_signature(town, other_system):
    webhook, secret = a_webhook(town, other_system)
    message = a_message(webhook)
    assert services.claim_messages() == [message.id]
    assert services.claim_messages() == []
    tried = services.send_message(message_id=message.id)
    assert (tried.status, tried.answer, state_of(message)) == (200, "ok", MessageState.SENT)
    headers, body = Answering.got[0]
    assert body == as_body(message.payload)
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == sign(secret, str(message.id), stamp, body)
    assert services.send_message(message_id=message.id) is None


def test_the_secret_is_sealed_and_never_in_the_journal(town, other_system):
    webhook, secret = a_webhook(town, other_system)
    row = Webhook.objects.get(id=webhook.id)
    assert secret.removeprefix("whsec_") not in row.secret_sealed
    event = Event.objects.get(code="exchange.webhook.made")
    assert secret not in str(event.payload)
    assert "/hook" not in str(event.payload)


def test_two_secrets_sign_while_one_is_being_changed(town, other_system):
    webhook, old = a_webhook(town, other_system)
    new = services.rotate_secret(actor=powerful(town.administrator), webhook=webhook)
    services.send_message(message_id=a_message(webhook).id)
    services.end_old_secret(actor=powerful(town.administrator), webhook=webhook)
    services.send_message(message_id=a_message(webhook).id)
    (both, body), (one, _) = Answering.got
    stamp, message_id = int(both["webhook-timestamp"]), both["webhook-id"]
    assert both["webhook-signature"].split() == [sign(each, message_id, stamp, body) for each in (new, old)]
    assert len(one["webhook-signature"].split()) == 1
    with pytest.raises(Stale):
        services.end_old_secret(actor=powerful(town.administrator), webhook=webhook)


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_is_not_taken_is_tried_again_later(town, other_system, status):
    Answering.status, Answering.body = status, b"x" * 5000
    message = a_message(a_webhook(town, other_system)[0])
    tried = services.send_message(message_id=message.id)
    assert (tried.status, len(tried.answer), state_of(message)) == (status, 500, MessageState.WAITING)
    assert len(Answering.got) == 1
    assert message.next_attempt_at > clock.now()


def test_after_the_last_try_it_is_given_up_and_the_owner_is_told_once_a_day(town, other_system, notices):
    Answering.status = 500
    webhook, _ = a_webhook(town, other_system)
    for message in (a_message(webhook, attempts=MAX_ATTEMPTS - 1), a_message(webhook, attempts=MAX_ATTEMPTS - 1)):
        services.send_message(message_id=message.id)
        assert state_of(message) == MessageState.GIVEN_UP
    assert {person for person, *_ in notices} == {town.administrator.id}
    assert all(str(webhook.id) in url for _, _, url, _ in notices)
    assert len({key for *_, key in notices}) == 1


def test_tries_stretch_over_more_than_a_day():
    now, at, times = clock.now(), clock.now(), 0
    while at is not None:
        times, last = times + 1, at
        at = next_attempt(attempts=times, failed_at=at)
    assert (times, last - now > timedelta(hours=24)) == (MAX_ATTEMPTS, True)


@pytest.mark.parametrize(("status", "since"), [(410, timedelta()), (500, STOP_AFTER)])
def test_a_dead_receiver_stops_the_webhook_until_a_person_goes_on(town, other_system, notices, status, since):
    Answering.status = status
    webhook, _ = a_webhook(town, other_system)
    Webhook.objects.filter(id=webhook.id).update(failing_since=clock.now() - since)
    services.send_message(message_id=a_message(webhook).id)
    webhook.refresh_from_db()
    assert webhook.state == WebhookState.STOPPED
    assert Event.objects.filter(code="exchange.webhook.stopped", subject_id=webhook.id).count() == 1
    assert ["自動で止めました" in subject for _, subject, *_ in notices] == [True]
    waiting = a_message(webhook)
    assert services.claim_messages() == []
    assert services.send_message(message_id=waiting.id) is None
    services.resume_webhook(actor=town.administrator, webhook=webhook)
    assert waiting.id in services.claim_messages()


def test_a_failing_webhook_holds_nobody_up(town, other_system):
    bad, good = (a_webhook(town, other_system, name=name)[0] for name in ("壊れた", "動く"))
    Webhook.objects.filter(id=bad.id).update(failing_since=clock.now())
    theirs, ours = [a_message(bad) for _ in range(5)], [a_message(good) for _ in range(5)]
    claimed = set(services.claim_messages())
    assert len(claimed & {each.id for each in theirs}) == 1
    assert {each.id for each in ours} <= claimed


INSIDE = (
    "https://169.254.169.254/latest/", "https://[::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.5]/",
    "https://[64:ff9b::a00:5]/", "https://127.0.0.1/", "http://hooks.example.jp/", "https://u:p@hooks.example.jp/", "file:///etc/passwd",
)  # fmt: skip


@pytest.fixture
def nobody_inside(settings):
    settings.CONFIG = replace(settings.CONFIG, internal_hosts=())


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_when_typed(town, nobody_inside, address):
    with pytest.raises(DomainError) as refused:
        a_webhook(town, address)
    assert refused.value.field == "url"


def test_a_name_that_leads_inside_is_refused_when_sent_and_a_second_look_up_changes_nothing(
    town, nobody_inside, monkeypatch
):
    left, reached = ["10.0.0.5", "93.184.216.34", "127.0.0.1"], []

    def look_up(*args, **kwargs):
        return [(2, 1, 6, "", (left.pop(0), 0))]

    def connect(address, timeout):
        reached.append(address)
        raise OSError

    monkeypatch.setattr("kakehashi.kernel.outbound.socket.getaddrinfo", look_up)
    monkeypatch.setattr("kakehashi.kernel.outbound.socket.create_connection", connect)
    webhook, _ = a_webhook(town, "https://hooks.example.jp/")
    refused = services.send_message(message_id=a_message(webhook).id)
    assert "庁内" in refused.failure
    services.send_message(message_id=a_message(webhook).id)
    assert reached == [("93.184.216.34", 443)]


def test_a_message_and_a_time_are_sent_again_under_the_same_ids(town, other_system):
    webhook, _ = a_webhook(town, other_system)
    now = clock.now()
    old, new = (a_message(webhook, occurred_at=now - timedelta(days=days)) for days in (3, 0))
    for message in (old, new):
        services.send_message(message_id=message.id)
    services.replay_message(actor=town.administrator, message=old)
    services.send_message(message_id=old.id)
    assert [headers["webhook-id"] for headers, _ in Answering.got] == [str(old.id), str(new.id), str(old.id)]
    since, until = now - timedelta(days=1), now
    assert services.replay_messages(actor=town.administrator, webhook=webhook, since=since, until=until) == 1
    assert (state_of(old), state_of(new)) == (MessageState.SENT, MessageState.WAITING)
    with pytest.raises(DomainError):
        services.replay_messages(actor=town.administrator, webhook=webhook, since=until, until=since)
    assert Event.objects.filter(code="exchange.webhook.replayed").count() == 2


def test_who_has_no_right_or_no_power_makes_none(town, other_system):
    with pytest.raises(PermissionRefused):
        services.make_webhook(actor=town.administrator, name="x", url=other_system, kinds=[KIND])
    with pytest.raises(PermissionRefused):
        services.pause_webhook(actor=AnonymousActor(government_id=town.id), webhook=a_webhook(town, other_system)[0])


@pytest.mark.parametrize(
    ("wrong", "field"), [({"name": " "}, "name"), ({"kinds": []}, "kinds"), ({"kinds": ["x"]}, "kinds")]
)
def test_bad_input_is_named(town, other_system, wrong, field):
    with pytest.raises(DomainError) as refused:
        a_webhook(town, other_system, **wrong)
    assert refused.value.field == field


def test_old_messages_are_forgotten_and_waiting_ones_are_not(town, other_system):
    webhook, _ = a_webhook(town, other_system)
    long_ago = clock.now() - timedelta(days=91)
    a_message(webhook, made_at=long_ago, state=MessageState.SENT)
    waiting = a_message(webhook, made_at=long_ago)
    assert services.forget_messages() == 1
    assert WebhookMessage.objects.get() == waiting


def the_documented_receiver():
    found = importlib.util.spec_from_file_location("receiver", Path(finders.find("site/webhook_receiver.py")))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_documented_receiver_takes_a_message_once_and_refuses_a_forged_one(town):
    module = the_documented_receiver()
    with listening(module.Receiver) as url:
        webhook, secret = a_webhook(town, url)
        module.Receiver.secrets = [secret]
        message = a_message(webhook)
        assert services.send_message(message_id=message.id).status == 200
        services.replay_message(actor=town.administrator, message=message)
        assert services.send_message(message_id=message.id).status == 200
        assert (module.Receiver.work.qsize(), module.Receiver.work.get()["type"]) == (1, KIND)
        module.Receiver.secrets = ["whsec_" + "A" * 43 + "="]
        assert services.send_message(message_id=a_message(webhook).id).status == 401
    body = as_body({"type": KIND})
    stale = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": sign(secret, "1", 1, body)}
    assert not module.is_genuine([secret], stale, body)
    assert module.is_genuine([secret], stale, body, now=2)


def test_the_page_makes_one_shows_its_secret_once_and_tries_it(cast, client_for, other_system):
    town = cast.hibari
    client = client_for(town.administrator)
    assert client.post(PAGE, {"name": "x"}).status_code == 302
    open_power(client, town.administrator)
    form = {"name": "収納", "url": other_system, "kinds": [KIND]}
    assert "whsec_" in client.post(PAGE, form).content.decode()
    assert "whsec_" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, form | {"url": "ftp://x/"}).status_code == 422
    with tenant_scope(town.id):
        one = f"{PAGE}{Webhook.objects.get().id}/"
    sent = client.post(f"{one}test/")
    with tenant_scope(town.id):
        services.send_message(message_id=WebhookMessage.objects.get().id)
        assert WebhookAttempt.objects.get().is_taken
    assert "webhook.test" in client.get(sent.url).content.decode()
    for act in ("pause/", "pause/", "resume/", "rotate/", "end-old/"):
        assert client.post(f"{one}{act}").status_code in {200, 302}
    days = {"since": clock.today().isoformat(), "until": clock.today().isoformat()}
    assert client.post(f"{one}replay/", days).status_code == 302
    assert client.post(f"{one}replay/", {"since": ""}).status_code == 422
    assert client.post(f"{one}change/", form | {"name": "新しい名前"}).status_code == 302
    assert "新しい名前" in client.get(f"{one}?state=sent").content.decode()
    assert "送り先を消す" in client.get(f"{one}change/").content.decode()
    assert [client.post(f"{one}drop/").status_code for _ in range(2)] == [302, 404]


def test_the_way_to_an_administrators_acts_is_offered_to_who_may_go_it(cast, client_for):
    way = "/staff/people/administration/?next="
    assert way in client_for(cast.hibari.administrator).get(PAGE).content.decode()
    answer = client_for(cast.hibari.clerk).get(PAGE)
    assert answer.status_code == 200
    assert way not in answer.content.decode()
