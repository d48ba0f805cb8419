"""規程パック: one dated version of a body's rules of decision and records, as one document."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class PackState(models.TextChoices):
    """A version is drafted, put in force, or called off before its day."""

    DRAFT = "draft", "下書き"
    IN_FORCE = "in_force", "制定済み"
    CALLED_OFF = "called_off", "取りやめ"


class RulePack(TenantModel):
    """A version of the rules, from a day to a day (inclusive, None: open).

    `document` holds every table (see `domain.packs`). In a draft it changes, `revision` counting the changes; a version
    that was put in force is frozen by the database and only `valid_to` is set when the next one follows. `number` counts
    versions in force. `edition` names the regulation's own issue (令和8年訓令第4号), `adopted_by` who adopted it.
    `is_projected`: whether names and classes of matters were brought to this version, which happens on its first day.
    """

    number = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120)
    edition = models.CharField(max_length=200, blank=True)
    adopted_by = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=20, choices=PackState.choices, default=PackState.DRAFT)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    based_on = TenantForeignKey("self", null=True, blank=True, related_name="drafts")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    is_projected = models.BooleanField(default=False)
    made_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    enforced_by_label = models.CharField(max_length=200, blank=True)
    enforced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-valid_from", "-created_at")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "number"), name="rule_pack_number_once"),
            models.UniqueConstraint(
                fields=("government_id", "valid_from"),
                condition=Q(state=PackState.IN_FORCE),
                name="rule_pack_from_a_day_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=PackState.IN_FORCE) | (Q(number__isnull=False) & Q(valid_from__isnull=False)),
                name="rule_pack_in_force_has_number",
            ),
        ]
        indexes: ClassVar = [tenant_index("state", "valid_from", name="rule_pack_by_day")]

    def __str__(self) -> str:
        return self.label

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == PackState.DRAFT

    @property
    def label(self) -> str:
        """第3版, or the draft's title."""
        return f"第{self.number}版" if self.number else f"下書き「{self.title}」"

    def standing_on(self, day: dt.date) -> str:
        """下書き, 取りやめ, 施行予定, 施行中 or 旧版 on a day."""
        if self.state != PackState.IN_FORCE or self.valid_from is None:
            return PackState(self.state).label
        if day < self.valid_from:
            return "施行予定"
        return "旧版" if self.valid_to is not None and self.valid_to < day else "施行中"
