"""The search page and its suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.search.testing import put

Clients = Callable[..., Any]


@pytest.fixture
def indexed(cast: Cast) -> Cast:
    with tenant_scope(cast.hibari.id):
        put(cast.hibari, "転入届", "<b>引っ越し</b>の届出")
    return cast


def test_the_page_shows_hits_with_marks_and_reasons(client_for: Clients, indexed: Cast) -> None:
    page = client_for(indexed.hibari.clerk).get("/staff/search/", {"q": "引越し"}).content.decode()
    assert "<mark>引っ越し</mark>" in page
    assert "「引越し」は「転入届」として一致" in page
    assert "&lt;b&gt;" in page


def test_nothing_found_and_nothing_asked_both_teach(client_for: Clients, indexed: Cast) -> None:
    client = client_for(indexed.hibari.clerk)
    assert "見つかりませんでした" in client.get("/staff/search/", {"q": "存在しない言葉です"}).content.decode()
    assert "ひとつの欄でさがせます" in client.get("/staff/search/").content.decode()


def test_suggestions_while_typing(client_for: Clients, indexed: Cast) -> None:
    page = client_for(indexed.hibari.clerk).get("/staff/search/suggestions/", {"q": "転"})
    assert '<option value="転入届">' in page.content.decode()


def test_the_neighbour_and_strangers_see_nothing(client_for: Clients, indexed: Cast) -> None:
    assert client_for(indexed.misaki.clerk, at=indexed.hibari).get("/staff/search/").status_code == 404
    assert client_for(indexed.hibari).get("/staff/search/").status_code == 302
    page = client_for(indexed.misaki.clerk).get("/staff/search/", {"q": "転入届"}).content.decode()
    assert "/staff/x/" not in page


def test_only_reading(client_for: Clients, indexed: Cast) -> None:
    assert client_for(indexed.hibari.clerk).post("/staff/search/").status_code == 405


@pytest.mark.parametrize("query", ["\x00", "'", "%%%", "a" * 5000, "🗾" * 100, "「", "\\", "-" * 50])
@pytest.mark.parametrize("kind", ["", "nothing", "search.test"])
def test_hostile_input_is_answered(client_for: Clients, indexed: Cast, query: str, kind: str) -> None:
    client = client_for(indexed.hibari.clerk)
    assert client.get("/staff/search/", {"q": query, "kind": kind}).status_code == 200
    assert client.get("/staff/search/suggestions/", {"q": query}).status_code == 200
