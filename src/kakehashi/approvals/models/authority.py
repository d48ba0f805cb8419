"""Authority granted by an act of its own: 職務代理, 事務取扱, 委任, 補助執行."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.models.rules import Matter
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Post


class AuthorityGrant(TenantModel):
    """`acting_post` exercises the authority of `post` from a day to a day (`valid_to` is the last one; None: until ended).

    `clause` is the law or the order it rests on, `reason` why (欠けた、長期の療養、辞令番号). `matter` None: everything.
    A grant is ended, never deleted: acts of its time keep resting on it.
    """

    kind = models.CharField(max_length=30, choices=[(kind.value, kind.label) for kind in GrantKind])
    post = TenantForeignKey(Post, related_name="+")
    acting_post = TenantForeignKey(Post, related_name="+")
    matter = TenantForeignKey(Matter, null=True, blank=True, related_name="+")
    clause = models.CharField(max_length=200)
    reason = models.CharField(max_length=400)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_by_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-valid_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(post=models.F("acting_post")), name="grant_is_for_another_post"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="grant_ends_later",
            ),
        ]
        indexes: ClassVar = [tenant_index("acting_post", "valid_from", name="grant_by_acting_post")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.clause}）"
