"""フォロー: hear of every change of a case, whoever handles it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kakehashi.cases.models import Case, Follow
from kakehashi.cases.permissions import CasePermission
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.services import Recipient, send_notice

FOLLOWED = "cases.followed"


@service
def follow_case(*, actor: Actor, case: Case) -> bool:
    """Tell the actor of every change from now on; return False when they followed it already. Nothing official."""
    require(actor, CasePermission.READ)
    _, made = Follow.objects.get_or_create(person_id=_person(actor), case=case)
    return bool(made)


@service
def unfollow_case(*, actor: Actor, case: Case) -> None:
    """Tell the actor no more; nothing happens when they did not follow it."""
    require(actor, CasePermission.READ)
    Follow.objects.filter(person_id=_person(actor), case=case).delete()


def tell_followers(actor: Actor, case: Case, sentence: str, *, told: Collection[UUID] = ()) -> None:
    """Tell everybody who follows the case, except the actor, whoever was `told` already and whoever has left. One query when nobody does."""
    follows = Follow.objects.filter(case=case).exclude(person_id__in=[actor.id, *told] if actor.id else list(told))
    people = list(follows.filter(person__is_active=True).values_list("person_id", flat=True))
    if not people:
        return
    url = absolute_url(get_government(current_government_id()), "cases-staff:case", case.id)
    for person_id in people:
        send_notice(
            actor=actor,
            kind=FOLLOWED,
            to=Recipient(person_id=person_id),
            subject=f"フォロー中の「{case.subject}」：{sentence}",
            body_text=f"フォローしている「{case.subject}」に動きがありました。\n{sentence}（{actor.label}）",
            url=url,
            idempotency_key=uuid7(),
        )


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise PermissionRefused(CasePermission.READ)
    return actor.id
