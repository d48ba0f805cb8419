"""操作の記録 and 記録の証明: they work, refuse, filter, and hand over evidence that verifies."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kakehashi.journal.models import Event
from kakehashi.journal.services import record_event, seal_events
from kakehashi.journal.testing import CODE, START, record_some
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope

PAGES = ["/staff/journal/", "/staff/journal/proof/", "/staff/journal/proof/verify.py"]
DOWNLOAD = "/staff/journal/proof/download/"
Clients = Callable[..., Any]


@pytest.fixture
def sealed(cast: Any, keys: Path) -> Any:
    """ひばり町 with three sealed events and one that waits."""
    record_some(cast.hibari.id, 3, at=START)
    with tenant_scope(cast.hibari.id), clock.frozen(START + timedelta(seconds=9)):
        seal_events()
    record_some(cast.hibari.id, 1, at=START + timedelta(seconds=20))
    return cast


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_sees_the_page(sealed: Any, client_for: Clients, page: str) -> None:
    assert client_for(sealed.hibari.administrator).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_without_the_permission_403(sealed: Any, client_for: Clients, page: str) -> None:
    assert client_for(sealed.hibari.clerk).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_the_other_town_404(sealed: Any, client_for: Clients, page: str) -> None:
    assert client_for(sealed.misaki.administrator, at=sealed.hibari).get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_wrong_method_405(sealed: Any, client_for: Clients, page: str) -> None:
    assert client_for(sealed.hibari.administrator).post(page).status_code == 405


def test_an_event_with_a_fact_that_is_called_items_is_shown(cast: Any, client_for: Clients) -> None:
    with tenant_scope(cast.hibari.id):
        actor = system_actor(cast.hibari.id)
        record_event(actor=actor, code=CODE, subject_kind="journal.log", subject_id=uuid7(), payload={"items": 3})
    answer = client_for(cast.hibari.administrator).get(PAGES[0])
    assert answer.status_code == 200
    assert "<dt>items</dt><dd>3</dd>" in answer.text


def test_the_log_shows_names_and_places(sealed: Any, client_for: Clients) -> None:
    text = client_for(sealed.hibari.administrator).get(PAGES[0]).content.decode()
    assert text.count("<strong>記録の証明を書き出した</strong>") == 4
    assert "#2" in text
    assert "封印待ち" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("code=journal.bundle.exported", 4),
        ("who=いない人", 0),
        ("since=2026-04-01&until=2026-04-01", 4),
        ("until=2026-03-31", 0),
    ],
)
def test_the_log_is_filtered(sealed: Any, client_for: Clients, query: str, count: int) -> None:
    text = client_for(sealed.hibari.administrator).get(f"{PAGES[0]}?{query}").content.decode()
    assert text.count("<strong>記録の証明を書き出した</strong>") == count


@pytest.mark.parametrize("query", ["code=nothing", "since=yesterday", "subject=1", "who=" + "あ" * 101])
def test_bad_input_is_422_beside_the_form(sealed: Any, client_for: Clients, query: str) -> None:
    assert client_for(sealed.hibari.administrator).get(f"{PAGES[0]}?{query}").status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_log_can_be_taken_away(sealed: Any, client_for: Clients, kind: str) -> None:
    response = client_for(sealed.hibari.administrator).get(f"{PAGES[0]}?format={kind}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def test_the_proof_shows_the_root_and_the_lag(sealed: Any, client_for: Clients) -> None:
    with clock.frozen(START + timedelta(seconds=80)):
        text = client_for(sealed.hibari.administrator).get(PAGES[1]).content.decode()
    assert "封印が遅れています" in text
    assert "最長 60 秒" in text
    assert f"kakehashi/journal/{sealed.hibari.id}+" in text


def test_the_evidence_is_downloaded_and_that_is_recorded(sealed: Any, client_for: Clients) -> None:
    response = client_for(sealed.hibari.administrator).post(DOWNLOAD)
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert {"checkpoint.txt", "events.jsonl", "leaves.txt", "verify.py"} <= set(archive.namelist())
    # response.close() would also close the test's database connection.
    for close in response._resource_closers:
        close()
    with tenant_scope(sealed.hibari.id):
        event = Event.objects.order_by("id").last()
    assert event is not None
    assert event.actor_id == sealed.hibari.administrator.id


def test_the_evidence_needs_its_own_permission(sealed: Any, client_for: Clients) -> None:
    assert client_for(sealed.hibari.clerk).post(DOWNLOAD).status_code == 403
    assert client_for(sealed.hibari.administrator).get(DOWNLOAD).status_code == 405


def test_nothing_sealed_yet_is_said_on_the_page(cast: Any, keys: Path, client_for: Clients) -> None:
    client = client_for(cast.hibari.administrator)
    assert client.post(DOWNLOAD).status_code == 302
    assert "まだ封印された記録" in client.get(PAGES[1]).content.decode()
