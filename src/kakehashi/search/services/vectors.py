"""Making vectors of what can be found, where the operator has connected a model."""

from __future__ import annotations

import logging
from uuid import UUID

import numpy as np

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.search.domain.embedding import TYPE, Embedder, EmbeddingFailed, as_unit_rows, embedder
from kakehashi.search.domain.postings import PLACE, SEGMENT
from kakehashi.search.models import Entry, Segment, VectorBlock
from kakehashi.search.services.index import lock_own_index

_log = logging.getLogger("kakehashi.search")


@service
def embed_pending(*, limit: int = 256) -> int:
    """Make vectors for indexed entries of the open scope that have none; return how many places were filled.

    Without a model nothing happens. A model that does not answer is logged; the next sweep asks it again.
    """
    model = embedder()
    if model is None:
        return 0
    lock_own_index()
    blocks = {block.segment: block for block in VectorBlock.objects.defer("data")}
    for segment in Segment.objects.order_by("segment"):
        count = len(segment.data) // PLACE.itemsize
        known = blocks.get(segment.segment)
        if known is None or known.model != model.name or known.count < count:
            return _fill(model, segment.segment, count, known.id if known else None, limit)
    return 0


def _fill(model: Embedder, segment: int, count: int, block_id: UUID | None, limit: int) -> int:
    known = VectorBlock.objects.filter(id=block_id).first() if block_id else None
    block = known or VectorBlock(segment=segment, data=b"")
    if block.model != model.name:
        block.model, block.size, block.count, block.data = model.name, 0, 0, b""
    first, last = block.count, min(count, block.count + limit)
    base = segment * SEGMENT
    rows = list(Entry.objects.filter(number__gte=base + first, number__lt=base + last))
    try:
        vectors = as_unit_rows(model.passages([f"{row.title}\n{row.text}" for row in rows])) if rows else None
    except EmbeddingFailed as error:
        _log.warning("the model for the search did not answer: %s", error)
        return 0
    if vectors is not None and block.size not in {0, vectors.shape[1]}:
        _log.warning("the model %s changed the length of its vectors", model.name)
        block.delete()
        return 0
    block.size = block.size or (int(vectors.shape[1]) if vectors is not None else 0)
    if not block.size:
        return 0
    # The place of an entry that was removed meanwhile has no vector.
    table = np.full((last - first, block.size), np.nan, dtype=TYPE)
    if vectors is not None:
        table[[(row.number or 0) - base - first for row in rows]] = vectors
    block.data = bytes(block.data) + table.tobytes()
    block.count, block.version = last, uuid7()
    block.save()
    return last - first
