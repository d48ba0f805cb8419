"""What can be found of records by full text: title, number, sender and the words inside the files."""

from __future__ import annotations

from kakehashi.kernel.queue import enqueue
from kakehashi.records.models import Confidentiality, Document, Receipt
from kakehashi.search.services import index_text

DOCUMENT = "records.document"
RECEIPT = "records.receipt"
GONE = "（廃棄・移管済み）"
"""What stands where a title or a name stood."""


def index_document_soon(document: Document) -> None:
    """Let the worker make a document findable by its title, its number and the words inside its files."""
    enqueue("records.read_words", government_id=document.government_id, document_id=document.id)


def index_document(document: Document, words: str = "") -> None:
    """Make a document findable by its title, its number and `words` from its files. What is not 常時 is found by its own section only."""
    section = document.record_file.department_id
    is_open = document.confidentiality == Confidentiality.ORDINARY
    index_text(
        government_id=document.government_id,
        kind=DOCUMENT,
        object_id=document.id,
        title=document.title,
        fields={"number": document.document_number, "file": document.record_file.name, "words": words},
        audience="government" if is_open else "department",
        department_id=None if is_open else section,
    )


def index_receipt(receipt: Receipt) -> None:
    """Make a receipt findable by its title, numbers and sender; what is not 常時 by its own section only."""
    is_open = receipt.confidentiality == Confidentiality.ORDINARY
    index_text(
        government_id=receipt.government_id,
        kind=RECEIPT,
        object_id=receipt.id,
        title=receipt.title,
        fields={"number": receipt.number, "sender": receipt.sender, "their_number": receipt.sender_number},
        audience="government" if is_open else "department",
        department_id=None if is_open else receipt.department_id,
    )
