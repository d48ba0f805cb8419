"""Tables of records."""

from kakehashi.records.models.papers import Original, PaperItem
from kakehashi.records.models.receipts import IncomingMail, Mailbox, MailPart, MailState, Receipt, ReceiptFile, Way
from kakehashi.records.models.registry import (
    Confidentiality,
    Disposition,
    Document,
    DocumentFile,
    Extension,
    FileState,
    Hold,
    Medium,
    RecordClass,
    RecordFile,
    RetentionTerms,
    StandardFile,
)

__all__ = [
    "Confidentiality",
    "Disposition",
    "Document",
    "DocumentFile",
    "Extension",
    "FileState",
    "Hold",
    "IncomingMail",
    "MailPart",
    "MailState",
    "Mailbox",
    "Medium",
    "Original",
    "PaperItem",
    "Receipt",
    "ReceiptFile",
    "RecordClass",
    "RecordFile",
    "RetentionTerms",
    "StandardFile",
    "Way",
]
