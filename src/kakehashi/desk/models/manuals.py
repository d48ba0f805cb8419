"""Business manuals: how a task is done, revision by revision, and what still has to be written after a change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class BusinessManual(TenantModel):
    """How one task of one section is done (業務マニュアル). The text is the newest revision's."""

    task = models.CharField("業務", max_length=100)
    title = models.CharField("題名", max_length=120)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    body = models.TextField("手順")
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "業務マニュアル"
        indexes: ClassVar = [tenant_index("-changed_at", "-id", name="desk_manual_latest")]

    def __str__(self) -> str:
        return self.title


class ManualRevision(TenantModel):
    """One revision of a manual: the whole text, why it changed, and the consultation it came from. Never changed."""

    manual = TenantForeignKey(BusinessManual, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField("手順")
    why = models.CharField("変えた理由", max_length=300, blank=True)
    consultation = TenantForeignKey(Consultation, null=True, blank=True, related_name="+")
    file = TenantForeignKey("files.StoredFile", null=True, blank=True, related_name="+")
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "マニュアルの版"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "manual", "number"], name="desk_manual_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.manual} 第{self.number}版"


class ManualDuty(TenantModel):
    """A solved consultation changed the work: its manual is to be changed, or somebody says why not (マニュアルの宿題)."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="manual_duties")
    asked_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    revision = TenantForeignKey(ManualRevision, null=True, blank=True, related_name="+")
    reason = models.CharField("直さない理由", max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "マニュアルの宿題"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation"], name="desk_manual_duty_once")
        ]
        indexes: ClassVar = [tenant_index("settled_at", "-asked_at", name="desk_manual_duty_open")]

    def __str__(self) -> str:
        return str(self.consultation)
