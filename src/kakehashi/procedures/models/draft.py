"""下書き: what a resident has typed so far, kept on the server."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.identity import Proof, Shown
from kakehashi.procedures.models.application import SHOWN_CHOICES, Channel, Correction
from kakehashi.procedures.models.procedure import Procedure


class Draft(TenantModel):
    """Answers on their way, of a new application or of the answer to a 補正.

    `answers` are good ones only, `typed` is everything as it was typed, so that even a wrong answer is there again.
    Whoever holds the signed cookie or the link from the mail may go on, and so may the `resident` who was signed in.
    `idempotency_key` travels to the application, so that one draft makes exactly one. With `typed_by` it is 窓口受付: a member
    of staff types what stands on paper, which came by `channel` and arrived on `arrived_on`. `has_parties` says
    that others stand behind it (代理人, 連署): only then anything is asked about them. `device` is the class of device it was begun on. Not an official act: nothing is journalled
    and a sweep removes it after `expires_at`.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    form_version = TenantForeignKey("eforms.FormVersion", related_name="+")
    correction = TenantForeignKey(Correction, on_delete=models.CASCADE, null=True, related_name="drafts")
    answers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    typed: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    done_steps: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="ja")
    email = models.EmailField(blank=True, default="")
    resident = TenantForeignKey(
        "people.Resident", null=True, blank=True, related_name="+", composite=False, db_index=False
    )
    shown = models.CharField(max_length=10, choices=SHOWN_CHOICES, blank=True, default="")
    confirmed_email = models.EmailField(blank=True, default="")
    typed_by = TenantForeignKey(
        "people.Person", null=True, blank=True, related_name="+", composite=False, db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    arrived_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    accepts_electronic_notice = models.BooleanField(default=False, db_default=False)
    device = models.CharField(max_length=10, blank=True, default="", db_default="")
    has_parties = models.BooleanField(default=False, db_default=False)
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "下書き"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "idempotency_key"], name="procedures_draft_once")
        ]
        indexes = [
            tenant_index("expires_at", name="procedures_draft_expires"),
            models.Index(
                fields=["government_id", "resident"],
                condition=Q(resident__isnull=False),
                name="procedures_draft_resident",
            ),
        ]

    def __str__(self) -> str:
        return f"下書き {self.id}"

    @property
    def proof(self) -> Proof:
        """Who was signed in while it was written."""
        return Proof(self.resident_id, Shown(self.shown), self.confirmed_email)
