"""Webhooks as rules: kinds, the signature, how often and how long a message is tried, when a webhook is stopped.

The signature is that of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, `v1,` and base64, one for each valid secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from kakehashi.kernel.registry import Registry

__all__ = [
    "GIVE_UP_AFTER",
    "KEPT",
    "MAX_ATTEMPTS",
    "OVERLAP",
    "STOP_AFTER",
    "TEST",
    "Fact",
    "WebhookSource",
    "as_body",
    "kind_label",
    "kinds_of_webhooks",
    "new_secret",
    "next_attempt",
    "register_owner_mail",
    "register_webhook_source",
    "sign",
    "sources",
    "tell_owner",
]

TEST = "webhook.test"
_PREFIX = "whsec_"
# A receiver that is down over a night is still reached; the ninth failure, a good day later, is the last one.
_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
MAX_ATTEMPTS = len(_WAITS) + 1
GIVE_UP_AFTER = sum(_WAITS, timedelta())
STOP_AFTER = timedelta(days=5)
OVERLAP = timedelta(days=7)
KEPT = timedelta(days=90)


class _Event(Protocol):
    id: UUID
    code: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """What a room tells of one event: the department in charge and ids and states, never what somebody wrote."""

    department_id: UUID | None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebhookSource:
    """What a room lets other systems know: `kinds` with Japanese names, the event codes behind them, and how events are told.

    `tell` gives a fact for each event by its id; an event that is missing in the answer is not told.
    """

    kinds: Mapping[str, str]
    codes: Mapping[str, str]
    tell: Callable[[Sequence[_Event]], Mapping[UUID, Fact]]


_sources: Registry[WebhookSource] = Registry("sources of webhooks")
OwnerMail = Callable[[UUID, str, str, str, UUID], None]
_owner_mail: list[OwnerMail] = []


def register_webhook_source(room: str, source: WebhookSource) -> None:
    """Let other systems know of a room's events; raises DuplicateKey."""
    _sources.register(room, source)


def register_owner_mail(send: OwnerMail) -> None:
    """Name who brings a notice to the owner of a webhook: `send(person_id, subject, text, url, idempotency_key)`."""
    _owner_mail[:] = [send]


def tell_owner(person_id: UUID, subject: str, text: str, url: str, key: UUID) -> None:
    """Tell the owner, where notices are joined in."""
    for send in _owner_mail:
        send(person_id, subject, text, url, key)


def sources() -> list[WebhookSource]:
    """Every registered source."""
    return [source for _, source in _sources.items()]


def kinds_of_webhooks() -> list[tuple[str, str]]:
    """Every kind with its Japanese name, in the order of registration."""
    return [pair for source in sources() for pair in source.kinds.items()]


def kind_label(kind: str) -> str:
    """The Japanese name of a kind; the kind itself when its room has gone."""
    return dict([*kinds_of_webhooks(), (TEST, "試し送り")]).get(kind, kind)


def new_secret() -> str:
    """A new secret: `whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message with one secret."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def as_body(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def next_attempt(*, attempts: int, failed_at: datetime) -> datetime | None:
    """When to try again after `attempts` failures (1 or more), or None when it is time to give up."""
    return None if attempts >= MAX_ATTEMPTS else failed_at + _WAITS[attempts - 1]
