"""今のシステム: outside numbers, layouts, what was handed over, what was taken in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel, tenant_index


class NumberKind(models.TextChoices):
    """What an outside number is."""

    DECISION = "decision", "決裁番号"
    DOCUMENT = "document", "文書番号"
    FILE = "file", "簿冊"


class OutsideNumber(TenantModel):
    """A number that another system of the town gave to a thing of ours: 決裁番号, 文書番号 or the name of the 簿冊.

    `search_key` is the folded number, so that it is found however it is typed.
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    kind = models.CharField("種類", max_length=10, choices=NumberKind.choices)
    number = models.CharField("番号", max_length=100)
    search_key = models.CharField(max_length=200)
    title = models.CharField("件名", max_length=200)
    dated_on = models.DateField("日付", null=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "subject_kind", "subject_id", "kind"), name="exchange_number_once"
            )
        ]
        indexes: ClassVar = [tenant_index("search_key", name="exchange_number_search")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Layout(TenantModel):
    """How one list looks to one town: the columns of a handover, or the headers confirmed for an intake.

    For a handover `columns` is a list of {"key", "header"} in order; for an intake one of {"key", "header"} as confirmed.
    """

    code = models.CharField(max_length=60)
    columns: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    encoding = models.CharField(max_length=12, default="utf-8-sig")
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "code"), name="exchange_layout_once")]

    def __str__(self) -> str:
        return self.code


class HandedOver(TenantModel):
    """One thing that was put into a handover, so that the next one holds only what is new."""

    code = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    handed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code", "subject_id"), name="exchange_handed_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_id}"


class RunState(models.TextChoices):
    """Where an intake stands."""

    DRAFT = "draft", "確認中"
    APPLIED = "applied", "取り込んだ"
    FAILED = "failed", "取り込めない行がある"


class IntakeRun(TenantModel):
    """One file of another system: uploaded by a person, or found in the watched folder (`from_folder`).

    `mapping` is {our key: place of the file's column}; `report` has one entry a row: line, state (ok, known, wrong), text.
    The content is let go of once it was applied.
    """

    code = models.CharField(max_length=60)
    file_name = models.CharField("ファイル", max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    mapping: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    from_folder = models.BooleanField(default=False)
    report: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField("時刻", default=clock.now)
    made_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            tenant_index("-made_at", "-id", name="exchange_run_latest"),
            tenant_index("code", "sha256", name="exchange_run_content"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def counted(self, state: str) -> int:
        """How many rows of the report are in a state."""
        return sum(each["state"] == state for each in self.report)

    @property
    def ok_count(self) -> int:
        """Rows taken in."""
        return self.counted("ok")

    @property
    def known_count(self) -> int:
        """Rows that were taken in before."""
        return self.counted("known")

    @property
    def wrong_count(self) -> int:
        """Rows that could not be taken in."""
        return self.counted("wrong")
