"""The verbs of cases."""

from kakehashi.cases.services.batches import Assigned, assign_cases, export_cases, undo_assignment
from kakehashi.cases.services.cases import assign_case, build_case, close_case, move_case, open_case, reopen_case
from kakehashi.cases.services.messages import post_message
from kakehashi.cases.services.numbers import number_cases
from kakehashi.cases.services.purge import purge_case
from kakehashi.cases.services.saved_filters import forget_filter, save_filter

__all__ = [
    "Assigned",
    "assign_case",
    "assign_cases",
    "build_case",
    "close_case",
    "export_cases",
    "forget_filter",
    "move_case",
    "number_cases",
    "open_case",
    "post_message",
    "purge_case",
    "reopen_case",
    "save_filter",
    "undo_assignment",
]
