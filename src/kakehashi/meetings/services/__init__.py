"""Every write of the meetings room."""

from kakehashi.meetings.services.agenda import add_item, edit_item, remove_item
from kakehashi.meetings.services.bodies import edit_body, found_body
from kakehashi.meetings.services.meetings import (
    call_meeting,
    cancel_meeting,
    close_meeting,
    distribute_meeting,
    edit_meeting,
    open_meeting,
)

__all__ = [
    "add_item",
    "call_meeting",
    "cancel_meeting",
    "close_meeting",
    "distribute_meeting",
    "edit_body",
    "edit_item",
    "edit_meeting",
    "found_body",
    "open_meeting",
    "remove_item",
]
