"""Every write of records."""

from kakehashi.records.services.documents import FiledContent, complete_document, file_document, number_document
from kakehashi.records.services.papers import designate_original, let_paper_go, register_paper
from kakehashi.records.services.receiving import (
    LATER,
    RECEIPT,
    Letter,
    Placing,
    complete_receipt,
    distribute_receipt,
    file_receipt,
    link_receipt,
    receive_document,
)
from kakehashi.records.services.retention import (
    extend_file,
    hold_file,
    leave_continuous_use,
    reassign_file,
    record_event_date,
    release_hold,
)
from kakehashi.records.services.schedule import install_schedule, take_back_schedule

__all__ = [
    "LATER",
    "RECEIPT",
    "FiledContent",
    "Letter",
    "Placing",
    "complete_document",
    "complete_receipt",
    "designate_original",
    "distribute_receipt",
    "extend_file",
    "file_document",
    "file_receipt",
    "hold_file",
    "install_schedule",
    "leave_continuous_use",
    "let_paper_go",
    "link_receipt",
    "number_document",
    "reassign_file",
    "receive_document",
    "record_event_date",
    "register_paper",
    "release_hold",
    "take_back_schedule",
]
