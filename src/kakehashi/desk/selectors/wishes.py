"""Reads of wishes and ideas: who may see which."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kakehashi.desk.models import ANSWERS, OPEN_WISHES, Wish, WishCircle, WishSupport
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.people.models import Person, Post
from kakehashi.people.selectors import holder_of, posts_of, superiors_of

WISH_TABS = {"turn": "返事をする", "mine": "自分の", "open": "返事待ち", "answered": "返事あり", "all": "すべて"}


def wishes_for(actor: Actor) -> QuerySet[Wish]:
    """Return the wishes the actor may read: everybody's, their section's, their own, and those that are theirs to answer.

    `supports` counts who wishes the same; `is_supported` says whether the actor does.
    """
    department_id = getattr(actor, "department_id", None)
    sight = Q(circle=WishCircle.GOVERNMENT) | _turn(actor)
    if actor.id is not None:
        sight |= Q(written_by_id=str(actor.id))
    if department_id is not None:
        sight |= Q(department_id=str(department_id))
    mine = WishSupport.objects.filter(wish=OuterRef("pk"), person_id=str(actor.id))
    rows: QuerySet[Wish] = Wish.objects.filter(sight)
    return rows.select_related("written_by", "department", "manager", "consultation").annotate(
        support_count=Count("supports"), is_supported=Exists(mine)
    )


def wish_list(actor: Actor, *, tab: str, query: str = "") -> QuerySet[Wish]:
    """Return one tab of the wishes that the actor may read."""
    rows = wishes_for(actor)
    if tab == "turn":
        rows = rows.filter(_turn(actor), state__in=OPEN_WISHES)
    elif tab == "mine":
        rows = rows.filter(Q(written_by_id=str(actor.id)))
    elif tab == "open":
        rows = rows.filter(state__in=OPEN_WISHES)
    elif tab == "answered":
        rows = rows.filter(state__in=ANSWERS)
    if query.strip():
        rows = rows.filter(Q(title__icontains=query.strip()) | Q(body__icontains=query.strip()))
    return rows


def get_wish(actor: Actor, wish_id: UUID) -> Wish:
    """Return one wish. Raises NotFound for one the actor may not read."""
    found = wishes_for(actor).filter(id=wish_id).first()
    if found is None:
        raise NotFound
    return found


def is_turn_of(actor: Actor, wish: Wish) -> bool:
    """Say whether the wish is the actor's to answer: as the person it went to, or as today's holder of that post."""
    return wish.manager_id is not None and Wish.objects.filter(_turn(actor), id=wish.id).exists()


def next_manager(post_id: UUID | None, *, but: UUID | None = None) -> tuple[Person, Post] | None:
    """Return the nearest superior who is there, with their post; `but` is passed over (the writer themselves)."""
    today = clock.today()
    post = Post.objects.filter(id=post_id).first() if post_id else None
    for above in superiors_of(post, today) if post is not None else ():
        person = holder_of(above, today)
        if person is not None and person.id != but and person.is_active:
            return person, above
    return None


def _turn(actor: Actor) -> Q:
    if actor.id is None:
        return Q(pk__in=[])
    person = Person.objects.filter(id=actor.id).first()
    posts = [post.id for post in posts_of(person, clock.today())] if person else []
    return Q(manager_id=str(actor.id)) | Q(manager_post_id__in=[str(post) for post in posts])
