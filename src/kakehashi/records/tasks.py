"""Background work of records."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.queue import task
from kakehashi.records.services.words import read_words


@task(name="records.read_words")
def read_words_of(government_id: UUID, document_id: str) -> None:
    """Read the words inside a document's files into the index."""
    read_words(document_id=UUID(document_id))
