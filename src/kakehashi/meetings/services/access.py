"""What every verb asks first: the permission, the seat, and the state of the meeting under lock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.permissions import require
from kakehashi.meetings.domain.states import STATE_WORDS, MeetingState, may_become
from kakehashi.meetings.models import AgendaItem, Meeting
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.seats import Seat, seat_of


def locked(meeting: Meeting) -> Meeting:
    """The meeting's row, held until the act ends: what two people do at once happens one after the other."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("body").get(id=meeting.id)


def as_secretary(actor: Actor, meeting: Meeting) -> Seat:
    """The seat of a secretary. Raises PermissionRefused for anybody else."""
    require(actor, MeetingsPermission.RUN)
    seat = seat_of(actor, meeting)
    if not seat.is_secretary:
        raise PermissionRefused(MeetingsPermission.RUN)
    return seat


def as_preparer(actor: Actor, item: AgendaItem, meeting: Meeting) -> Seat:
    """The seat of the secretariat or of the item's presenter. Raises PermissionRefused for anybody else."""
    require(actor, MeetingsPermission.READ)
    seat = seat_of(actor, meeting)
    if not seat.prepares(item):
        raise PermissionRefused(MeetingsPermission.RUN)
    return seat


def as_leader(actor: Actor, meeting: Meeting) -> Seat:
    """The seat of the chair or of a secretary. Raises PermissionRefused for anybody else."""
    require(actor, MeetingsPermission.READ)
    seat = seat_of(actor, meeting)
    if not seat.leads:
        raise PermissionRefused(MeetingsPermission.RUN)
    return seat


def move(meeting: Meeting, then: MeetingState, **changes: Any) -> Meeting:
    """Bring a locked meeting to another state. Raises Stale when it cannot go there from where it is."""
    if not may_become(meeting.state, then):
        message = f"この会議は「{STATE_WORDS[meeting.state]}」のため、「{STATE_WORDS[then]}」にできません。"
        raise Stale(message)
    meeting.state = then.value
    for name, value in changes.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=["state", *changes])
    return meeting


def asks(condition: bool, message: str, field: str | None = None) -> None:
    """Raise DomainError with a sentence unless the condition holds."""
    if not condition:
        raise DomainError(message, field=field)


def record(actor: Actor, code: str, meeting: Meeting, payload: dict[str, Any], act_id: UUID | None = None) -> None:
    """Write one event about a meeting."""
    record_event(
        actor=actor,
        code=code,
        subject_kind="meetings.meeting",
        subject_id=meeting.id,
        payload=payload,
        act_id=act_id,
    )
