"""Health, metrics and traces: what machines are told, and that nobody's data are in it."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import RequestFactory
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kakehashi.site import health, metrics, tracing, wsgi
from kakehashi.site.cli.serve import connections_for
from kakehashi.site.config import POOL_SIZE, load
from kakehashi.site.embedded import LEAST_CONNECTIONS, EmbeddedPostgres
from kakehashi.site.health import Probe
from kakehashi.site.wsgi import with_health

TOKEN = "a-token-for-tests"


def ask(application: Any, path: str, **environ: str) -> tuple[str, str]:
    seen: list[str] = []
    body = application({"PATH_INFO": path, "REQUEST_METHOD": "GET", **environ}, lambda status, *_: seen.append(status))
    return seen[0], b"".join(body).decode()


def django(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("404 Not Found", [])
    return [b"django"]


@pytest.fixture
def counter(tmp_path: Any) -> metrics.Counter:
    return metrics.Counter(tmp_path)


def test_livez_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "probes", lambda: pytest.fail("asked"))
    assert ask(with_health(django, "", None), "/livez") == ("200 OK", '{"status": "alive"}')


def test_readyz_looks_at_everything(swept_database: str) -> None:
    health.probes(remember=False)
    status, body = ask(with_health(django, "", None), "/readyz")
    told = json.loads(body)
    assert (status, told["status"]) == ("200 OK", "ready")
    assert set(told["checks"]) == {
        "database", "migrations", "worker", "failed_tasks", "seal_lag", "disk", "backup_age"
    }  # fmt: skip
    assert told["checks"]["worker"] == {"ok": False, "value": None, "unit": "seconds"}


@pytest.mark.parametrize(("found", "is_behind"), [((0, 9), False), ((9, 1), True), ((9, 0), False)])
def test_a_program_that_lacks_tables_knows_it_before_it_answers(
    monkeypatch: pytest.MonkeyPatch, found: tuple[int, int], is_behind: bool
) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: found)
    assert wsgi._warm() is is_behind


def test_the_database_has_room_for_every_process_and_the_one_that_takes_over() -> None:
    assert connections_for(2) < LEAST_CONNECTIONS
    server = EmbeddedPostgres(settings.CONFIG.home)
    assert not [part for part in server.command(connections_for(2)) if "max_connections" in part]
    assert f"max_connections={33 * POOL_SIZE + 30}" in server.command(connections_for(32))


@pytest.mark.parametrize(("decides", "status"), [(True, "503 Service Unavailable"), (False, "200 OK")])
def test_only_what_decides_turns_people_away(decides: bool, status: str) -> None:
    probe = Probe("x", is_ok=False, value=1, unit="", decides=decides)
    assert health.readyz(lambda: [probe])[0] == status


def test_a_database_that_is_away_is_not_ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "cursor", away)
        found = health.probes(remember=False)
    assert not health.is_ready(found)
    assert [probe.name for probe in found if not probe.is_ok] == ["database"]


def test_metrics_are_off_unless_a_token_is_set_and_given(counter: metrics.Counter, swept_database: str) -> None:
    assert ask(with_health(django, "", None), "/metrics")[1] == "django"
    application = with_health(django, TOKEN, counter)
    assert ask(application, "/metrics")[1] == "django"
    assert ask(application, "/metrics", HTTP_AUTHORIZATION="Bearer other")[1] == "django"
    status, text = ask(application, "/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert status == "200 OK"
    assert 'kakehashi_requests_total{status="4xx"} 2' in text
    assert "kakehashi_disk_bytes" in text
    assert "kakehashi_ready 1" in text


def test_all_processes_are_counted(counter: metrics.Counter) -> None:
    for status, seconds in (("200 OK", 0.01), ("200 OK", 0.3), ("500 x", 60.0)):
        counter.count(status, seconds)
    (counter.folder / "1.counts").write_bytes((counter.folder / f"{metrics.os.getpid()}.counts").read_bytes())
    text = metrics.page(counter.total(), [])[2]
    assert 'kakehashi_requests_total{status="2xx"} 4' in text
    assert 'kakehashi_request_seconds_bucket{le="0.5"} 4' in text
    assert 'kakehashi_request_seconds_bucket{le="+Inf"} 6' in text


def test_both_are_off_by_default(tmp_path: Any) -> None:
    config = load({"KAKEHASHI_HOME": str(tmp_path)})
    assert (config.metrics_token, config.traces_url) == ("", "")
    assert not any("tracing" in name for name in settings.MIDDLEWARE)


def test_a_trace_says_how_long_and_nothing_of_anybody(
    cast: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", lambda _: provider.get_tracer("test"))
    monkeypatch.setattr(settings, "MIDDLEWARE", ["kakehashi.site.tracing.TraceMiddleware", *settings.MIDDLEWARE])
    client_for(cast.hibari.clerk).get("/staff/people/?q=CANARY", headers={"user-agent": "CANARY"})
    spans = exporter.get_finished_spans()
    told = "\n".join(span.to_json() for span in spans)
    assert any(span.name == "GET staff/people/" for span in spans)
    assert any(span.name == "SELECT" for span in spans)
    for secret in ("CANARY", str(cast.hibari.id), str(cast.hibari.clerk.id), cast.hibari.government.slug):
        assert secret not in told


def test_an_error_says_nothing_in_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", lambda _: provider.get_tracer("test"))

    def broken(_: Any) -> Any:
        raise ValueError("CANARY")

    with pytest.raises(ValueError, match="CANARY"):
        tracing.TraceMiddleware(broken)(RequestFactory().get("/"))
    assert "CANARY" not in exporter.get_finished_spans()[0].to_json()
