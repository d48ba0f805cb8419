"""Speaking with a model: an OpenAI-compatible address, or a Python function in the same process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from urllib.error import URLError
from urllib.request import Request, urlopen

from kakehashi.search.domain.embedding import MAX_TEXT_CHARACTERS, Embedder, EmbeddingFailed

BATCH = 64
QUESTION_SECONDS = 3.0
PASSAGE_SECONDS = 60.0


class HttpEmbedder:
    """A service with `POST <address>/embeddings` as OpenAI, llama.cpp, vLLM, Ollama and text-embeddings-inference have."""

    def __init__(self, address: str, *, model: str, key: str = "", prefixes: tuple[str, str] = ("", "")) -> None:
        if not address.startswith(("http://", "https://")):
            raise ValueError("the address must begin with http:// or https://")
        address = address.rstrip("/")
        self._address = address if address.endswith("/embeddings") else f"{address}/embeddings"
        self._model = model
        self._key = key
        self._prefixes = prefixes

    @property
    def name(self) -> str:
        return self._model or self._address

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        return self._embed([self._prefixes[0] + text for text in texts], QUESTION_SECONDS)

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return self._embed([self._prefixes[1] + text for text in texts], PASSAGE_SECONDS)

    def _embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        found: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            found += self._ask([text[:MAX_TEXT_CHARACTERS] for text in texts[start : start + BATCH]], seconds)
        return found

    def _ask(self, texts: list[str], seconds: float) -> list[list[float]]:
        body = json.dumps({"input": texts, "model": self._model, "encoding_format": "float"}).encode()
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            request = Request(self._address, data=body, headers=headers)  # noqa: S310 — the scheme was checked
            with urlopen(request, timeout=seconds) as answer:  # noqa: S310
                rows = sorted(json.load(answer)["data"], key=lambda row: row.get("index", 0))
            found = [row["embedding"] for row in rows]
        except (URLError, OSError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingFailed(f"{self._address}: {error}") from error
        if len(found) != len(texts):
            raise EmbeddingFailed(f"{self._address}: {len(found)} vectors for {len(texts)} texts")
        return found


class LocalEmbedder:
    """A function `module:name` that takes a list of texts and returns a list of vectors."""

    def __init__(self, path: str, *, prefixes: tuple[str, str] = ("", "")) -> None:
        module, _, name = path.partition(":")
        self._function: Callable[[list[str]], Sequence[Sequence[float]]] = getattr(import_module(module), name)
        self._path = path
        self._prefixes = prefixes

    @property
    def name(self) -> str:
        return self._path

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        return self._embed([self._prefixes[0] + text for text in texts])

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return self._embed([self._prefixes[1] + text for text in texts])

    def _embed(self, texts: list[str]) -> list[list[float]]:
        try:
            return [[float(each) for each in row] for row in self._function([t[:MAX_TEXT_CHARACTERS] for t in texts])]
        except Exception as error:
            raise EmbeddingFailed(f"{self._path}: {error}") from error


def make_embedder(place: str, *, model: str, key: str, prefixes: str) -> Embedder | None:
    """Return the model at `place` (an address, or `module:function`), None where it is empty.

    `prefixes` is what the model wants before questions and before texts, separated by `|` (`query: |passage: `).
    """
    if not place:
        return None
    question, _, passage = prefixes.partition("|")
    if place.startswith(("http://", "https://")):
        return HttpEmbedder(place, model=model, key=key, prefixes=(question, passage))
    return LocalEmbedder(place, prefixes=(question, passage))
