"""What other systems are told of applications: everything once, in the journal's order, for their departments, nothing personal."""

import json
import threading
from datetime import timedelta
from uuid import uuid5

from django.conf import settings
from django.db import connections

from kakehashi.exchange.domain.webhooks import tell_owner
from kakehashi.exchange.models import Webhook, WebhookMessage
from kakehashi.exchange.services import gather_messages, make_webhook
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import sealed_events_after
from kakehashi.journal.services import seal_events
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.selectors import acting_staff
from kakehashi.people.testing import powerful, two_towns
from kakehashi.procedures.selectors.told import TOLD
from kakehashi.procedures.services import accept_application, request_correction
from kakehashi.procedures.testing import an_application, an_online_procedure


def a_webhook(town, kinds=tuple(TOLD.kinds), **others):
    return make_webhook(
        actor=powerful(town.administrator), name="収納", url="https://hooks.example.jp/", kinds=kinds, **others
    )[0]


def told(webhook):
    rows = WebhookMessage.objects.filter(webhook=webhook).order_by("position")
    return [row.kind.partition(".")[2] for row in rows]


def test_what_happened_is_told_once_in_order(town):
    seal_events()
    webhook = a_webhook(town)
    procedure = an_online_procedure(town)
    filed = an_application(town, procedure)
    accept_application(actor=town.clerk, application=filed)
    deadline = clock.today() + timedelta(days=7)
    request_correction(actor=town.clerk, application=filed, message="住民票の写しを付けてください", deadline=deadline)
    assert gather_messages() == 0
    seal_events()
    assert gather_messages() == 4
    assert gather_messages() == 0
    assert told(webhook) == ["opened", "submitted", "accepted", "correction_requested"]
    assert Webhook.objects.get().position == sealed_events_after(-1, limit=500)[1]


def test_nothing_personal_leaves(town):
    webhook = a_webhook(town)
    filed = an_application(town, an_online_procedure(town))
    deadline = clock.today() + timedelta(days=7)
    accept_application(actor=town.clerk, application=filed)
    request_correction(actor=town.clerk, application=filed, message="ひみつの理由", deadline=deadline)
    seal_events()
    gather_messages()
    sent = json.dumps([row.payload for row in WebhookMessage.objects.filter(webhook=webhook)], ensure_ascii=False)
    written = [str(value) for value in filed.answers.values() if isinstance(value, str) and len(value) > 3]
    for secret in (filed.applicant_name, filed.applicant_email, filed.receipt_number, "ひみつの理由", *written):
        assert secret not in sent
    assert set(json.loads(sent)[-1]["data"]) == {"application", "procedure", "department", "state", "result", "version"}


def test_a_webhook_hears_of_its_departments_and_its_kinds_only(town):
    own = a_webhook(town, department=town.department)
    other = a_webhook(town, department=town.other_department)
    few = a_webhook(town, kinds=["application.submitted"])
    an_application(town, an_online_procedure(town))
    seal_events()
    gather_messages()
    assert (told(own), told(other), told(few)) == (["opened", "submitted"], [], ["submitted"])


def test_a_paused_webhook_hears_of_it_later(town):
    webhook = a_webhook(town)
    Webhook.objects.update(state="paused")
    an_application(town, an_online_procedure(town))
    seal_events()
    assert gather_messages() == 0
    Webhook.objects.update(state="active")
    gather_messages()
    assert told(webhook) == ["opened", "submitted"]


def test_submitting_writes_nothing_for_webhooks(town, django_assert_num_queries):
    a_webhook(town)
    procedure = an_online_procedure(town)
    an_application(town, procedure)
    assert WebhookMessage.objects.count() == 0


def test_whoever_commits_late_is_not_left_out(swept_database: str) -> None:
    """Readers follow the places of the log while writers commit in another order than they began: each event is seen once."""
    town = two_towns(settings.ROOMS).hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(town)
        seal_events()
        start = sealed_events_after(-1, limit=10_000)[1]
    began, may_end, seen, stop = threading.Event(), threading.Event(), [], threading.Event()

    def late():
        with tenant_scope(town.id):
            an_application(town, procedure)
            began.set()
            may_end.wait(20)
        connections.close_all()

    def quick():
        for _ in range(5):
            with tenant_scope(town.id):
                an_application(town, procedure)
        connections.close_all()

    def read():
        position = start
        while True:
            last_round = stop.is_set()
            with tenant_scope(town.id):
                seal_events(everywhere=False)
            with tenant_scope(town.id):
                events, position = sealed_events_after(position, limit=3)
            seen.extend(event.id for _, event in events if event.code == "procedures.application.submitted")
            if last_round and not events:
                break
        connections.close_all()

    reader, slow = threading.Thread(target=read), threading.Thread(target=late)
    slow.start()
    assert began.wait(20)
    reader.start()
    writers = [threading.Thread(target=quick) for _ in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    may_end.set()
    slow.join()
    stop.set()
    reader.join()
    with tenant_scope(town.id):
        committed = set(Event.objects.filter(code="procedures.application.submitted").values_list("id", flat=True))
    assert len(seen) == len(set(seen)) == 16
    assert set(seen) == committed


def test_the_owner_is_told_in_the_bell(town):
    webhook = a_webhook(town, owner=acting_staff(town.administrator))
    for _ in range(2):
        tell_owner(webhook.owner_id, "届きません", "直してください。", "/x/", uuid5(webhook.id, "1"))
    assert Notice.objects.get(kind="exchange.webhook").person_id == town.administrator.id
