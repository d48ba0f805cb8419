"""証明書: what a verification page says of an issued certificate."""

from __future__ import annotations

import datetime as dt

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.procedures.domain.certificates import Validity, validity_of
from kakehashi.procedures.models.application import Application, IssuedDocument


@holds_personal_data("procedures.application", subject="application_id")
class Certificate(TenantModel):
    """An issued certificate. `token` is 26 random characters (130 bits): whoever holds the paper can ask about it, nobody can guess it.

    `valid_until` is its last day (None: no end). A revoked one keeps its row; a reissue is a new certificate that the old one names.
    """

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="certificates")
    document = TenantForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="certificates")
    token = models.CharField("検証の符号", max_length=26)
    title = models.CharField("題名", max_length=300)
    document_number = models.CharField("文書番号", max_length=60, blank=True, default="")
    issued_on = models.DateField("発行日")
    valid_until = models.DateField("有効期限", null=True, blank=True)
    revoked_at = models.DateTimeField("失効", null=True, blank=True)
    revoked_reason = models.CharField("失効の理由", max_length=300, blank=True, default="")
    replaced_by = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("作成", default=clock.now)

    class Meta:
        verbose_name = "証明書"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "token"], name="procedures_certificate_token"),
            models.UniqueConstraint(fields=["government_id", "document"], name="procedures_certificate_document"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.document_number}"

    def validity(self, on: dt.date) -> Validity:
        """What the verification page says on a day."""
        return validity_of(is_revoked=self.revoked_at is not None, valid_until=self.valid_until, on=on)


class CarriedCertificate(TenantModel):
    """On the public half of split networks: what the staff half said of a certificate it issued. It names no person and no application."""

    token = models.CharField("検証の符号", max_length=26)
    title = models.CharField("題名", max_length=300)
    document_number = models.CharField("文書番号", max_length=60, blank=True, default="")
    issued_on = models.DateField("発行日")
    valid_until = models.DateField("有効期限", null=True, blank=True)
    revoked_at = models.DateTimeField("失効", null=True, blank=True)

    class Meta:
        verbose_name = "証明書（職員側から届いたもの）"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "token"], name="procedures_carried_certificate_token")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.document_number}"

    def validity(self, on: dt.date) -> Validity:
        """What the verification page says on a day."""
        return validity_of(is_revoked=self.revoked_at is not None, valid_until=self.valid_until, on=on)
