"""Routes of a day: the 専決 table in force, the drafter's line of posts, and what follows from both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.approvals.domain import routes
from kakehashi.approvals.domain.routes import Bar, LinePost, Route
from kakehashi.approvals.models import AuthorityRule, Matter
from kakehashi.people.models import Person, Post
from kakehashi.people.selectors import posts_of, superiors_of


def active_matters() -> QuerySet[Matter]:
    """決裁事項 that can be proposed, in the order of the table."""
    return Matter.objects.filter(is_active=True).order_by("order", "code")


def route_rules(matter_code: str) -> list[routes.AuthorityRule]:
    """All generations of rules of a matter, as the resolver reads them."""
    rows = AuthorityRule.objects.filter(matter__code=matter_code).prefetch_related("consults")
    return [_rule(row, matter_code) for row in rows]


def _rule(row: AuthorityRule, matter_code: str) -> routes.AuthorityRule:
    return routes.AuthorityRule(
        id=row.id,
        matter_code=matter_code,
        decider_title=row.decider_title,
        clause=str(row),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        amount_limit=row.amount_limit,
        consult_posts=tuple(consult.post_id for consult in row.consults.all()),
        deputy_barred=row.deputy_barred,
        self_decision_allowed=row.self_decision_allowed,
    )


def line_of(post: Post, on: dt.date) -> list[LinePost]:
    """A post and those above it on a day, nearest first; the topmost one without a department is the head."""
    line = [post, *superiors_of(post, on)]
    return [LinePost(id=p.id, label=p.name, is_head=p.department_id is None and p is line[-1]) for p in line]


def plan_route(
    *,
    drafter: Person,
    drafter_post: Post,
    matter: Matter,
    amount: int | None,
    bars: Sequence[Bar],
    on: dt.date,
) -> Route:
    """The route a proposal of this drafter would take on that day. Raises `NoRoute` with the reason in Japanese."""
    rule = routes.rule_for(route_rules(matter.code), matter.code, amount, on)
    consult_posts = Post.objects.filter(id__in=rule.consult_posts)
    return routes.resolve_route(
        rule,
        line_of(drafter_post, on),
        drafter_posts=frozenset(post.id for post in posts_of(drafter, on)),
        consult_labels={post.id: post.name for post in consult_posts},
        bars=bars,
    )


def post_of(post_id: UUID | None) -> Post | None:
    """The post an actor acts as, or None."""
    return Post.objects.filter(id=post_id).first() if post_id else None
