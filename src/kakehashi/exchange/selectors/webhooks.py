"""Reads of webhooks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.exchange.models import MessageState, Webhook, WebhookMessage
from kakehashi.kernel.errors import NotFound

__all__ = ["get_message", "get_webhook", "messages_of", "webhooks"]


def webhooks() -> QuerySet[Webhook]:
    """Every webhook with how many messages wait and were given up."""
    rows: QuerySet[Webhook] = Webhook.objects.select_related("department", "owner").annotate(
        waiting=Count("messages", filter=Q(messages__state=MessageState.WAITING)),
        given_up=Count("messages", filter=Q(messages__state=MessageState.GIVEN_UP)),
    )
    return rows.order_by("name", "id")


def get_webhook(webhook_id: UUID) -> Webhook:
    """One webhook. Raises NotFound."""
    found: Webhook | None = Webhook.objects.select_related("department", "owner").filter(id=webhook_id).first()
    if found is None:
        raise NotFound
    return found


def messages_of(webhook: Webhook, state: str = "") -> QuerySet[WebhookMessage]:
    """What a webhook was told; order by `-occurred_at`, `-id`."""
    rows: QuerySet[WebhookMessage] = WebhookMessage.objects.filter(webhook=webhook)
    return rows.filter(state=state) if state in MessageState.values else rows


def get_message(webhook: Webhook, message_id: UUID) -> WebhookMessage:
    """One message of a webhook with its tries, newest first. Raises NotFound."""
    found: WebhookMessage | None = WebhookMessage.objects.filter(webhook=webhook, id=message_id).first()
    if found is None:
        raise NotFound
    found.webhook = webhook
    return found
