"""Webhooks: who is told of what, what was told, and every try to tell it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class WebhookState(models.TextChoices):
    """Whether messages go out. STOPPED: the program gave up; PAUSED: a person did it."""

    ACTIVE = "active", "送信中"
    PAUSED = "paused", "止めている"
    STOPPED = "stopped", "自動で止まった"


class Webhook(TenantModel):
    """An address of another system that is told when something happens.

    `kinds` are the kinds it wants; `department` narrows them to that department and the ones below. `position` is the index of
    the last event of the journal that was looked at: what is behind it is told once, nothing is left out. `failing_since` is the
    first failure since the last success.
    """

    name = models.CharField("送り先の名前", max_length=100)
    url = models.CharField("送り先のアドレス", max_length=500)
    kinds: models.JSONField[list[str], list[str]] = models.JSONField("知らせること", default=list)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", verbose_name="所属")
    owner = TenantForeignKey("people.Person", null=True, blank=True, related_name="+", verbose_name="担当者")
    secret_sealed = models.TextField()
    old_secret_sealed = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=WebhookState.choices, default=WebhookState.ACTIVE)
    position = models.BigIntegerField(default=-1)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField("作った人", max_length=200)
    sent_at = models.DateTimeField("最後に届いた時刻", null=True)
    failing_since = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "Webhook"
        indexes: ClassVar = [
            models.Index(fields=["government_id"], condition=Q(state="active"), name="exchange_hook_active"),
        ]

    def __str__(self) -> str:
        return self.name


class MessageState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", "送信待ち"
    SENT = "sent", "届いた"
    GIVEN_UP = "given_up", "届かなかった"


class WebhookMessage(TenantModel):
    """One thing told to one webhook, ids and states only. Its id is the `webhook-id` of every try, so a receiver knows a repeat.

    `event_id` and `position` are those of the journal; a test message has neither. `attempts` counts since the last replay.
    """

    webhook = TenantForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField("種類", max_length=60)
    event_id = models.UUIDField(null=True)
    position = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField("起きた時刻")
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Webhookの知らせ"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "webhook", "event_id"),
                condition=Q(event_id__isnull=False),
                name="exchange_hook_told_once",
            )
        ]
        indexes: ClassVar = [
            tenant_index("webhook", "-occurred_at", "-id", name="exchange_hook_latest"),
            models.Index(
                fields=["government_id", "next_attempt_at"], condition=Q(state="waiting"), name="exchange_hook_due"
            ),
            tenant_index("made_at", name="exchange_hook_made"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_test(self) -> bool:
        """Whether somebody only tried the address."""
        return self.event_id is None


class WebhookAttempt(TenantModel):
    """One try: the status that came back and the first bytes of the answer, or why none came. Rows are never changed."""

    message = TenantForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="tries")
    attempted_at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "Webhookの送信記録"
        indexes: ClassVar = [tenant_index("message", "-attempted_at", name="exchange_hook_tries")]

    def __str__(self) -> str:
        return f"{self.status or self.failure}"

    @property
    def is_taken(self) -> bool:
        """Whether the other side took it (2xx)."""
        return self.status is not None and 200 <= self.status < 300
