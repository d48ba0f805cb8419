"""What people lay upon cases: labels of a section, a person's own following, a message kept on top."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.cases.models.case import Case, Message
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class Tone(models.TextChoices):
    """The colour of a label; its word always stands in it."""

    BLUE = "working", "青"
    GREEN = "success", "緑"
    YELLOW = "waiting", "黄"
    PURPLE = "deciding", "紫"
    RED = "error", "赤"
    GREY = "none", "灰"


class Label(TenantModel):
    """A word in a colour that a section lays on its cases (急ぎ, 現地確認 …). Without a department everybody uses it.

    A label that is no longer used is retired, never deleted: cases keep what they were marked with.
    """

    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", db_index=False)
    name = models.CharField(max_length=20)
    tone = models.CharField(max_length=10, choices=Tone.choices, default=Tone.BLUE)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "department", "name"), nulls_distinct=False, name="label_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CaseLabel(TenantModel):
    """A label on a case. `label` leads the unique key: the inbox asks for the cases of a label."""

    label = TenantForeignKey(Label, related_name="+", db_index=False)
    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="case_labels", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "label", "case"), name="case_label_once")
        ]
        indexes: ClassVar = [models.Index(fields=("government_id", "case"), name="case_label_by_case")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.label_id}"


class Follow(TenantModel):
    """A person wants to hear of every change of a case, whoever handles it."""

    person = TenantForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="follows", db_index=False)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "person", "case"), name="follow_once")
        ]
        indexes: ClassVar = [models.Index(fields=("government_id", "case"), name="follow_by_case")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.case_id}"


class Pin(TenantModel):
    """A message of the internal thread that is kept on top of its case (固定したメモ)."""

    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)
    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    pinned_by = models.CharField(max_length=200)
    pinned_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "message"), name="pin_once")]
        indexes: ClassVar = [models.Index(fields=("government_id", "case"), name="pin_by_case")]

    def __str__(self) -> str:
        return str(self.message_id)
