"""Reads of cases."""

from kakehashi.cases.selectors.inbox import (
    TABS,
    InboxFilter,
    describe_cases,
    export_rows,
    inbox,
    inbox_page,
    possible_handlers,
    saved_filters,
)
from kakehashi.cases.selectors.timeline import Entry, timeline_of

__all__ = [
    "TABS",
    "Entry",
    "InboxFilter",
    "describe_cases",
    "export_rows",
    "inbox",
    "inbox_page",
    "possible_handlers",
    "saved_filters",
    "timeline_of",
]
