"""Attendance: said by each member beforehand, taken down by who runs the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.meetings.domain.quorum import Quorum
from kakehashi.meetings.domain.states import Presence
from kakehashi.meetings.models import Attendance, Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.meetings import quorum_of
from kakehashi.meetings.selectors.seats import own_id, places_of
from kakehashi.meetings.services.access import as_leader, asks, locked, record
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor


@dataclass(frozen=True)
class Mark:
    """How one seat is taken; 代理出席 names the person who sits in it."""

    presence: Presence
    proxy: Person | None = None
    note: str = ""


@service
def record_attendance(*, actor: Actor, meeting: Meeting, marks: Mapping[UUID, Mark]) -> Quorum:
    """Take down how seats are taken (by id of the attendance) and give the count. Only what changed is written.

    Writes `meetings.attendance.recorded` with the changes and the count. Raises PermissionRefused for anybody but chair and
    secretariat, DomainError for a proxy without a name (field: the attendance's id) or before distribution and after the minutes.
    """
    as_leader(actor, meeting)
    meeting = locked(meeting)
    rows = Attendance.objects.filter(meeting=meeting, id__in=list(marks))
    return _mark(actor, meeting, [(row, marks[row.id]) for row in rows])


@service
def answer_attendance(*, actor: Actor, meeting: Meeting, mark: Mark) -> Quorum:
    """A member says for their own seat how they will take part. Raises NotFound without a seat, DomainError as above."""
    require(actor, MeetingsPermission.READ)
    meeting = locked(meeting)
    asks(not meeting.is_over, "終わった会議の出欠は、事務局が直します。")
    seats = Attendance.objects.filter(meeting=meeting)
    row = seats.filter(person_id=own_id(actor)).first() or seats.filter(post_id__in=places_of(actor).posts).first()
    if row is None:
        raise NotFound
    return _mark(actor, meeting, [(row, mark)])


def _mark(actor: Actor, meeting: Meeting, marks: list[tuple[Attendance, Mark]]) -> Quorum:
    asks(meeting.is_given_out, "出席は、資料を配布してから記録します。")
    asks(meeting.state != "minuted", "会議録を承認したあとの出席は変えられません。")
    changes = []
    for row, mark in marks:
        if mark.presence is Presence.PROXY and mark.proxy is None:
            raise DomainError(f"{row.post_name}の代理の人を選んでください。", field="proxy")
        proxy = mark.proxy if mark.presence is Presence.PROXY else None
        if proxy is not None and proxy.id == row.person_id:
            raise DomainError(f"{row.post_name}の代理に、本人は選べません。", field="proxy")
        if (row.presence, row.proxy_id, row.note) == (mark.presence, proxy and proxy.id, mark.note.strip()):
            continue
        row.presence, row.proxy, row.note = mark.presence.value, proxy, mark.note.strip()[:100]
        row.proxy_label = staff_actor(proxy).label if proxy is not None else ""
        row.save(update_fields=["presence", "proxy", "proxy_label", "note"])
        changes.append({"post": row.post_name, "presence": row.presence, "proxy": row.proxy_label})
    quorum = quorum_of(meeting)
    if changes:
        payload = {"changes": changes, "quorum": quorum.sentence, "is_met": quorum.is_met}
        record(actor, "meetings.attendance.recorded", meeting, payload)
    return quorum
