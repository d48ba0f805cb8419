"""The signed-in member of staff, and who holds which post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import (
    Absence,
    AdministratorSession,
    Department,
    Person,
    Post,
    PostHolding,
    Resident,
    RoleGrant,
)


@dataclass(frozen=True)
class ActingPost:
    """One of the posts that a person may act as today."""

    id: UUID
    name: str
    department_id: UUID | None
    department_name: str = ""
    is_primary: bool = True


@dataclass(frozen=True)
class StaffActor:
    """A signed-in member of staff, acting as one of their posts. See `kernel.actor.Actor`.

    `administrator_until` is the end of an open administrator session; then `kind` is ADMINISTRATOR.
    """

    id: UUID
    government_id: UUID
    name: str
    post_id: UUID | None
    post_name: str
    department_id: UUID | None
    permissions: frozenset[str] = field(default_factory=frozenset)
    kind: ActorKind = ActorKind.STAFF
    posts: tuple[ActingPost, ...] = ()
    administrator_until: datetime | None = None

    @property
    def label(self) -> str:
        """Post and name as they are at this moment, for the journal."""
        return f"{self.post_name} {self.name}".strip()

    def can(self, permission: str, government_id: UUID) -> bool:
        """Whether a role of this person carries the permission, in their own government only."""
        return government_id == self.government_id and permission in self.permissions


@dataclass(frozen=True)
class ResidentActor:
    """A resident who confirmed an address or came through an outside identity. Holds no permission."""

    id: UUID
    government_id: UUID
    name: str
    email: str
    kind: ActorKind = ActorKind.RESIDENT
    post_id: UUID | None = None

    @property
    def label(self) -> str:
        """How the journal names a resident: by name, never by address."""
        return self.name or "申請者"

    def can(self, permission: str, government_id: UUID) -> bool:
        """Residents act on what is theirs; no permission is ever theirs."""
        return False


def resident_actor(resident: Resident) -> ResidentActor:
    """The actor of a resident."""
    return ResidentActor(resident.id, resident.government_id, resident.name, resident.email)


def valid_on(on: date, prefix: str = "") -> Q:
    """The condition that a dated row (`valid_from`, `valid_to` inclusive) holds on a day."""
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & ends


@read_once
def holder_of(post: Post, on: date) -> Person | None:
    """Who holds the post on that day, or None when it is vacant.

    When two do, the primary holder comes first, then whoever was appointed last: the newcomer of 4/1 decides, not a predecessor
    whose end was forgotten. A post that was abolished is followed to its successor.
    """
    seen: set[UUID] = set()
    while post.valid_to is not None and post.valid_to < on and post.successor is not None and post.id not in seen:
        seen.add(post.id)
        post = post.successor
    holding = (
        PostHolding.objects.filter(valid_on(on), post=post)
        .select_related("person")
        .order_by("-is_primary", "-valid_from", "-id")
        .first()
    )
    return holding.person if holding else None


def holder_ids(post_ids: Iterable[UUID], on: date) -> dict[UUID, UUID]:
    """The holders of many posts on a day in one query, as `holder_of` would choose; vacant posts are left out."""
    rows = (
        PostHolding.objects.filter(valid_on(on), post_id__in=list(post_ids))
        .order_by("is_primary", "valid_from", "id")
        .values_list("post_id", "person_id")
    )
    return dict(rows)


def holds_post(person_id: UUID | None, post_id: UUID, on: date) -> bool:
    """Whether the person holds the post on that day."""
    return (
        person_id is not None
        and PostHolding.objects.filter(valid_on(on), person_id=person_id, post_id=post_id).exists()
    )


@read_once
def posts_of(person: Person, on: date) -> list[Post]:
    """The posts a person holds on that day, the primary one first."""
    return [holding.post for holding in _holdings(person, on)]


def _holdings(person: Person, on: date) -> list[PostHolding]:
    return list(
        PostHolding.objects.filter(valid_on(on), valid_on(on, "post__"), person=person)
        .select_related("post", "post__department")
        .order_by("-is_primary", "valid_from", "id")
    )


def is_absent(person: Person, at: datetime) -> bool:
    """Whether a recorded absence of the person covers that instant: the first counts, the last does not."""
    return Absence.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True).exists()


def absent_ids(person_ids: Iterable[UUID], at: datetime) -> set[UUID]:
    """Which of these people are away at that instant, in one query."""
    return set(
        Absence.objects.filter(
            person_id__in=list(person_ids), starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True
        ).values_list("person_id", flat=True)
    )


def department_ancestors(department: Department, on: date | None = None) -> list[Department]:
    """The departments above this one, nearest first; on a day, those that follow the ones abolished before it."""
    above, seen, current = [], {department.id}, _in_force(department.parent, on)
    while current is not None and current.id not in seen:
        above.append(current)
        seen.add(current.id)
        current = _in_force(current.parent, on)
    return above


def _in_force(department: Department | None, on: date | None) -> Department | None:
    """The department that stands for this one on a day: itself, or whoever followed it."""
    seen: set[UUID] = set()
    while (
        department is not None
        and on is not None
        and department.valid_to is not None
        and department.valid_to < on
        and department.successor is not None
        and department.id not in seen
    ):
        seen.add(department.id)
        department = department.successor
    return department


@read_once
def superiors_of(post: Post, on: date) -> list[Post]:
    """The posts above this one: higher ranks of its department, then of each department above, nearest first.

    Posts without a department (the head and the deputy head) stand above all.
    """
    line: list[Post] = []
    departments = [post.department, *department_ancestors(post.department, on)] if post.department else []
    for department in departments:
        line += Post.objects.filter(valid_on(on), department=department, rank__lt=post.rank).order_by("-rank")
    line += Post.objects.filter(valid_on(on), department__isnull=True, rank__lt=post.rank).order_by("-rank")
    best: list[Post] = []
    for candidate in line:
        if not best or candidate.rank < best[-1].rank:
            best.append(candidate)
    return best


def acting_person(user_id: UUID, on: date) -> Person | None:
    """The person of this government behind an account, unless they have left."""
    return (
        Person.objects.filter(user_id=user_id, is_active=True)
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        .first()
    )


@read_once
def acting_staff(actor: Actor) -> Person:
    """The row of the member of staff who acts. Raises NotFound for anybody else: a resident, a job of the worker."""
    person = Person.objects.filter(id=actor.id).first() if actor.id else None
    if person is None:
        raise NotFound
    return person


def open_administrator_until(person_id: UUID, session_id: str) -> datetime | None:
    """The end of the person's open administrator session with this id, or None when it is over or somebody else's."""
    try:
        wanted = UUID(session_id)
    except ValueError:
        return None
    return (
        AdministratorSession.objects.filter(
            id=wanted, person_id=person_id, closed_at__isnull=True, ends_at__gt=clock.now()
        )
        .values_list("ends_at", flat=True)
        .first()
    )


def staff_actor(
    person: Person,
    *,
    on: date | None = None,
    post_id: UUID | str | None = None,
    administrator_session: str | None = None,
) -> StaffActor:
    """The actor of a person today, acting as `post_id` if they hold it, else as their primary post.

    Costs two queries, and a third while an administrator session is said to be open.
    """
    day = on or clock.today()
    holdings = _holdings(person, day)
    posts = tuple(
        ActingPost(
            holding.post_id,
            holding.post.name,
            holding.post.department_id,
            holding.post.department.name if holding.post.department else "",
            holding.is_primary,
        )
        for holding in holdings
    )
    return acting_as(
        (person.id, person.government_id, person.name),
        posts,
        _grants(person, day),
        post_id=post_id,
        administrator_session=administrator_session,
    )


def acting_as(
    who: tuple[UUID, UUID, str],
    posts: tuple[ActingPost, ...],
    grants: Iterable[tuple[UUID | None, list[str]]],
    *,
    post_id: UUID | str | None,
    administrator_session: str | None,
) -> StaffActor:
    """The actor of a person (id, government, name) who holds these posts and, by department or for all, these permissions.

    A grant for a department counts while the person holds a post there. Costs a query while an administrator session is said to
    be open.
    """
    person_id, government_id, name = who
    post = next((each for each in posts if str(each.id) == str(post_id)), posts[0] if posts else None)
    until = open_administrator_until(person_id, administrator_session) if administrator_session else None
    departments = {each.department_id for each in posts}
    return StaffActor(
        id=person_id,
        government_id=government_id,
        name=name,
        post_id=post.id if post else None,
        post_name=post.name if post else "",
        department_id=post.department_id if post else None,
        permissions=frozenset(
            permission
            for department_id, permissions in grants
            if department_id is None or department_id in departments
            for permission in permissions
        ),
        kind=ActorKind.ADMINISTRATOR if until else ActorKind.STAFF,
        posts=posts,
        administrator_until=until,
    )


def _grants(person: Person, on: date) -> Iterable[tuple[UUID | None, list[str]]]:
    """What the roles in force allow. A contract in the past silences its grants even if their own end was set later."""
    grants = RoleGrant.objects.filter(valid_on(on), person=person).filter(
        Q(contract__isnull=True) | Q(contract__valid_from__lte=on, contract__valid_to__gte=on)
    )
    return grants.values_list("department_id", "role__permissions")
