"""Reads about people: who holds a post, who is above it, who is away, what an account may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.actor import ActorKind
from kakehashi.people.models import Absence, Department, Person, Post, PostHolding, Role


@dataclass(frozen=True)
class StaffActor:
    """A signed-in member of staff, acting as one of their posts. See `kernel.actor.Actor`."""

    id: UUID
    government_id: UUID
    name: str
    post_id: UUID | None
    post_name: str
    department_id: UUID | None
    permissions: frozenset[str] = field(default_factory=frozenset)
    kind: ActorKind = ActorKind.STAFF

    @property
    def label(self) -> str:
        """Post and name as they are at this moment, for the journal."""
        return f"{self.post_name} {self.name}".strip()

    def can(self, permission: str, government_id: UUID) -> bool:
        """Whether a role of this person carries the permission, in their own government only."""
        return government_id == self.government_id and permission in self.permissions


def valid_on(on: date) -> Q:
    """The condition that a dated row (`valid_from`, `valid_to` inclusive) holds on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def holder_of(post: Post, on: date) -> Person | None:
    """Who holds the post on that day: the primary holder first, or None when it is vacant."""
    holding = (
        PostHolding.objects.filter(valid_on(on), post=post)
        .select_related("person")
        .order_by("-is_primary", "valid_from")
        .first()
    )
    return holding.person if holding else None


def posts_of(person: Person, on: date) -> list[Post]:
    """The posts a person holds on that day, the primary one first."""
    holdings = (
        PostHolding.objects.filter(valid_on(on), person=person).select_related("post").order_by("-is_primary", "id")
    )
    return [holding.post for holding in holdings]


def is_absent(person: Person, at: datetime) -> bool:
    """Whether a recorded absence of the person covers that instant."""
    return Absence.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True).exists()


def department_ancestors(department: Department) -> list[Department]:
    """The departments above this one, nearest first."""
    above, seen, current = [], {department.id}, department.parent
    while current is not None and current.id not in seen:
        above.append(current)
        seen.add(current.id)
        current = current.parent
    return above


def superiors_of(post: Post, on: date) -> list[Post]:
    """The posts above this one: higher ranks of its department, then of each department above, nearest first.

    Posts without a department (the head and the deputy head) stand above all.
    """
    line: list[Post] = []
    departments = [post.department, *department_ancestors(post.department)] if post.department else []
    for department in departments:
        line += Post.objects.filter(valid_on(on), department=department, rank__lt=post.rank).order_by("-rank")
    line += Post.objects.filter(valid_on(on), department__isnull=True, rank__lt=post.rank).order_by("-rank")
    best: list[Post] = []
    for candidate in line:
        if not best or candidate.rank < best[-1].rank:
            best.append(candidate)
    return best


def departments_on(on: date) -> QuerySet[Department]:
    """The departments that exist on that day."""
    return Department.objects.filter(valid_on(on))


def staff_actor(person: Person, *, on: date | None = None, post_id: UUID | None = None) -> StaffActor:
    """The actor of a person today, acting as `post_id` if they hold it, else as their primary post."""
    day = on or clock.today()
    posts = posts_of(person, day)
    post = next((p for p in posts if p.id == post_id), posts[0] if posts else None)
    roles = Role.objects.filter(
        Q(grants__valid_from__lte=day),
        Q(grants__valid_to__isnull=True) | Q(grants__valid_to__gte=day),
        grants__person=person,
    )
    permissions = frozenset(p for bundle in roles.values_list("permissions", flat=True) for p in bundle)
    return StaffActor(
        id=person.id,
        government_id=person.government_id,
        name=person.name,
        post_id=post.id if post else None,
        post_name=post.name if post else "",
        department_id=post.department_id if post else None,
        permissions=permissions,
    )
