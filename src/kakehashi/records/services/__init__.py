"""Every write of records."""

from kakehashi.records.services.copies import office_reading_copy
from kakehashi.records.services.correcting import FIELD_WORDS, correct_receipt, void_receipt
from kakehashi.records.services.disclosing import (
    Spot,
    Why,
    decide_request,
    drop_document,
    judge_document,
    mark_part,
    mark_words,
    receive_request,
    take_documents,
    unmark_part,
)
from kakehashi.records.services.disposal_lists import gather_piece, make_disposal_list
from kakehashi.records.services.disposing import Proposed, Roads, confirm_items, propose_items, send_items_back
from kakehashi.records.services.documents import (
    FiledContent,
    complete_document,
    file_document,
    move_document,
    number_document,
)
from kakehashi.records.services.executing import execute_list, execute_piece
from kakehashi.records.services.handing_out import export_request
from kakehashi.records.services.mails import (
    connect_mailbox,
    import_mails,
    letter_of_mail,
    look_into,
    receive_mail,
    set_mail_aside,
    switch_mailbox,
    take_mail,
)
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
from kakehashi.records.services.reorganising import carry_files, carry_receipts
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
    "FIELD_WORDS",
    "LATER",
    "RECEIPT",
    "Description",
    "FiledContent",
    "Letter",
    "Placing",
    "Proposed",
    "Roads",
    "Spot",
    "Why",
    "accept_package",
    "add_document",
    "carry_files",
    "carry_receipts",
    "choose_start",
    "complete_document",
    "complete_receipt",
    "confirm_items",
    "connect_mailbox",
    "correct_receipt",
    "create_record_file",
    "decide_request",
    "describe_file",
    "designate_original",
    "distribute_receipt",
    "drop_document",
    "execute_list",
    "execute_piece",
    "export_request",
    "extend_file",
    "file_document",
    "file_receipt",
    "gather_piece",
    "hold_file",
    "import_mails",
    "install_schedule",
    "judge_document",
    "leave_continuous_use",
    "let_paper_go",
    "letter_of_mail",
    "link_receipt",
    "look_into",
    "make_disposal_list",
    "mark_part",
    "mark_words",
    "move_document",
    "number_document",
    "office_reading_copy",
    "propose_items",
    "reassign_file",
    "receive_document",
    "receive_mail",
    "receive_request",
    "record_event_date",
    "register_paper",
    "release_hold",
    "send_items_back",
    "set_mail_aside",
    "switch_mailbox",
    "take_back_schedule",
    "take_documents",
    "take_mail",
    "unmark_part",
    "void_receipt",
]
