"""A body that meets, and the posts that sit on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.meetings.domain.quorum import KIND_WORDS, QuorumKind, QuorumRule


class MeetingBody(TenantModel):
    """A body (会議体) such as 庁議: founded on `basis`, chaired by a post, served by a section (事務局).

    Members are posts, so that a change of personnel changes nothing here. `class_code` is the class its minutes are filed under.
    """

    name = models.CharField("会議体の名前", max_length=80)
    basis = models.CharField("設置の根拠", max_length=120, blank=True)
    purpose = models.TextField("所掌", max_length=1000, blank=True)
    chair_post = TenantForeignKey("people.Post", related_name="+", verbose_name="議長の職")
    secretariat = TenantForeignKey("people.Department", related_name="+", verbose_name="事務局")
    quorum_kind = models.CharField(
        "定足数", max_length=12, choices=list(KIND_WORDS.items()), default=QuorumKind.MAJORITY.value
    )
    quorum_number = models.PositiveSmallIntegerField("人数", default=0)
    quorum_clause = models.CharField("定足数の条項", max_length=80, blank=True)
    counts_online = models.BooleanField("オンラインの出席を数える", default=True)
    counts_proxy = models.BooleanField("代理の出席を数える", default=False)
    class_code = models.CharField("会議録の分類", max_length=20, blank=True)
    place = models.CharField("いつもの場所", max_length=100, blank=True)
    is_active = models.BooleanField("使っている", default=True)
    idempotency_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="one_body_per_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> QuorumRule:
        """The rule of its quorum."""
        return QuorumRule(
            kind=QuorumKind(self.quorum_kind),
            number=self.quorum_number,
            counts_online=self.counts_online,
            counts_proxy=self.counts_proxy,
            clause=self.quorum_clause,
        )


class BodyMember(TenantModel):
    """A post that sits on a body. The chair's post need not be listed: it always sits."""

    body = TenantForeignKey(MeetingBody, related_name="members", on_delete=models.CASCADE)
    post = TenantForeignKey("people.Post", related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "body", "post"), name="one_seat_per_post"),
        ]
        indexes: ClassVar = [tenant_index("post", name="seat_by_post")]

    def __str__(self) -> str:
        return str(self.post_id)
