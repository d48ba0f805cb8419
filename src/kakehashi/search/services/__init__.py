"""The verbs of search: say what can be found, keep the index, and edit the synonyms."""

from kakehashi.search.services.index import compact_index, index_pending
from kakehashi.search.services.texts import index_text, index_texts, remove_text, share_text, unshare_text

__all__ = [
    "compact_index",
    "index_pending",
    "index_text",
    "index_texts",
    "remove_text",
    "share_text",
    "unshare_text",
]
