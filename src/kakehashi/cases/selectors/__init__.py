"""Reads of cases."""

from kakehashi.cases.selectors.desk import (
    Load,
    follows,
    is_offered,
    labels_of,
    labels_on_offer,
    loads,
    own_desk,
    pinned_notes,
    templates_on_offer,
)
from kakehashi.cases.selectors.inbox import (
    TABS,
    InboxFilter,
    describe_cases,
    export_rows,
    first_ids,
    inbox,
    inbox_page,
    possible_handlers,
    saved_filters,
)
from kakehashi.cases.selectors.inquiries import get_inquiry, inquiries_of, may_answer, may_read_inquiry_file, may_see
from kakehashi.cases.selectors.timeline import Entry, Joined, timeline_of

__all__ = [
    "TABS",
    "Entry",
    "InboxFilter",
    "Joined",
    "Load",
    "describe_cases",
    "export_rows",
    "first_ids",
    "follows",
    "get_inquiry",
    "inbox",
    "inbox_page",
    "inquiries_of",
    "is_offered",
    "labels_of",
    "labels_on_offer",
    "loads",
    "may_answer",
    "may_read_inquiry_file",
    "may_see",
    "own_desk",
    "pinned_notes",
    "possible_handlers",
    "saved_filters",
    "templates_on_offer",
    "timeline_of",
]
