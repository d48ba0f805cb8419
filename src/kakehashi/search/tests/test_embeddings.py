"""A model beside the words: off unless connected, helps by meaning, and its silence stops nobody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kakehashi.people.testing import Town
from kakehashi.search.adapters import HttpEmbedder, LocalEmbedder, make_embedder
from kakehashi.search.domain.embedding import EmbeddingFailed, as_unit_rows, install_embedder
from kakehashi.search.models import VectorBlock
from kakehashi.search.selectors import search_texts
from kakehashi.search.services import embed_pending, remove_text
from kakehashi.search.testing import KIND, put


def by_subject(texts: list[str]) -> list[list[float]]:
    """Stands for a model that knows what belongs together: moving house, or animals."""
    if any("壊れた" in text for text in texts):
        raise RuntimeError
    return [[float("転" in text or "新生活" in text), float("犬" in text or "わんこ" in text), 0.1] for text in texts]


@pytest.fixture
def model() -> Iterator[None]:
    install_embedder(LocalEmbedder(f"{__name__}:by_subject"))
    yield
    install_embedder(None)


def titles(town: Town, query: str) -> list[str]:
    return [hit.title for hit in search_texts(actor=town.clerk, query=query, kinds=[KIND])]


def test_without_a_model_nothing_is_made(town: Town) -> None:
    put(town, "犬の登録")
    assert (embed_pending(), VectorBlock.objects.count(), titles(town, "わんこ")) == (0, 0, [])


def test_a_text_is_found_by_its_meaning(town: Town, model: None) -> None:
    dog = put(town, "犬の登録")
    put(town, "転入届")
    assert (embed_pending(), embed_pending()) == (2, 0)
    hit = search_texts(actor=town.clerk, query="わんこ", kinds=[KIND])[0]
    assert (hit.title, hit.matched) == ("犬の登録", "意味が近い文章です")
    remove_text(government_id=town.id, kind=KIND, object_id=dog)
    assert titles(town, "わんこ") == []


def test_a_model_that_fails_leaves_the_words(town: Town, model: None) -> None:
    put(town, "壊れたプリンター")
    assert embed_pending() == 0
    put(town, "転入届")
    assert titles(town, "壊れた転入") != []


def test_vectors_that_are_none_are_refused() -> None:
    for wrong in ([[1.0], [1.0, 2.0]], [], [[float("nan")]]):
        with pytest.raises(EmbeddingFailed):
            as_unit_rows(wrong)


class _Service(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"index": n, "embedding": [float(len(text)), n]} for n, text in enumerate(asked["input"])]
        body = json.dumps({"data": rows[::-1], "model": asked["model"]}).encode()
        self.send_response(200 if self.headers["Authorization"] == "Bearer key" else 401)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_openai_compatible_address(address: str) -> None:
    model = make_embedder(address, model="m", key="key", prefixes="q: |p: ")
    assert model is not None
    assert model.questions(["犬"]) == [[4.0, 0.0]]
    assert [row[0] for row in model.passages([str(n) for n in range(70)])] == [4.0] * 10 + [5.0] * 60
    with pytest.raises(EmbeddingFailed):
        HttpEmbedder(address, model="m", key="wrong").questions(["犬"])
    assert make_embedder("", model="", key="", prefixes="") is None
