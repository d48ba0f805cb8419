"""What hangs on departments and posts in this room: deputies, roles limited to a department, keys of other systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from kakehashi.kernel import clock
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.domain.affected import Affected, Subject
from kakehashi.people.domain.handover import HandoverItem
from kakehashi.people.hooks import register_affected
from kakehashi.people.models import ApiToken, DeputyRule, HandoverNote, RoleGrant


def _deputy_rules() -> Any:
    return DeputyRule.objects.select_related("post", "deputy_post")


def _deputy_item(rule: DeputyRule) -> HandoverItem:
    return HandoverItem(
        f"{rule.post.name}が不在のときは、第{rule.order}順位で{rule.deputy_post.name}",
        reverse("people-staff:post", args=[rule.post_id]),
        rule.clause,
    )


def _carry_deputies_of(rows: Any, heir_id: UUID) -> int:
    """The order of a post goes to its successor, unless that one has an order of its own already."""
    if DeputyRule.objects.filter(post_id=heir_id).exists():
        return 0
    return int(rows.exclude(deputy_post_id=heir_id).update(post_id=heir_id))


def _carry_deputies_as(rows: Any, heir_id: UUID) -> int:
    """A deputy's place goes to the successor; who would stand twice in one order, or act for itself, is left out."""
    taken = DeputyRule.objects.filter(deputy_post_id=heir_id).values_list("post_id", flat=True)
    return int(rows.exclude(post_id=heir_id).exclude(post_id__in=list(taken)).update(deputy_post_id=heir_id))


def _living_grants() -> Any:
    today = clock.today()
    return RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).select_related("person", "role")


def _carry_grants(rows: Any, heir_id: UUID) -> int:
    """A role limited to a department ends there and begins in the one that follows: the old row stays as evidence."""
    today, moved = clock.today(), 0
    for grant in list(rows):
        if grant.valid_from >= today:
            RoleGrant.objects.filter(id=grant.id).update(department_id=heir_id)
        else:
            RoleGrant.objects.create(
                person_id=grant.person_id,
                role_id=grant.role_id,
                department_id=heir_id,
                contract_id=grant.contract_id,
                valid_from=today,
                valid_to=grant.valid_to,
            )
            RoleGrant.objects.filter(id=grant.id).update(valid_to=today - timedelta(days=1))
        moved += 1
    return moved


def _carry_notes(rows: Any, heir_id: UUID) -> int:
    """引継事項 go to the post that follows, unless it has its own already."""
    if HandoverNote.objects.filter(post_id=heir_id).exists():
        return 0
    return int(rows.update(post_id=heir_id))


def register() -> None:
    """Tell the simulator what this room itself has."""
    register_affected(
        "people.deputies_of",
        Affected(
            label="代理の順序の行",
            subject=Subject.POST,
            rows=_deputy_rules,
            path="post_id",
            item=_deputy_item,
            moves="当日の朝、{heir}の代理の順序になります。",
            breaks="順序ごと使われなくなります。",
            stops=False,
            carry=_carry_deputies_of,
        ),
    )
    register_affected(
        "people.deputies_as",
        Affected(
            label="代理としての出番",
            subject=Subject.POST,
            rows=_deputy_rules,
            path="deputy_post_id",
            item=_deputy_item,
            moves="当日の朝、{heir}が代わりに立ちます。",
            breaks="代決できる職がなくなります。",
            stops=False,
            carry=_carry_deputies_as,
        ),
    )
    register_affected(
        "people.roles",
        Affected(
            label="所属で限った役割",
            subject=Subject.DEPARTMENT,
            rows=_living_grants,
            path="department_id",
            item=lambda grant: HandoverItem(
                f"{grant.person.name}　{grant.role.name}",
                reverse("people-staff:person", args=[grant.person_id]),
                f"{format_wareki(grant.valid_to)}まで" if grant.valid_to else "",
            ),
            moves="当日の朝、{heir}の役割になります。",
            breaks="役割が効かなくなります。",
            stops=False,
            carry=_carry_grants,
        ),
    )
    register_affected(
        "people.tokens",
        Affected(
            label="APIの鍵",
            subject=Subject.DEPARTMENT,
            rows=lambda: ApiToken.objects.filter(revoked_at__isnull=True),
            path="department_id",
            item=lambda token: HandoverItem(token.name, reverse("people-staff:tokens")),
            moves="当日の朝、{heir}の鍵になります。",
            breaks="鍵で見えるものがなくなります。",
            stops=False,
        ),
    )
    register_affected(
        "people.handover_notes",
        Affected(
            label="引継事項",
            subject=Subject.POST,
            rows=lambda: HandoverNote.objects.select_related("post"),
            path="post_id",
            item=lambda note: HandoverItem(
                f"{note.post.name}の引継事項", reverse("people-staff:handover", args=[note.post_id])
            ),
            moves="当日の朝、{heir}の引継事項になります。",
            breaks="読む人がいなくなります。",
            stops=False,
            carry=_carry_notes,
        ),
    )
