"""The verbs of search: say what can be found, keep the index, and edit the synonyms."""

from kakehashi.search.services.index import compact_index, index_pending
from kakehashi.search.services.synonyms import MAX_BYTES, import_synonyms, remove_synonyms, save_synonyms
from kakehashi.search.services.texts import (
    index_text,
    index_texts,
    regroup_texts,
    remove_text,
    remove_texts,
    share_text,
    unshare_text,
)
from kakehashi.search.services.vectors import embed_pending

__all__ = [
    "MAX_BYTES",
    "compact_index",
    "embed_pending",
    "import_synonyms",
    "index_pending",
    "index_text",
    "index_texts",
    "regroup_texts",
    "remove_synonyms",
    "remove_text",
    "remove_texts",
    "save_synonyms",
    "share_text",
    "unshare_text",
]
