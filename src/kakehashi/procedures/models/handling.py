"""審査の決まり: what a procedure's clock leaves out, where its applications go by their answers, and how one appeals."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.domain.teaching import Review
from kakehashi.procedures.models.application import Application
from kakehashi.procedures.models.procedure import Procedure

REVIEW_CHOICES = [
    (Review.HEAD.value, "処分をした長に審査請求"),
    (Review.OTHER.value, "ほかの行政庁に審査請求"),
    (Review.NONE.value, "審査請求はできない（法律の定め）"),
]


class PeriodRule(TenantModel):
    """What the 標準処理期間 of a procedure does not count (行政手続法6条 leaves it to the local government).

    Without a row the time of 補正 is left out and nothing else. `closings` are spans of days of every year, `08-13/08-16`.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    leaves_out_corrections = models.BooleanField(default=True)
    leaves_out_inquiries = models.BooleanField(default=False)
    closings = ArrayField(models.CharField(max_length=11), default=list, blank=True)

    class Meta:
        verbose_name = "標準処理期間の数え方"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_period_rule_once")
        ]

    def __str__(self) -> str:
        return str(self.procedure_id)


class AppealRule(TenantModel):
    """教示 of a procedure where it differs from the ordinary one (行政不服審査法82条, 行政事件訴訟法46条).

    Without a row: 審査請求 to the head within three months, 取消訴訟 against the local government within six.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    review = models.CharField(max_length=10, choices=REVIEW_CHOICES, default=Review.HEAD.value)
    review_office = models.CharField(max_length=100, blank=True, default="")
    review_months = models.PositiveSmallIntegerField(default=3)
    review_comes_first = models.BooleanField(default=False)

    class Meta:
        verbose_name = "教示の決まり"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_appeal_rule_once")
        ]

    def __str__(self) -> str:
        return str(self.procedure_id)


class RoutingRule(TenantModel):
    """振り分け: applications of a procedure whose answers meet the condition go to a section, perhaps to a person there.

    The first rule in the order of `position` that is met decides; met by none, they stay with the procedure's own section.
    `condition` is in the shape of `eforms.domain.conditions`.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="routing_rules")
    position = models.PositiveSmallIntegerField()
    condition: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    department = TenantForeignKey("people.Department", related_name="+", db_index=False)
    handler = TenantForeignKey("people.Person", null=True, blank=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "振り分けの決まり"
        ordering = ("position", "id")
        indexes = [models.Index(fields=["government_id", "procedure", "position"], name="procedures_routing_order")]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.position}"


class Routed(TenantModel):
    """An application whose answers were looked at once, and which rule sent it where (None: none was met)."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    rule_id = models.UUIDField(null=True)
    sentence = models.CharField(max_length=300, blank=True, default="")
    routed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "振り分けの結果"
        constraints = [models.UniqueConstraint(fields=["government_id", "application"], name="procedures_routed_once")]

    def __str__(self) -> str:
        return self.sentence or "—"


class LateCount(TenantModel):
    """How many open applications of a procedure are past their due date, as the worker last counted: for the public page."""

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    late = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    counted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "期間を過ぎた件数"
        constraints = [models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_late_procedure")]

    def __str__(self) -> str:
        return f"{self.late}/{self.open}"
