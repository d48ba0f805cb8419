"""The verbs of cases."""

from kakehashi.cases.services.batches import Assigned, assign_cases, export_cases, undo_assignment
from kakehashi.cases.services.cases import (
    assign_case,
    build_case,
    close_case,
    move_case,
    open_case,
    reopen_case,
    transfer_case,
)
from kakehashi.cases.services.following import follow_case, unfollow_case
from kakehashi.cases.services.handing_over import hand_over_cases
from kakehashi.cases.services.inquiries import answer_inquiry, ask_section, remind_sections, withdraw_inquiry
from kakehashi.cases.services.labels import add_label, drop_label, retire_label, set_labels, write_label
from kakehashi.cases.services.messages import post_message
from kakehashi.cases.services.numbers import number_cases
from kakehashi.cases.services.pins import pin_message, unpin_message
from kakehashi.cases.services.purge import purge_case
from kakehashi.cases.services.running import (
    PIECE_SECONDS,
    plan_batch,
    resume_batches,
    run_piece,
    start_batch,
    undo_batch,
)
from kakehashi.cases.services.saved_filters import forget_filter, save_filter
from kakehashi.cases.services.templates import retire_template, text_for, write_template

__all__ = [
    "PIECE_SECONDS",
    "Assigned",
    "add_label",
    "answer_inquiry",
    "ask_section",
    "assign_case",
    "assign_cases",
    "build_case",
    "close_case",
    "drop_label",
    "export_cases",
    "follow_case",
    "forget_filter",
    "hand_over_cases",
    "move_case",
    "number_cases",
    "open_case",
    "pin_message",
    "plan_batch",
    "post_message",
    "purge_case",
    "remind_sections",
    "reopen_case",
    "resume_batches",
    "retire_label",
    "retire_template",
    "run_piece",
    "save_filter",
    "set_labels",
    "start_batch",
    "text_for",
    "transfer_case",
    "undo_assignment",
    "undo_batch",
    "unfollow_case",
    "unpin_message",
    "withdraw_inquiry",
    "write_label",
    "write_template",
]
