"""Reads of the meetings room; every one takes the actor and gives only what their seat lets them see."""

from kakehashi.meetings.selectors.bodies import active_bodies, all_bodies, find_body, members_of, record_classes
from kakehashi.meetings.selectors.materials import (
    NotesOf,
    Opened,
    Shown,
    notes_on,
    open_material,
    open_version,
    own_notes,
    page_text,
    stage_of,
    stage_revision,
)
from kakehashi.meetings.selectors.meetings import (
    coming_meetings,
    find_item,
    find_meeting,
    items_of,
    meetings_of,
    past_meetings,
    quorum_of,
)
from kakehashi.meetings.selectors.seats import Seat, seat_of, serves

__all__ = [
    "NotesOf",
    "Opened",
    "Seat",
    "Shown",
    "active_bodies",
    "all_bodies",
    "coming_meetings",
    "find_body",
    "find_item",
    "find_meeting",
    "items_of",
    "meetings_of",
    "members_of",
    "notes_on",
    "open_material",
    "open_version",
    "own_notes",
    "page_text",
    "past_meetings",
    "quorum_of",
    "record_classes",
    "seat_of",
    "serves",
    "stage_of",
    "stage_revision",
]
