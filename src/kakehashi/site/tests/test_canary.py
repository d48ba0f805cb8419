"""A canary goes down the whole road; no line of any log, task or traceback may sing of it."""

import io
import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kakehashi.desk.models import Arrival, Consultation
from kakehashi.exchange.models import WebhookMessage
from kakehashi.exchange.services import make_webhook
from kakehashi.files.models import StoredFile
from kakehashi.kernel.clock import frozen, now, today
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.logs import JsonFormatter, TextFormatter
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.models import ApiToken
from kakehashi.people.selectors import acting_staff
from kakehashi.people.services import issue_api_token
from kakehashi.people.testing import Cast, powerful
from kakehashi.procedures.models import Application
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.testing import REQUEST, YOU, an_online_procedure
from kakehashi.records.models import IncomingMail, Receipt
from kakehashi.site import health, metrics, tracing
from kakehashi.site.cli.worker import Sweeper

WORDS = ("金糸雀", "キンシジャク", "canary.mail", "090-7777-1234", "09077771234", "canary-inside", "秘密の庭")
ANSWERS = YOU | {
    "name.family": "金糸雀",
    "name.family_kana": "キンシジャク",
    "mail": "canary.mail@example.jp",
    "phone": "090-7777-1234",
    "address.street": "秘密の庭1-1",
}
FILE = ("金糸雀.txt", b"canary-inside", "text/plain")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the program's own logging configuration writes, while the starter form asks for a paper."""
    monkeypatch.setattr("kakehashi.procedures.services.inventory._named_attachments", lambda _: ["見積書"])
    written = io.StringIO()
    ours = [one for one in logging.root.handlers if isinstance(one.formatter, JsonFormatter | TextFormatter)]
    assert ours, "the product's logging configuration is not in force"
    for handler in ours:
        assert isinstance(handler, logging.StreamHandler)
        monkeypatch.setattr(handler, "stream", written)
    return written


def assert_silent(text: str, *more: str) -> None:
    for word in (*WORDS, *more):
        assert word not in text, f"{word!r} is in: {text[:3000]}"


def apply(cast: Cast, client_for: Callable) -> tuple[object, str]:
    """File the canary's application; gives the resident's client and the page of the application."""
    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(cast.hibari)
    client = client_for(cast.hibari)
    client.get("/procedures/", {"q": "金糸雀"})
    draft = client.post(f"/procedures/{procedure.id}/start/").url.split("/steps/")[0].removeprefix("/hibari")
    client.post(f"{draft}/steps/page_1/", ANSWERS | {"mail": "canary.mail"})
    client.post(f"{draft}/steps/page_1/", ANSWERS)
    attached = {"paper_1": SimpleUploadedFile(*FILE)}
    client.post(f"{draft}/steps/page_2/", REQUEST | {"content": "金糸雀の申請"} | attached)
    client.post(f"{draft}/saved/", {"email": "canary.mail@example.jp"})
    client.post(f"{draft}/steps/page_2/", REQUEST | {"content": "金糸雀の申請"})
    filed = client.post(f"{draft}/submit/").url.removeprefix("/hibari")
    return client, filed.removesuffix("receipt/")


def test_no_line_task_or_row_of_the_queue_sings(cast: Cast, client_for: Callable, lines: io.StringIO) -> None:
    resident, page = apply(cast, client_for)
    resident.post(f"{page}message/", {"body": "金糸雀より"})  # type: ignore[attr-defined]
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
    resident.post("/procedures/mine/find/", {"number": application.receipt_number, "email": "canary.mail@example.jp"})  # type: ignore[attr-defined]
    clerk = client_for(cast.hibari.clerk)
    clerk.post(f"/staff/procedures/applications/{application.id}/accept/")
    for path in ("procedures/", "search/", "cases/"):
        assert clerk.get(f"/staff/{path}", {"q": "金糸雀"}).status_code == 200
    with frozen(now() + timedelta(minutes=1)):
        Sweeper().run_due(everything=True)
    with tenant_scope(cast.hibari.id):
        assert StoredFile.objects.filter(name=FILE[0]).exists()
        links = [one.url.removeprefix("/hibari") for one in Notice.objects.filter(url__contains="/resume/")]
    for path in (f"/staff/cases/{application.case_id}/", "/staff/nosuch/金糸雀/", f"{page}金糸雀/"):
        clerk.get(path)
    resident.get(links[0])  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(j::text, ' '), '') FROM procrastinate_jobs j")
        tasks = str(cursor.fetchone())
    codes = [
        links[0].split("/resume/")[1].strip("/"),
        *(word for one in mail.outbox for word in str(one.body).split() if re.fullmatch(r"\d{6}", word)),
    ]
    assert '"page"' in lines.getvalue() or "page=" in lines.getvalue()
    assert_silent(lines.getvalue(), *codes)
    assert_silent(tasks, *codes)


def test_an_error_of_ours_does_not_sing(
    cast: Cast, client_for: Callable, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken page, a broken sweep and a row that the database refuses: each traceback holds the canary."""
    apply(cast, client_for)
    with tenant_scope(cast.hibari.id):
        case_id = Application.objects.get().case_id

    def broken(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::uuid", ["金糸雀 canary.mail@example.jp"])

    monkeypatch.setattr("kakehashi.procedures.selectors.case_pages.get_application", broken)
    clerk = client_for(cast.hibari.clerk)
    clerk.raise_request_exception = False
    answer = clerk.get(f"/staff/cases/{case_id}/")
    assert answer.status_code == 500
    assert_silent(answer.content.decode())
    text = lines.getvalue()
    assert "22P02" in text
    assert answer.headers["X-Request-Id"] in text
    assert_silent(text)


def test_postgresqls_own_log_does_not_sing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
            [
                [
                    "log_min_messages",
                    "log_min_error_statement",
                    "log_error_verbosity",
                    "log_parameter_max_length_on_error",
                ]
            ],
        )
        found = dict(cursor.fetchall())
    assert found == {
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
    }
    assert_silent((settings.CONFIG.home / "pg" / "log").read_text(errors="replace"))


def test_the_api_does_not_sing(cast: Cast, client_for: Callable, lines: io.StringIO) -> None:
    """Another system pulls the canary, sends it back in every wrong place, and shows its key: no line has a word of it."""
    apply(cast, client_for)
    with tenant_scope(cast.hibari.id):
        application = Application.objects.get()
        may = (ProceduresPermission.READ_APPLICATIONS, ProceduresPermission.HANDLE_APPLICATIONS)
        actor, until = powerful(cast.hibari.administrator), today() + timedelta(days=30)
        _, key = issue_api_token(actor=actor, name="収納", permissions=may, valid_to=until)
    with tenant_scope(cast.hibari.id):
        row = ApiToken.objects.get()
    machine, place = client_for(cast.hibari), "/api/v1/procedures/applications/"
    shown = {"authorization": f"Bearer {key}"}
    assert "金糸雀" in str(machine.get(f"{place}{application.id}/", headers=shown).json())
    for text in (json.dumps({"金糸雀": "秘密の庭"}), '{"a": "金糸雀', "金糸雀"):
        answer = machine.post(
            f"{place}{application.id}/acceptance/", text, content_type="application/json", headers=shown
        )
        assert answer.status_code in {400, 422}
    assert machine.get(place, {"state": "金糸雀", "cursor": "秘密の庭"}, headers=shown).status_code == 422
    assert machine.get(f"{place}金糸雀/", headers=shown).status_code == 404
    assert machine.get(place, headers={"authorization": "Bearer canary-inside"}).status_code == 401
    assert (
        machine.post(
            f"{place}{application.id}/acceptance/", "{}", content_type="application/json", headers=shown
        ).status_code
        == 200
    )
    assert "procedures-api" in lines.getvalue()
    assert_silent(lines.getvalue(), key, key[4:], str(row.digest))


BIRD_MAIL = """From: =?UTF-8?B?6YeR57O46ZuA?= <canary.mail@example.jp>
Subject: =?UTF-8?B?56eY5a+G44Gu5bqt?=
Message-ID: <canary-inside@example.jp>
Date: Fri, 20 Nov 2026 09:00:00 +0900
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

金糸雀 090-7777-1234
""".encode()


def staff_type(cast: Cast, client_for: Callable) -> None:
    """The canary comes to the desk, by mail to desk and 収受, over the counter, and as a broken webhook."""
    town, bird = cast.hibari, {"problem": "金糸雀が困る", "purpose": "秘密の庭のため"}
    desk, clerk = client_for(town.officer), client_for(town.clerk)
    typed = {
        "consultation_id": str(uuid7()),
        "task": "金糸雀の業務",
        "frequency": "monthly",
        "count": "3",
        "minutes_each": "9",
    }
    for act in ("similar", "file"):
        assert clerk.post("/staff/desk/new/", typed | bird | {"act": act}).status_code in {200, 302, 422}
    for client, path, field in ((desk, "/staff/desk/intake/", "mails"), (clerk, "/staff/records/mails/", "file")):
        for content in (BIRD_MAIL, BIRD_MAIL[:200] + b"\xff\x00" + BIRD_MAIL[200:]):
            client.post(path, {field: SimpleUploadedFile("金糸雀.eml", content)})
    came = {
        "title": "秘密の庭の照会",
        "sender": "金糸雀",
        "received_on": "2026-11-22",
        "way": "post",
        "confidentiality": "ordinary",
    }
    papers = {"files": SimpleUploadedFile(*FILE)}
    for more in ({"place": "書庫2"}, {"place": "", "case_number": "金糸雀"}):
        filled = came | more | {"department": str(town.department.id), "idempotency_key": str(uuid7())}
        clerk.post("/staff/records/receipts/new/", filled | papers)
    clerk.get("/staff/records/find/", {"q": "金糸雀"})
    with tenant_scope(town.id):
        assert (Consultation.objects.count(), Arrival.objects.count(), Receipt.objects.count()) == (1, 1, 1)
        assert IncomingMail.objects.exists()
        owner, kinds = acting_staff(town.administrator), ["application.submitted"]
        make_webhook(
            actor=powerful(town.administrator),
            name="金糸雀",
            url="https://192.0.2.1/秘密の庭",
            kinds=kinds,
            owner=owner,
        )


def test_desk_mails_receipts_webhooks_traces_and_metrics_do_not_sing(
    cast: Cast, client_for: Callable, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", lambda _: provider.get_tracer("test"))
    monkeypatch.setattr(settings, "MIDDLEWARE", ["kakehashi.site.tracing.TraceMiddleware", *settings.MIDDLEWARE])
    monkeypatch.setattr("kakehashi.exchange.services.webhooks.check_address", lambda *_: None)
    apply(cast, client_for)
    staff_type(cast, client_for)
    with frozen(now() + timedelta(minutes=1)):
        Sweeper().run_due(everything=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(j::text, ' '), '') FROM procrastinate_jobs j")
        tasks = str(cursor.fetchone())
    with tenant_scope(cast.hibari.id):
        assert_silent(str(list(WebhookMessage.objects.values_list("payload", flat=True))))
    counter = metrics.Counter(tmp_path)
    counter.count("200 OK", 0.1)
    assert_silent(metrics.page(counter.total(), health.probes(remember=False))[2])
    assert len(exporter.get_finished_spans()) > 50
    assert_silent("\n".join(span.to_json() for span in exporter.get_finished_spans()))
    assert_silent(lines.getvalue())
    assert_silent(tasks)
