"""The outbox, its delivery log and the channels each person wants."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


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


class AnnouncementKind(models.TextChoices):
    """How loud an announcement is: an emergency stands on top of every page of residents."""

    NEWS = "news", "お知らせ"
    EMERGENCY = "emergency", "緊急のお知らせ"


class Announcement(TenantModel):
    """What the local government tells everybody (お知らせ・緊急のお知らせ); a `Notice` goes to one person.

    やさしい日本語 and English are texts of their own; where one is missing the Japanese one is read. Shown from `starts_at`
    until `ends_at` (None: until it is taken back). Published words are not changed silently: each change is journalled.
    """

    kind = models.CharField("種類", max_length=10, choices=AnnouncementKind, default=AnnouncementKind.NEWS)
    title = models.CharField("見出し", max_length=100)
    body = models.TextField("本文", max_length=4000)
    title_easy = models.CharField("見出し（やさしい日本語）", max_length=100, blank=True, default="")
    body_easy = models.TextField("本文（やさしい日本語）", max_length=4000, blank=True, default="")
    title_en = models.CharField("見出し（English）", max_length=150, blank=True, default="")
    body_en = models.TextField("本文（English）", max_length=6000, blank=True, default="")
    starts_at = models.DateTimeField("のせはじめる日時", default=clock.now)
    ends_at = models.DateTimeField("のせおわる日時", null=True, blank=True)
    published_by = models.CharField("出した人", max_length=200, blank=True, default="")
    withdrawn_at = models.DateTimeField("取りやめ", null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "住民へのお知らせ"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="notices_announcement_ends_later",
            ),
        ]
        indexes: ClassVar = [tenant_index("-starts_at", "-id", name="notices_announcement_newest")]

    def __str__(self) -> str:
        return self.title

    def words(self, language: str) -> tuple[str, str, bool]:
        """Title, body, and whether they are in the reader's own language; a half-written text is no text."""
        own = {"ja-easy": (self.title_easy, self.body_easy), "en": (self.title_en, self.body_en)}.get(language)
        if own is None:
            return self.title, self.body, True
        return (*own, True) if all(own) else (self.title, self.body, False)

    @property
    def standing(self) -> str:
        """取りやめ, これから, 掲載中 or 終わり."""
        now = clock.now()
        if self.withdrawn_at is not None:
            return "取りやめ"
        if self.starts_at > now:
            return "これから"
        return "終わり" if self.ends_at is not None and self.ends_at <= now else "掲載中"
