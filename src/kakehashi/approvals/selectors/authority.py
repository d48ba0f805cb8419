"""Grants of authority: who may act for which post on a day, beside the posts they hold themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.approvals.domain.authority import Grant, GrantKind
from kakehashi.approvals.models import AuthorityGrant
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import Post
from kakehashi.people.selectors import valid_on


def grants_on(on: dt.date) -> QuerySet[AuthorityGrant]:
    """The grants in force on a day."""
    return AuthorityGrant.objects.filter(valid_on(on)).select_related("matter")


def grants_of(acting_posts: Collection[UUID], on: dt.date) -> list[Grant]:
    """The grants in force that one of these posts exercises, as the rules read them."""
    return [grant_value(row) for row in grants_on(on).filter(acting_post_id__in=acting_posts)]


def grant_value(row: AuthorityGrant) -> Grant:
    """A row as the pure rules read it."""
    return Grant(
        id=row.id,
        kind=GrantKind(row.kind),
        post_id=row.post_id,
        acting_post_id=row.acting_post_id,
        clause=row.clause,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        matter_code=row.matter.code if row.matter else "",
    )


@read_once
def acting_posts_for(post_id: UUID, matter_id: UUID, on: dt.date) -> list[Post]:
    """The posts that exercise the authority of a post in a matter on a day."""
    rows = AuthorityGrant.objects.filter(valid_on(on), post_id=post_id).filter(
        Q(matter__isnull=True) | Q(matter_id=matter_id)
    )
    return [row.acting_post for row in rows.select_related("acting_post")]


def granted(acting_posts: Collection[UUID], on: dt.date, *, post: str, matter: str) -> Exists:
    """The condition that a grant in force covers an outer row; `post` and `matter` name its columns."""
    rows = AuthorityGrant.objects.filter(valid_on(on), acting_post_id__in=acting_posts, post_id=OuterRef(post))
    return Exists(rows.filter(Q(matter__isnull=True) | Q(matter_id=OuterRef(matter))))


def all_grants() -> QuerySet[AuthorityGrant]:
    """Every grant, in force or over, the newest first."""
    return AuthorityGrant.objects.select_related("post", "acting_post", "matter")
