"""The door for a language model that turns texts into vectors. Nobody stands in it unless the operator says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

MAX_TEXT_CHARACTERS = 2_000
TYPE = np.dtype("<f2")


class EmbeddingFailed(RuntimeError):
    """The model did not answer, or not with vectors. Searches go on without it."""


class Embedder(Protocol):
    """Turns texts into vectors of one length. Raises EmbeddingFailed."""

    @property
    def name(self) -> str:
        """The model's name: vectors of another name are made anew."""
        ...

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each question."""
        ...

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text that can be found."""
        ...


_installed: list[Embedder] = []


def install_embedder(embedder: Embedder | None) -> None:
    """Use a model from now on in this process, or none."""
    _installed[:] = [embedder] if embedder else []


def embedder() -> Embedder | None:
    """Return the model that is used, or None: the usual case."""
    return _installed[0] if _installed else None


def as_unit_rows(vectors: Sequence[Sequence[float]]) -> np.ndarray[Any, Any]:
    """Return vectors as rows of length 1 in half precision. Raises EmbeddingFailed for ragged ones or none at all."""
    try:
        table = np.array(vectors, dtype=np.float32)
    except ValueError as error:
        raise EmbeddingFailed("vectors of different lengths") from error
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise EmbeddingFailed("not a list of vectors")
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    unit: np.ndarray[Any, Any] = (table / np.maximum(lengths, 1e-9)).astype(TYPE)
    return unit
