"""Meetings one has a seat at, their agenda and their quorum."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.meetings.domain.quorum import Quorum, count_quorum
from kakehashi.meetings.domain.states import MeetingState
from kakehashi.meetings.models import AgendaItem, Attendance, Material, MaterialVersion, Meeting
from kakehashi.meetings.selectors.seats import Seat, seat_of, seen_by

_STILL_COMING = timedelta(hours=12)


def meetings_of(actor: Actor) -> QuerySet[Meeting]:
    """Every meeting somebody has a seat at."""
    return Meeting.objects.filter(id__in=Meeting.objects.filter(seen_by(actor)).values("id")).select_related("body")


def coming_meetings(actor: Actor) -> QuerySet[Meeting]:
    """What is still to be held or sits now, the next one first."""
    before = (MeetingState.PREPARING, MeetingState.DISTRIBUTED)
    soon = Q(state__in=before, starts_at__gte=clock.now() - _STILL_COMING) | Q(state=MeetingState.OPEN)
    return meetings_of(actor).filter(soon).order_by("starts_at", "id")


def past_meetings(actor: Actor) -> QuerySet[Meeting]:
    """What was held, cancelled or never opened, the newest first."""
    before = (MeetingState.PREPARING, MeetingState.DISTRIBUTED)
    soon = Q(state__in=before, starts_at__gte=clock.now() - _STILL_COMING) | Q(state=MeetingState.OPEN)
    return meetings_of(actor).exclude(soon).order_by("-starts_at", "-id")


def find_meeting(actor: Actor, meeting_id: UUID) -> tuple[Meeting, Seat]:
    """A meeting and the actor's seat at it. Raises NotFound for everybody without one."""
    rows = Meeting.objects.select_related("body", "body__secretariat", "body__chair_post", "clerk")
    meeting = rows.filter(id=meeting_id).first()
    if meeting is None:
        raise NotFound
    seat = seat_of(actor, meeting)
    if not seat.is_here:
        raise NotFound
    return meeting, seat


def find_item(actor: Actor, item_id: UUID) -> tuple[AgendaItem, Meeting, Seat]:
    """An agenda item with its meeting and the actor's seat. Raises NotFound for whoever may not read it."""
    item = AgendaItem.objects.select_related("presenter").filter(id=item_id).first()
    if item is None:
        raise NotFound
    meeting, seat = find_meeting(actor, item.meeting_id)
    if not seat.sees(item):
        raise NotFound
    return item, meeting, seat


def items_of(meeting: Meeting, seat: Seat) -> list[AgendaItem]:
    """The items somebody sees, in order, with materials (`shown_materials`, each with all its versions), decisions and links."""
    versions = Prefetch("versions", MaterialVersion.objects.order_by("number"))
    materials = Prefetch("materials", Material.objects.order_by("number", "id").prefetch_related(versions))
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("presenter")
    return [
        item
        for item in rows.prefetch_related(materials, "decisions", "links").order_by("number", "id")
        if seat.sees(item)
    ]


def quorum_of(meeting: Meeting) -> Quorum:
    """The count of a meeting as it stands."""
    presences = Attendance.objects.filter(meeting=meeting).values_list("presence", flat=True)
    return count_quorum(meeting.body.rule, presences)
