"""The worker's part of full-text search: the words inside the files of a document."""

from __future__ import annotations

from uuid import UUID

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.kernel.services import service
from kakehashi.records.adapters.file_words import MOST_WORDS, words_in
from kakehashi.records.models import Document, DocumentFile, FileState
from kakehashi.records.services.texts import index_document

_LARGEST = 60_000_000


@service
def read_words(*, document_id: UUID) -> int:
    """Index a document with the words inside its files; returns how many characters were read. What was disposed of has none."""
    document = Document.objects.select_related("record_file").filter(id=document_id).first()
    if document is None or document.record_file.state != FileState.KEPT:
        return 0
    ids = list(DocumentFile.objects.filter(document=document).values_list("file_id", flat=True))
    texts = [_words_of(stored) for stored in StoredFile.objects.filter(id__in=ids, size__lte=_LARGEST)]
    words = "\n".join(text for text in texts if text)[:MOST_WORDS]
    index_document(document, words)
    return len(words)


def _words_of(stored: StoredFile) -> str:
    try:
        return words_in(read_file(stored), stored.media_type)
    except (FileNotFoundError, LookupError):
        return ""
