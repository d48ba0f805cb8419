"""照会・回答 between a prefecture and its municipalities.

Each side writes its own rows and publishes what the other must know as an addressed copy: the prefecture a call for each
municipality, the municipality its replies. What one municipality answers no other can read.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.governments.models import Government
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import AddressedModel, TenantForeignKey, TenantModel


class InquiryState(models.TextChoices):
    """How far an inquiry has come."""

    DRAFT = "draft", "作成中"
    ISSUED = "issued", "回答を待っています"
    CLOSED = "closed", "締め切りました"


class Audience(models.TextChoices):
    """Who is asked."""

    ALL = "all", "県内のすべての市町村"
    GROUP = "group", "種別や人口の同じ団体"
    CHOSEN = "chosen", "選んだ団体"


class MunicipalInquiry(TenantModel):
    """An inquiry (照会) of a prefecture: what is asked, of whom, until when. `items` is `domain.inquiries.Item` as JSON."""

    title = models.CharField("件名", max_length=120)
    body = models.TextField("照会の文", max_length=4000, blank=True)
    due_on = models.DateField("回答の期限")
    contact = models.CharField("問合せ先", max_length=200, blank=True)
    audience = models.CharField("照会する相手", max_length=10, choices=Audience, default=Audience.ALL)
    chosen = models.JSONField(default=list)
    items = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=InquiryState, default=InquiryState.DRAFT)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    issued_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="plans_inquiry_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=("government_id", "-created_at", "-id"), name="plans_inquiries_newest")
        ]

    def __str__(self) -> str:
        return self.title


class InquiryCall(AddressedModel):
    """What one municipality is asked: a copy of the inquiry addressed to it. `touch` grows with everything it must be told of."""

    inquiry_id = models.UUIDField()
    prefecture_name = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    due_on = models.DateField()
    contact = models.CharField(max_length=200, blank=True)
    items = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(default=1)
    change_note = models.CharField(max_length=300, blank=True)
    issued_at = models.DateTimeField(default=clock.now)
    return_note = models.CharField(max_length=500, blank=True)
    returned_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    touch = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("origin_id", "inquiry_id", "audience_id"), name="plans_inquiry_call_once")
        ]
        indexes: ClassVar = [models.Index(fields=("audience_id", "-issued_at"), name="plans_calls_of_town")]

    def __str__(self) -> str:
        return self.title


class TaskState(models.TextChoices):
    """How far a municipality's own work on an answer has come."""

    RECEIVED = "received", "受け取りました"
    WAITING = "waiting", "確認を待っています"
    ANSWERED = "answered", "回答しました"
    RETURNED = "returned", "県から差し戻されました"
    CLOSED = "closed", "締め切られました"


class InquiryTask(TenantModel):
    """A municipality's work on one call: the answers as they are being written, and who confirmed them."""

    call_id = models.UUIDField()
    inquiry_id = models.UUIDField()
    case = TenantForeignKey("cases.Case", null=True, related_name="+", db_index=False)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.RECEIVED)
    not_applicable = models.BooleanField("該当なし", default=False)
    note = models.CharField("県への連絡", max_length=500, blank=True)
    confirm_note = models.CharField(max_length=500, blank=True)
    written_by = models.CharField(max_length=200, blank=True)
    written_by_id = models.UUIDField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    seen_touch = models.PositiveIntegerField(default=0)
    seen_version = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "call_id"), name="plans_inquiry_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.state}"


class ReplyStage(models.TextChoices):
    """What the prefecture knows of one municipality's answer."""

    RECEIVED = "received", "受取済み"
    ANSWERED = "answered", "回答済み"
    NOT_APPLICABLE = "not_applicable", "該当なし"


class InquiryReply(AddressedModel):
    """One answer to a call, addressed to the prefecture; a corrected answer is the next `number`, and the former one stays.

    For a municipality outside the installation the prefecture itself writes the row, from the file that came back.
    """

    inquiry_id = models.UUIDField()
    municipality = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=ReplyStage)
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=200)
    confirmed_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(default=clock.now)
    is_from_file = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("audience_id", "inquiry_id", "municipality", "number"), name="plans_inquiry_reply_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.municipality_id} {self.number}"


OPEN_CALL = Q(closed_at__isnull=True)
