"""Bundles between two installations, lists of other systems, webhooks."""

from kakehashi.exchange.models.bundles import (
    FileCheck,
    IncomingBundle,
    IncomingItem,
    ItemState,
    Outcome,
    OutgoingBundle,
    OutgoingItem,
    Peer,
    Via,
)
from kakehashi.exchange.models.systems import HandedOver, IntakeRun, Layout, NumberKind, OutsideNumber, RunState
from kakehashi.exchange.models.webhooks import MessageState, Webhook, WebhookAttempt, WebhookMessage, WebhookState

__all__ = [
    "FileCheck",
    "HandedOver",
    "IncomingBundle",
    "IncomingItem",
    "IntakeRun",
    "ItemState",
    "Layout",
    "MessageState",
    "NumberKind",
    "Outcome",
    "OutgoingBundle",
    "OutgoingItem",
    "OutsideNumber",
    "Peer",
    "RunState",
    "Via",
    "Webhook",
    "WebhookAttempt",
    "WebhookMessage",
    "WebhookState",
]
