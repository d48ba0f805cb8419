"""Reads of records."""

from kakehashi.records.selectors.access import may_read, may_read_document, readable, sees_all
from kakehashi.records.selectors.evidence import dossier_part
from kakehashi.records.selectors.papers import paper_of, papers, why_paper
from kakehashi.records.selectors.receipts import (
    ReceiptFilter,
    case_of,
    describe_mails,
    describe_receipts,
    may_read_receipt,
    may_read_receipt_file,
    parts_of,
    receipts,
    waiting_mails,
)
from kakehashi.records.selectors.registry import (
    disposable_files,
    document_for,
    documents_in,
    files_expiring_in,
    holds_on,
    kept_sources,
    registry_files,
    retention_facts,
    retention_rule,
    standard_file_for,
    why_this_date,
)

__all__ = [
    "ReceiptFilter",
    "case_of",
    "describe_mails",
    "describe_receipts",
    "disposable_files",
    "document_for",
    "documents_in",
    "dossier_part",
    "files_expiring_in",
    "holds_on",
    "kept_sources",
    "may_read",
    "may_read_document",
    "may_read_receipt",
    "may_read_receipt_file",
    "paper_of",
    "papers",
    "parts_of",
    "readable",
    "receipts",
    "registry_files",
    "retention_facts",
    "retention_rule",
    "sees_all",
    "standard_file_for",
    "waiting_mails",
    "why_paper",
    "why_this_date",
]
