"""Background work of search."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.queue import sweep
from kakehashi.search.services import index_pending


@sweep(name="search.index_pending", seconds=2)
def index_waiting_texts(government_id: UUID) -> None:
    """Index what one government has waiting, at most 500 texts at a time."""
    index_pending()
