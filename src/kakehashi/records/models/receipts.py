"""収受: what came in from outside, its number, its scans, where the paper lies, and the mails that wait to be received."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from kakehashi.cases.models import Case
from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Department
from kakehashi.records.models.registry import Confidentiality, Document


class Way(models.TextChoices):
    """受付の方法: how it came."""

    POST = "post", "郵便"
    COUNTER = "counter", "窓口"
    MAIL = "mail", "電子メール"
    FAX = "fax", "ファクス"
    INTERNAL = "internal", "庁内"
    OTHER = "other", "その他"


@holds_personal_data("records.receipt", section="department_id")
class Receipt(TenantModel):
    """One incoming document (収受文書) with its 収受番号. `received_on` is the day it arrived.

    `case` is the work it belongs to; `document` its place in a record file, once it is filed. `completed_on` ends its handling.
    What was registered by mistake is voided: the line and its number stay, as 欠番 with the reason.
    """

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    sender_number = models.CharField(max_length=60, blank=True)
    document_on = models.DateField(null=True, blank=True)
    received_on = models.DateField()
    way = models.CharField(max_length=20, choices=Way.choices, default=Way.POST)
    department = TenantForeignKey(Department, related_name="+")
    confidentiality = models.CharField(max_length=20, choices=Confidentiality.choices, default=Confidentiality.ORDINARY)
    due_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    place = models.CharField(max_length=120, blank=True)
    case = TenantForeignKey(Case, null=True, blank=True, related_name="+")
    document = TenantForeignKey(Document, null=True, blank=True, related_name="+")
    completed_on = models.DateField(null=True, blank=True)
    registered_by_label = models.CharField(max_length=200)
    voided_on = models.DateField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    voided_by_label = models.CharField(max_length=200, blank=True, default="", db_default="")
    registered_at = models.DateTimeField(default=clock.now)
    idempotency_key = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="receipt_of_a_key_once"),
        ]
        indexes: ClassVar = [
            tenant_index("received_on", name="receipt_by_day"),
            tenant_index("department", "received_on", name="receipt_by_department"),
            tenant_index("case", name="receipt_by_case"),
            tenant_index("number", name="receipt_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ReceiptFile(TenantModel):
    """A scan, an attachment or the mail itself that belongs to a receipt."""

    receipt = TenantForeignKey(Receipt, related_name="files")
    file_id = models.UUIDField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [tenant_index("receipt", name="receipt_file_by_receipt")]

    def __str__(self) -> str:
        return self.name


def _salt() -> str:
    return secrets.token_hex(16)


@holds_personal_data("records.receipt", subject="receipt_id")
class ReceiptCorrection(TenantModel):
    """訂正: what a receipt said before, field by field, and why it was put right.

    The journal's event names this row and `digest`, SHA-256 of `salt` and the canonical JSON of `before`. When the record file is
    destroyed, `before` and `salt` go: the journal still proves that something was corrected, and nobody can guess what.
    """

    receipt = TenantForeignKey(Receipt, related_name="corrections")
    before = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    salt = models.CharField(max_length=32, default=_salt, blank=True)
    digest = models.CharField(max_length=64)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("made_at", "id")
        indexes: ClassVar = [tenant_index("receipt", name="receipt_correction_by_receipt")]

    def __str__(self) -> str:
        return self.reason


class Mailbox(TenantModel):
    """A mailbox the worker looks into (IMAP over TLS). The password is sealed; `last_uid` is the last mail that was taken."""

    name = models.CharField(max_length=60)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    user = models.CharField(max_length=200)
    password_sealed = models.TextField()
    folder = models.CharField(max_length=60, default="INBOX")
    department = TenantForeignKey(Department, related_name="+")
    is_on = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "収受待ち"
    RECEIVED = "received", "収受済"
    SET_ASIDE = "set_aside", "収受しない"


@holds_personal_data("records.mail")
class IncomingMail(TenantModel):
    """A mail that came in: waiting, received or set aside with a reason. `digest` is of the whole mail: it is taken once."""

    subject = models.CharField(max_length=300)
    sender = models.CharField(max_length=300)
    message_id = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(default=clock.now)
    body = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    came_from = models.CharField(max_length=100)
    department = TenantForeignKey(Department, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=MailState.choices, default=MailState.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    receipt = TenantForeignKey(Receipt, null=True, blank=True, related_name="mails")
    handled_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "digest"), name="incoming_mail_once"),
        ]
        indexes: ClassVar = [tenant_index("state", "arrived_at", name="incoming_mail_by_state")]

    def __str__(self) -> str:
        return self.subject


class MailPart(TenantModel):
    """A file of an incoming mail: an attachment, or the mail itself as it came. `left_out` says why an attachment is not here."""

    mail = TenantForeignKey(IncomingMail, related_name="parts")
    file_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=255)
    left_out = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [tenant_index("mail", name="mail_part_by_mail")]

    def __str__(self) -> str:
        return self.name
