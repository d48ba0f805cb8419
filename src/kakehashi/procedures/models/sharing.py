"""様式の共有: what a government offers, the copies others read, what was taken from where, and whose signatures are known."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import SharedModel, TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.models.procedure import Procedure


class Audience(models.TextChoices):
    """To whom a form is offered."""

    PREFECTURE = "prefecture", "県内の市町村（都道府県を含む）"
    NAMED = "named", "名指しした団体"
    ALL = "all", "このシステムを使うすべての団体"


class FormOffer(TenantModel):
    """提供する様式: this government offers the form of a procedure. The copies others read are `OfferedForm` and its revisions."""

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField("提供する相手", max_length=10, choices=Audience.choices, default=Audience.PREFECTURE)
    named = ArrayField(models.CharField(max_length=6), verbose_name="名指しした団体", default=list, blank=True)
    description = models.TextField("この様式の説明", blank=True, default="")
    series = models.CharField("セットの名前", max_length=100, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "提供する様式"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_offer_once"),
        ]
        indexes: ClassVar = [tenant_index("-changed_at", "-id", name="procedures_offer_latest")]

    def __str__(self) -> str:
        return str(self.procedure_id)


class OfferedForm(SharedModel):
    """The copy of an offer that other governments read. `id` is the offer's own; the contents stand in its revisions."""

    origin_code = models.CharField(max_length=6)
    origin_name = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    named = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    prefecture_id = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True, default="")
    series = models.CharField(max_length=100, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField()
    offered_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "共有された様式"
        indexes: ClassVar = [
            models.Index(fields=["-offered_at", "-id"], name="procedures_offered_latest"),
            models.Index(fields=["prefecture_id", "-offered_at", "-id"], name="procedures_offered_prefecture"),
        ]

    def __str__(self) -> str:
        return self.title


class OfferedRevision(SharedModel):
    """One revision of an offered form, complete: `body` is what a file of it carries, `digest` the SHA-256 of it."""

    offer_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    note = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64)
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "共有された様式の版"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_id", "offer_id", "revision"], name="procedures_revision_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["offer_id", "-revision"], name="procedures_revision_latest")]

    def __str__(self) -> str:
        return f"第{self.revision}版"


class FormTaking(SharedModel):
    """A government has taken an offered form: written by the one that took it, counted by the one that offers it."""

    offer_id = models.UUIDField()
    offer_origin_id = models.UUIDField()
    taker_name = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    taken_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "様式の取入れ"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_id", "offer_id"], name="procedures_taking_once")
        ]
        indexes: ClassVar = [models.Index(fields=["offer_id", "-taken_at"], name="procedures_taking_offer")]

    def __str__(self) -> str:
        return f"{self.taker_name} 第{self.revision}版"


class Way(models.TextChoices):
    """How a base form comes here."""

    HERE = "here", "このシステムの中で"
    FILE = "file", "ファイルで"


class TakenForm(TenantModel):
    """取り入れた様式: where a procedure's form came from, and the base it was last brought in line with.

    `base` is that revision's content as it was taken, so that a comparison needs nothing of elsewhere. `told_revision` and
    `told_withdrawn`: what the people here were told already.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    offer_id = models.UUIDField()
    origin_code = models.CharField(max_length=6)
    origin_name = models.CharField(max_length=60)
    way = models.CharField(max_length=4, choices=Way.choices)
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    base: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    told_revision = models.PositiveIntegerField()
    told_withdrawn = models.BooleanField(default=False)
    taken_at = models.DateTimeField(default=clock.now)
    taken_by = models.CharField(max_length=200)
    accepted_at = models.DateTimeField(default=clock.now)
    accepted_by = models.CharField(max_length=200)
    accepted_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = "取り入れた様式"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "procedure"], name="procedures_taken_form_procedure"),
            models.UniqueConstraint(
                fields=["government_id", "origin_code", "offer_id"], name="procedures_taken_form_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_name} 第{self.revision}版"


class ReceivedBase(TenantModel):
    """受け取った基本様式: the newest revision of an offer, from one signer, that came here as a file whose signature holds.

    It can be taken once its signer is known (`KnownSigner`). `signer` is the verifier key as one line.
    """

    offer_id = models.UUIDField()
    origin_code = models.CharField(max_length=6)
    origin_name = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    signer = models.CharField(max_length=300)
    received_at = models.DateTimeField(default=clock.now)
    received_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "受け取った基本様式"
        constraints: ClassVar = [
            # Kept apart by signer: a file that somebody else signed must not stand in the way of the true one.
            models.UniqueConstraint(
                fields=["government_id", "origin_code", "offer_id", "signer"], name="procedures_received_once"
            ),
        ]
        indexes: ClassVar = [tenant_index("-received_at", "-id", name="procedures_received_latest")]

    def __str__(self) -> str:
        return f"{self.title} 第{self.revision}版"


class KnownSigner(TenantModel):
    """確かめた署名者: a person compared the fingerprint with the offering government's and says so; `how` tells in what way."""

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    signer = models.CharField(max_length=300)
    how = models.CharField("確かめ方", max_length=200)
    confirmed_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "確かめた署名者"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "code", "signer"], name="procedures_signer_once"),
        ]

    def __str__(self) -> str:
        return self.name
