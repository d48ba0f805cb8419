"""Where a member of staff belongs, and what the access log calls persons and residents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from kakehashi.journal.hooks import Sections
from kakehashi.kernel.actor import Actor
from kakehashi.people.models import Department, Person, Resident
from kakehashi.people.selectors.actors import StaffActor, department_ancestors

__all__ = ["describe_persons", "describe_residents", "find_residents", "sections_of"]


def sections_of(actor: Actor) -> Sections:
    """The departments of the posts a member of staff holds; a head's post has none and covers all. Others belong nowhere."""
    if not isinstance(actor, StaffActor):
        return Sections(frozenset(), "")
    posts = actor.posts
    ids = frozenset(post.department_id for post in posts if post.department_id) | (
        {actor.department_id} if actor.department_id else frozenset()
    )
    names = dict.fromkeys(post.department_name or post.name for post in posts)
    is_head = actor.post_id is not None and actor.department_id is None

    def covers(department_id: UUID) -> bool:
        department = Department.objects.filter(id=department_id).first()
        return department is not None and any(above.id in ids for above in department_ancestors(department))

    return Sections(ids, "、".join(name for name in names if name) or actor.post_name, is_head, covers)


def describe_persons(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Members of staff by name: they act in public."""
    return dict(Person.objects.filter(id__in=ids).values_list("id", "name"))


def describe_residents(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Residents by a short part of their id: the log does not repeat who they are."""
    return {resident_id: str(resident_id)[-8:] for resident_id in ids}


def find_residents(text: str) -> Collection[UUID]:
    """Residents with this mail address."""
    return list(Resident.objects.filter(email__iexact=text).values_list("id", flat=True)) if "@" in text else ()
