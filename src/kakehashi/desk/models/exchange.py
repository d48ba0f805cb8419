"""Solved cases of governments whose program runs elsewhere: signers, feeds, what was received, what came back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.desk.models.solved_cases import CaseText, ReuseResult, SolvedCase
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class CaseSigner(TenantModel):
    """A key that signs solved cases for a government. Believed once a person compared its fingerprint (`confirmed_at`)."""

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    signer = models.CharField(max_length=300)
    how = models.CharField("どうやって確かめたか", max_length=200, blank=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "事例に署名する団体"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "code", "signer"], name="desk_case_signer_once")
        ]

    def __str__(self) -> str:
        return self.name


class CaseFeed(TenantModel):
    """Where the cases of another installation are fetched from. The key is sealed; `origin_code` is known after the first time."""

    name = models.CharField("名前", max_length=100)
    url = models.CharField("アドレス", max_length=500)
    key_sealed = models.TextField(blank=True)
    origin_code = models.CharField(max_length=6, blank=True)
    is_on = models.BooleanField(default=True)
    made_by = models.CharField(max_length=200)
    tried_at = models.DateTimeField(null=True, blank=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    last_made_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "事例の取り寄せ先"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id", "url"], name="desk_case_feed_once")]

    def __str__(self) -> str:
        return self.name


class ReceivedCase(CaseText, TenantModel):
    """A case of a government elsewhere, by file or feed, signed with a believed key; and what came of it here."""

    case_id = models.UUIDField()
    origin_code = models.CharField(max_length=6)
    origin_name = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    note = models.CharField("前の版から変わったこと", max_length=300, blank=True)
    published_on = models.DateField()
    signer = models.CharField(max_length=300)
    feed = TenantForeignKey(CaseFeed, null=True, blank=True, related_name="cases")
    received_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    consultation = TenantForeignKey(Consultation, null=True, blank=True, related_name="+")
    taken_revision = models.PositiveIntegerField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=ReuseResult, blank=True)
    result_note = models.CharField("ひとこと", max_length=300, blank=True)
    hours_released = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "受け取った解決事例"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "origin_code", "case_id"], name="desk_received_case_once")
        ]
        indexes: ClassVar = [tenant_index("-received_at", "-id", name="desk_received_case_latest")]

    def __str__(self) -> str:
        return self.title


class ReturnedResult(TenantModel):
    """What came of our case in a government elsewhere, as that government signed it."""

    case = TenantForeignKey(SolvedCase, on_delete=models.CASCADE, related_name="returned")
    adopter_code = models.CharField(max_length=6)
    adopter_name = models.CharField(max_length=60)
    result = models.CharField(max_length=12, choices=ReuseResult)
    note = models.CharField("ひとこと", max_length=300, blank=True)
    hours_released = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    reported_on = models.DateField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "別のシステムの団体からの結果"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "case", "adopter_code"], name="desk_returned_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.adopter_name}: {self.case}"
