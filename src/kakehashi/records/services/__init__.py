"""Every write of records."""

from kakehashi.records.services.documents import FiledContent, complete_document, file_document, number_document
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
    "FiledContent",
    "complete_document",
    "extend_file",
    "file_document",
    "hold_file",
    "install_schedule",
    "leave_continuous_use",
    "number_document",
    "reassign_file",
    "record_event_date",
    "release_hold",
    "take_back_schedule",
]
