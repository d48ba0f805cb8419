"""Where upper rooms say what travels: how a kind of thing is found, written into a bundle and applied from one."""

from __future__ import annotations

from kakehashi.exchange.domain.coexistence import (
    Handover,
    HandoverRow,
    Intake,
    Paper,
    Taken,
    register_handover,
    register_intake,
)
from kakehashi.exchange.domain.columns import Column
from kakehashi.exchange.domain.kinds import (
    EVENTS,
    PEER,
    Arrived,
    ItemKind,
    NotYet,
    Waiting,
    Written,
    item_kind,
    kinds,
    register_kind,
)
from kakehashi.exchange.domain.numbers import NumberFact, on_number
from kakehashi.exchange.domain.webhooks import Fact, WebhookSource, register_owner_mail, register_webhook_source

__all__ = [
    "EVENTS",
    "PEER",
    "Arrived",
    "Column",
    "Fact",
    "Handover",
    "HandoverRow",
    "Intake",
    "ItemKind",
    "NotYet",
    "NumberFact",
    "Paper",
    "Taken",
    "Waiting",
    "WebhookSource",
    "Written",
    "item_kind",
    "kinds",
    "on_number",
    "register_handover",
    "register_intake",
    "register_kind",
    "register_owner_mail",
    "register_webhook_source",
]
