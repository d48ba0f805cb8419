"""Background work of search."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep
from kakehashi.search.domain.tokens import let_go_of_dictionary
from kakehashi.search.services import compact_index, embed_pending, index_pending


@sweep(
    name="search.index_pending",
    seconds=2,
    # Each run writes the places of every word anew that it meets.
    patience=30,
    waiting=" UNION ".join(
        (
            who_has("search_entry", "number IS NULL"),
            who_has("search_retirement", "true"),
            who_has("search_sharedentry", "number IS NULL", owner="origin_id"),
        )
    ),
)
def index_waiting_texts(government_id: UUID) -> None:
    """Index what one government has waiting, at most 4,000 texts at a time."""
    if index_pending():
        let_go_of_dictionary()


@sweep(name="search.compact_index", seconds=3600)
def drop_dead_places(government_id: UUID) -> None:
    """Free the places of texts that were removed or written anew, where they are many."""
    compact_index()


@sweep(name="search.embed_pending", seconds=5)
def make_waiting_vectors(government_id: UUID) -> None:
    """Ask the operator's model for vectors of what has none, 256 texts at a time. Without a model nothing happens."""
    embed_pending()
