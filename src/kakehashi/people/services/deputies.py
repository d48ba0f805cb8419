"""The order of deputies of a post (代決の順序)."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import DeputyRule, Post
from kakehashi.people.permissions import PeoplePermission


@service
def set_deputies(*, actor: Actor, post: Post, deputies: Sequence[Post], clause: str = "") -> list[DeputyRule]:
    """Replace the whole order of a post. Raises DomainError when a post stands in it twice or deputises for itself."""
    require(actor, PeoplePermission.EDIT)
    ids = [deputy.id for deputy in deputies]
    if post.id in ids:
        raise DomainError("自分の職は代理になれません。", field="deputies")
    if len(set(ids)) != len(ids):
        raise DomainError("同じ職が二度入っています。", field="deputies")
    Post.objects.select_for_update().get(id=post.id)
    before = list(DeputyRule.objects.filter(post=post).values_list("deputy_post_id", flat=True))
    if before == ids:
        return list(DeputyRule.objects.filter(post=post))
    DeputyRule.objects.filter(post=post).delete()
    rules = DeputyRule.objects.bulk_create(
        [
            DeputyRule(post=post, deputy_post=deputy, order=order, clause=clause.strip()[:100])
            for order, deputy in enumerate(deputies, start=1)
        ]
    )
    record_event(
        actor=actor,
        code="people.deputies.changed",
        subject_kind="people.post",
        subject_id=post.id,
        payload={"before": [str(each) for each in before], "after": [str(each) for each in ids], "clause": clause},
    )
    return rules
