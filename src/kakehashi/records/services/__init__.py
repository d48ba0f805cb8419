"""Every write of records."""

from kakehashi.records.services.disposal_lists import gather_piece, make_disposal_list
from kakehashi.records.services.disposing import Proposed, Roads, confirm_items, propose_items, send_items_back
from kakehashi.records.services.documents import FiledContent, complete_document, file_document, number_document
from kakehashi.records.services.executing import execute_list, execute_piece
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
from kakehashi.records.services.record_files import (
    BY_HAND,
    Description,
    add_document,
    choose_start,
    create_record_file,
    describe_file,
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
from kakehashi.records.services.transferring import accept_package

__all__ = [
    "BY_HAND",
    "LATER",
    "RECEIPT",
    "Description",
    "FiledContent",
    "Letter",
    "Placing",
    "Proposed",
    "Roads",
    "accept_package",
    "add_document",
    "choose_start",
    "complete_document",
    "complete_receipt",
    "confirm_items",
    "create_record_file",
    "describe_file",
    "designate_original",
    "distribute_receipt",
    "execute_list",
    "execute_piece",
    "extend_file",
    "file_document",
    "file_receipt",
    "gather_piece",
    "hold_file",
    "install_schedule",
    "leave_continuous_use",
    "let_paper_go",
    "link_receipt",
    "make_disposal_list",
    "number_document",
    "propose_items",
    "reassign_file",
    "receive_document",
    "record_event_date",
    "register_paper",
    "release_hold",
    "send_items_back",
    "take_back_schedule",
]
