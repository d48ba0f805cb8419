"""How close texts are to a question in meaning, where the operator has connected a model."""

from __future__ import annotations

import logging
from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np

from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.domain.embedding import TYPE, Embedder, EmbeddingFailed, as_unit_rows, embedder
from kakehashi.search.models import VectorBlock
from kakehashi.search.selectors.index import OpenIndex

Array = np.ndarray[Any, Any]
_log = logging.getLogger("kakehashi.search")
_lock = Lock()
# A block of 8,192 vectors of 768 numbers takes 12 MB; a process keeps what 65,000 texts need.
_BLOCKS = 8
_blocks: OrderedDict[tuple[UUID, UUID], Array] = OrderedDict()
_QUESTIONS = 256
_questions: OrderedDict[tuple[str, str], Array] = OrderedDict()


def own_similarities(index: OpenIndex, text: str) -> Array | None:
    """Return the cosine of every position of an index with a question, NaN where there is no vector.

    None without a model, without vectors, or when the model does not answer: then words alone decide.
    """
    model = embedder()
    if model is None:
        return None
    heads = list(VectorBlock.objects.filter(model=model.name).values_list("id", "version", "segment", "size"))
    question = _question(model, text) if heads else None
    if question is None:
        return None
    found = np.full(len(index.collection.visible), np.nan, dtype=np.float32)
    mine = current_government_id()
    for block_id, version, segment, size in heads:
        base = index.bases.get((mine, segment))
        if base is None or size != len(question):
            continue
        table = _block(block_id, version, size)
        found[base : base + len(table)] = table.astype(np.float32) @ question
    return found


def _question(model: Embedder, text: str) -> Array | None:
    key = (model.name, text)
    with _lock:
        if key in _questions:
            return _questions[key]
    try:
        vector = as_unit_rows(model.questions([text]))[0].astype(np.float32)
    except EmbeddingFailed as error:
        _log.warning("the model for the search did not answer: %s", error)
        return None
    with _lock:
        _questions[key] = vector
        while len(_questions) > _QUESTIONS:
            _questions.popitem(last=False)
    return np.asarray(vector)


def _block(block_id: UUID, version: UUID, size: int) -> Array:
    with _lock:
        known = _blocks.get((block_id, version))
        if known is not None:
            _blocks.move_to_end((block_id, version))
            return known
    data = VectorBlock.objects.values_list("data", flat=True).get(id=block_id)
    table = np.frombuffer(bytes(data), dtype=TYPE).reshape(-1, size)
    with _lock:
        _blocks[block_id, version] = table
        while len(_blocks) > _BLOCKS:
            _blocks.popitem(last=False)
    return table
