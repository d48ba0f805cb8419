"""Tables of the meetings room."""

from kakehashi.meetings.models.bodies import BodyMember, MeetingBody
from kakehashi.meetings.models.materials import Material, MaterialVersion, Note, PageText, Stage
from kakehashi.meetings.models.meetings import AgendaItem, AgendaLink, Attendance, Meeting
from kakehashi.meetings.models.outcomes import Action, Decision, Minutes

__all__ = [
    "Action",
    "AgendaItem",
    "AgendaLink",
    "Attendance",
    "BodyMember",
    "Decision",
    "Material",
    "MaterialVersion",
    "Meeting",
    "MeetingBody",
    "Minutes",
    "Note",
    "PageText",
    "Stage",
]
