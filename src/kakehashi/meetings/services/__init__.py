"""Every write of the meetings room."""

from kakehashi.meetings.services.agenda import add_item, edit_item, remove_item
from kakehashi.meetings.services.bodies import edit_body, found_body
from kakehashi.meetings.services.materials import attach_material, remove_material, replace_material
from kakehashi.meetings.services.meetings import (
    call_meeting,
    cancel_meeting,
    close_meeting,
    distribute_meeting,
    edit_meeting,
    open_meeting,
)
from kakehashi.meetings.services.notes import remove_note, write_note
from kakehashi.meetings.services.stage import leave_stage, take_stage, turn_page

__all__ = [
    "add_item",
    "attach_material",
    "call_meeting",
    "cancel_meeting",
    "close_meeting",
    "distribute_meeting",
    "edit_body",
    "edit_item",
    "edit_meeting",
    "found_body",
    "leave_stage",
    "open_meeting",
    "remove_item",
    "remove_material",
    "remove_note",
    "replace_material",
    "take_stage",
    "turn_page",
    "write_note",
]
