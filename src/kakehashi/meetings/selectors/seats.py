"""Who sits at a meeting: the one place that says what somebody may see and do there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.meetings.domain.states import MeetingState
from kakehashi.meetings.models import AgendaItem, Attendance, BodyMember, Meeting, MeetingBody
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.people.models import PostHolding
from kakehashi.people.selectors import valid_on


@dataclass(frozen=True)
class Places:
    """The posts somebody holds today and the sections they lie in."""

    posts: frozenset[UUID]
    departments: frozenset[UUID]


@dataclass(frozen=True)
class Seat:
    """What somebody is at one meeting. Nobody without a seat sees it (`is_here`)."""

    person_id: UUID | None
    is_member: bool = False
    is_chair: bool = False
    is_secretary: bool = False
    is_clerk: bool = False
    presents: frozenset[UUID] = frozenset()

    @property
    def is_here(self) -> bool:
        """Whether they see the meeting at all."""
        return self.is_member or self.is_chair or self.is_secretary or bool(self.presents)

    @property
    def leads(self) -> bool:
        """Whether they run the room: the chair and the secretariat."""
        return self.is_chair or self.is_secretary

    def sees(self, item: AgendaItem) -> bool:
        """Whether they may read an item. A confidential one is for members, its own presenter and the clerk."""
        if not self.is_here:
            return False
        return not item.is_confidential or self.is_member or self.is_chair or self.is_clerk or item.id in self.presents

    def prepares(self, item: AgendaItem) -> bool:
        """Whether they may bring materials to an item: the secretariat, and who presents it."""
        return (self.is_secretary and self.sees(item)) or item.id in self.presents

    def reads(self, item: AgendaItem, meeting: Meeting) -> bool:
        """Whether they may read the item's materials: everybody who sees it once they are given out, who prepares it before."""
        return self.prepares(item) or (self.sees(item) and meeting.is_given_out)

    def turns(self, item: AgendaItem) -> bool:
        """Whether they may turn everybody's pages of an item's material."""
        return self.sees(item) and (self.leads or item.id in self.presents)


_NOBODY = UUID(int=0)


def own_id(actor: Actor) -> UUID:
    """The id of the person who acts; for a program an id that nobody has."""
    return actor.id or _NOBODY


def places_of(actor: Actor) -> Places:
    """The posts and sections of somebody today, in one query. Nobody but staff has any."""
    if actor.id is None:
        return Places(frozenset(), frozenset())
    rows = list(
        PostHolding.objects.filter(valid_on(clock.today()), person_id=actor.id).values_list(
            "post_id", "post__department_id"
        )
    )
    return Places(frozenset(post for post, _ in rows), frozenset(one for _, one in rows if one is not None))


def serves(actor: Actor, body: MeetingBody, places: Places | None = None) -> bool:
    """Whether somebody belongs to a body's secretariat: works in its section and may run meetings."""
    if not actor.can(MeetingsPermission.RUN, current_government_id()):
        return False
    return body.secretariat_id in (places or places_of(actor)).departments


def seat_of(actor: Actor, meeting: Meeting) -> Seat:
    """The seat of somebody at a meeting.

    A member is who holds a member's post today, who sat there when the materials went out, and who stands in for one. Costs four
    queries: posts, members, seats taken, items presented.
    """
    places, body = places_of(actor), meeting.body
    seats = Attendance.objects.filter(meeting=meeting).filter(Q(person_id=actor.id) | Q(proxy_id=actor.id))
    taken = list(seats.values_list("is_chair", "person_id")) if actor.id else []
    presents = frozenset(
        AgendaItem.objects.filter(meeting=meeting, presenter_id=actor.id).values_list("id", flat=True)
        if actor.id
        else ()
    )
    chairs = body.chair_post_id in places.posts or any(chair for chair, _ in taken)
    sits = BodyMember.objects.filter(body=body, post_id__in=places.posts).exists() if places.posts else False
    secretary = serves(actor, body, places)
    return Seat(
        person_id=actor.id,
        is_member=sits or bool(taken) or chairs,
        is_chair=chairs,
        is_secretary=secretary,
        is_clerk=secretary and meeting.clerk_id == actor.id,
        presents=presents,
    )


def seen_by(actor: Actor) -> Q:
    """The condition on meetings that somebody has a seat at; combine with `distinct()`."""
    places = places_of(actor)
    seats = (
        Q(body__chair_post_id__in=places.posts)
        | Q(body__members__post_id__in=places.posts)
        | Q(items__presenter_id=actor.id)
        | Q(attendances__person_id=actor.id)
        | Q(attendances__proxy_id=actor.id)
    )
    if actor.can(MeetingsPermission.RUN, current_government_id()):
        seats |= Q(body__secretariat_id__in=places.departments)
    return seats


def items_seen_by(actor: Actor) -> Q:
    """The condition on agenda items that somebody may read, as `Seat.sees`; combine with `distinct()`."""
    places = places_of(actor)
    inner = (
        Q(meeting__body__chair_post_id__in=places.posts)
        | Q(meeting__body__members__post_id__in=places.posts)
        | Q(meeting__attendances__person_id=actor.id)
        | Q(meeting__attendances__proxy_id=actor.id)
        | Q(presenter_id=actor.id)
    )
    outer = Q(meeting__items__presenter_id=actor.id)
    if actor.can(MeetingsPermission.RUN, current_government_id()):
        mine = Q(meeting__body__secretariat_id__in=places.departments)
        outer |= mine
        inner |= mine & Q(meeting__clerk_id=actor.id)
    return inner | (outer & Q(is_confidential=False))


HELD: Collection[str] = (MeetingState.OPEN, MeetingState.CLOSED, MeetingState.MINUTED)
