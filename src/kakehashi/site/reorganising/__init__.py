"""What a reorganisation moves or breaks in the rooms that the simulator does not know.

A test compares the kinds of all rooms with every column that names a department or a post: one that nobody looks at is an error.
"""

from __future__ import annotations

from kakehashi.people.hooks import register_affected, register_reorganisation_check
from kakehashi.site.reorganising import checks, of_desk, of_meetings, of_records, of_rooms


def register() -> None:
    """Tell the simulator what the rooms hold."""
    for kinds in (of_records.KINDS, of_desk.KINDS, of_meetings.KINDS, of_rooms.KINDS):
        for code, kind in kinds.items():
            register_affected(code, kind)
    register_reorganisation_check("procedures.contacts", checks.old_names_on_pages)
    register_reorganisation_check("procedures.windows", checks.open_windows)
    register_reorganisation_check("plans.reports", checks.reports_due)
