"""The outbox, its delivery log and the channels each person wants."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class MailState(models.TextChoices):
    """Where the mail of a notice stands."""

    NONE = "none", "メールなし"
    WAITING = "waiting", "送信待ち"
    SENT = "sent", "送信済み"
    FAILED = "failed", "届かず"
    CANCELLED = "cancelled", "取りやめ"


class Notice(TenantModel):
    """One message to one recipient: a member of staff (`person`) or an address outside (`email`).

    The row is written in the act's own transaction and nothing leaves before `visible_from`, so an act can be undone until
    then. `idempotency_key` makes a repeated call find the same row. There is no field for the resident: a notice must reach
    people who have no account.
    """

    kind = models.CharField("種類", max_length=80)
    # No composite constraint: notices are inserted by the hot path and must not lock a popular person's row.
    person = TenantForeignKey("people.Person", null=True, blank=True, composite=False, related_name="+")
    email = models.CharField("メールアドレス", max_length=254, blank=True)
    recipient_name = models.CharField("宛名", max_length=200, blank=True)
    subject = models.CharField("件名", max_length=200)
    body_text = models.TextField("本文")
    body_html = models.TextField("本文(HTML)", blank=True)
    url = models.CharField("リンク先", max_length=1000, blank=True)
    idempotency_key = models.UUIDField()
    sent_by = models.CharField("送信者", max_length=200, blank=True)
    created_at = models.DateTimeField("作成", default=clock.now)
    visible_from = models.DateTimeField("送信できる時刻")
    in_app = models.BooleanField("画面に出す", default=True)
    mail_state = models.CharField(max_length=10, choices=MailState, default=MailState.NONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField("既読", null=True, blank=True)
    cancelled_at = models.DateTimeField("取りやめ", null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "お知らせ"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "idempotency_key"], name="notices_notice_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(email=""), name="notices_notice_has_recipient"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["government_id", "next_attempt_at"],
                condition=Q(mail_state="waiting"),
                name="notices_notice_due",
            ),
            models.Index(
                fields=["government_id", "person", "visible_from"],
                condition=Q(read_at__isnull=True, cancelled_at__isnull=True, in_app=True),
                name="notices_notice_unread",
            ),
            models.Index(fields=["government_id", "person", "-created_at", "-id"], name="notices_notice_bell"),
        ]

    def __str__(self) -> str:
        return self.subject


class DeliveryOutcome(models.TextChoices):
    """How one attempt ended."""

    SENT = "sent", "送信済み"
    FAILED = "failed", "失敗(再送する)"
    GAVE_UP = "gave_up", "失敗(再送しない)"


class Delivery(TenantModel):
    """One attempt to bring a notice out of the building. Rows are never changed; there is no row for the bell."""

    notice = TenantForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20, default="mail")
    attempt = models.PositiveSmallIntegerField()
    attempted_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=10, choices=DeliveryOutcome)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "配信記録"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["government_id", "notice", "channel", "attempt"], name="notices_delivery_attempt_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["government_id", "-attempted_at", "-id"], name="notices_delivery_latest")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.attempt} {self.outcome}"


class Preference(TenantModel):
    """The channels one person wants for one kind of notice. No row means both."""

    person = TenantForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    in_app = models.BooleanField("画面", default=True)
    mail = models.BooleanField("メール", default=True)

    class Meta(TenantModel.Meta):
        verbose_name = "お知らせの受け取り方"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "person", "kind"], name="notices_preference_once")
        ]

    def __str__(self) -> str:
        return self.kind
