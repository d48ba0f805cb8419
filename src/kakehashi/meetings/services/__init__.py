"""Every write of the meetings room."""

from kakehashi.meetings.services.actions import assign_action, finish_action, hand_over_action
from kakehashi.meetings.services.agenda import add_item, edit_item, remove_item
from kakehashi.meetings.services.attendance import Mark, answer_attendance, record_attendance
from kakehashi.meetings.services.bodies import edit_body, found_body
from kakehashi.meetings.services.decisions import (
    link_item,
    propose_action,
    propose_decision,
    record_decision,
    unlink_item,
)
from kakehashi.meetings.services.materials import attach_material, remove_material, replace_material
from kakehashi.meetings.services.meetings import (
    call_meeting,
    cancel_meeting,
    close_meeting,
    distribute_meeting,
    edit_meeting,
    open_meeting,
)
from kakehashi.meetings.services.minutes import approve_minutes, draft_minutes, write_minutes
from kakehashi.meetings.services.minutes_proposals import propose_minutes
from kakehashi.meetings.services.notes import remove_note, write_note
from kakehashi.meetings.services.stage import leave_stage, take_stage, turn_page

__all__ = [
    "Mark",
    "add_item",
    "answer_attendance",
    "approve_minutes",
    "assign_action",
    "attach_material",
    "call_meeting",
    "cancel_meeting",
    "close_meeting",
    "distribute_meeting",
    "draft_minutes",
    "edit_body",
    "edit_item",
    "edit_meeting",
    "finish_action",
    "found_body",
    "hand_over_action",
    "leave_stage",
    "link_item",
    "open_meeting",
    "propose_action",
    "propose_decision",
    "propose_minutes",
    "record_attendance",
    "record_decision",
    "remove_item",
    "remove_material",
    "remove_note",
    "replace_material",
    "take_stage",
    "turn_page",
    "unlink_item",
    "write_minutes",
    "write_note",
]
