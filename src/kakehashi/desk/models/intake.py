"""How a consultation came in: channel, window, wishes, files, and mails that wait to become one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Channel(models.TextChoices):
    """The way a consultation came in."""

    FORM = "form", "画面"
    MAIL = "mail", "メール"
    PHONE = "phone", "電話"
    CHAT = "chat", "チャット"


class Zone(models.TextChoices):
    """The network the task's data lives in: it decides which tools are possible at all (三層の対策)."""

    UNKNOWN = "", "分からない"
    MY_NUMBER = "my_number", "個人番号利用事務系"
    LGWAN = "lgwan", "LGWAN接続系"
    INTERNET = "internet", "インターネット接続系"


class Intake(TenantModel):
    """The origin of a consultation and what its asker wishes. One row for each consultation at most.

    `window` is where it was first taken to (はじめに受けた窓口) when another window forwarded it, `came_from` the sender as
    written (a mail address, a telephone extension, a chat name). `boss` says whose boss knows, in the asker's words;
    `due_wish` is a wish and no promise.
    """

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="intakes")
    channel = models.CharField("受けた方法", max_length=10, choices=Channel, default=Channel.FORM)
    window = models.CharField("はじめに受けた窓口", max_length=100, blank=True)
    came_from = models.CharField("届いた元", max_length=200, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=200, blank=True)
    boss = models.CharField("知っている上司", max_length=100, blank=True)
    due_wish = models.DateField("いつまでに", null=True, blank=True)
    zone = models.CharField("ネットワーク", max_length=10, choices=Zone, default=Zone.UNKNOWN, blank=True)
    has_personal_data = models.BooleanField("個人情報を扱う", default=False)
    system = models.CharField("いま使っているシステム", max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "相談の受け方"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation"], name="desk_intake_once")
        ]

    def __str__(self) -> str:
        return self.get_channel_display()


class ConsultationFile(TenantModel):
    """A file that belongs to a consultation."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="files")
    stored_file = TenantForeignKey("files.StoredFile", related_name="+")
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談のファイル"
        indexes: ClassVar = [tenant_index("stored_file", name="desk_file_stored")]

    def __str__(self) -> str:
        return str(self.stored_file_id)


class ArrivalState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "まだ見ていない"
    TAKEN = "taken", "相談にした"
    JOINED = "joined", "相談の連絡に加えた"
    DISMISSED = "dismissed", "相談にしない"


class Arrival(TenantModel):
    """A mail that came to the desk. `message_id` is its own, so that fetching twice makes one row.

    A reply to a mail that is a consultation already goes into that consultation's thread (`joined`). What could not be kept of
    the attachments is told in `refused`, as lines of name and reason.
    """

    message_id = models.CharField(max_length=300)
    source = models.CharField("取り込み元", max_length=200)
    sender_name = models.CharField("差出人", max_length=200, blank=True)
    sender_address = models.CharField("差出人のアドレス", max_length=254, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField("件名", max_length=300, blank=True)
    body = models.TextField("本文", blank=True)
    refused = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ArrivalState, default=ArrivalState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    sender = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    consultation = TenantForeignKey(Consultation, null=True, blank=True, related_name="arrivals")
    arrived_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "届いたメール"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "message_id"], name="desk_arrival_once")
        ]
        indexes: ClassVar = [tenant_index("state", "-arrived_at", "-id", name="desk_arrival_state")]

    def __str__(self) -> str:
        return self.subject or "（件名なし）"


class ArrivalFile(TenantModel):
    """An attachment of a mail that came to the desk."""

    arrival = TenantForeignKey(Arrival, on_delete=models.CASCADE, related_name="files")
    stored_file = TenantForeignKey("files.StoredFile", related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = "届いたメールの添付"
        indexes: ClassVar = [tenant_index("stored_file", name="desk_arrival_file_stored")]

    def __str__(self) -> str:
        return str(self.stored_file_id)


class Mailbox(TenantModel):
    """The IMAP mailbox of the desk. One row at most; the password is sealed.

    Mails are read from `folder` and left there; `last_uid` is the last one that was read, under `uid_validity`.
    """

    host = models.CharField("サーバー", max_length=200)
    port = models.PositiveIntegerField("ポート", default=993)
    username = models.CharField("利用者名", max_length=200)
    password_sealed = models.TextField(blank=True)
    folder = models.CharField("フォルダー", max_length=100, default="INBOX")
    is_on = models.BooleanField("定期的に取り込む", default=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "相談窓口のメールボックス"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id"], name="desk_one_mailbox")]

    def __str__(self) -> str:
        return f"{self.username}@{self.host}"
