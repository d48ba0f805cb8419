"""Bodies, their members, and the classes their minutes may be filed under."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.meetings.models import MeetingBody
from kakehashi.people.models import Person, Post, PostHolding
from kakehashi.people.selectors import valid_on
from kakehashi.records.models import StandardFile


@dataclass(frozen=True)
class Member:
    """A seat of a body as it is held on a day; `person` is None while the post is vacant."""

    post: Post
    person: Person | None
    is_chair: bool


def all_bodies() -> QuerySet[MeetingBody]:
    """Every body with its chair, secretariat and number of members."""
    rows = MeetingBody.objects.select_related("chair_post", "secretariat").annotate(member_count=Count("members"))
    return rows.order_by("-is_active", "created_at")


def active_bodies() -> QuerySet[MeetingBody]:
    """The bodies that still meet."""
    return all_bodies().filter(is_active=True)


def find_body(body_id: UUID) -> MeetingBody:
    """The body with this id. Raises NotFound."""
    found = MeetingBody.objects.select_related("chair_post", "secretariat").filter(id=body_id).first()
    if found is None:
        raise NotFound
    return found


def members_of(body: MeetingBody) -> list[Member]:
    """The seats of a body as they are held today, the chair's first, in two queries."""
    rows = body.members.select_related("post", "post__department").order_by("order")
    posts = [body.chair_post, *(row.post for row in rows if row.post_id != body.chair_post_id)]
    holders: dict[UUID, Person] = {}
    holdings = PostHolding.objects.filter(valid_on(clock.today()), post_id__in=[post.id for post in posts])
    for holding in holdings.select_related("person").order_by("is_primary", "valid_from", "id"):
        holders[holding.post_id] = holding.person
    return [Member(post, holders.get(post.id), post.id == body.chair_post_id) for post in posts]


def record_classes() -> list[tuple[str, str]]:
    """The classes minutes may be filed under, as (code, words), those of meetings first."""
    rows = StandardFile.objects.filter(valid_on(clock.today())).select_related("record_class")
    found = {
        row.record_class.code: f"{row.record_class.code} {row.name}" for row in rows.order_by("record_class__code")
    }
    return sorted(found.items(), key=lambda one: ("会議" not in one[1], one[0]))
