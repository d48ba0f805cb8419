"""知らせる: look through the journal, write messages, send them, try again, send once more on request.

Nothing is added to the acts themselves: a sweep reads what the journal has sealed, in its order, so that no event is left out and
none is told twice. A message goes out at least once; its id is the same in every try.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from kakehashi.exchange.domain.webhooks import (
    KEPT,
    STOP_AFTER,
    TEST,
    Fact,
    as_body,
    next_attempt,
    sign,
    sources,
    tell_owner,
)
from kakehashi.exchange.models import MessageState, Webhook, WebhookAttempt, WebhookMessage, WebhookState
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.models import Event
from kakehashi.journal.selectors import sealed_events_after
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, send
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.selectors import departments_below
from kakehashi.people.services.security import unseal_secret

__all__ = [
    "MOST_REPLAYED",
    "claim_messages",
    "forget_messages",
    "gather_messages",
    "replay_message",
    "replay_messages",
    "send_message",
    "send_test",
]

MOST_REPLAYED = 10_000
_BATCH = 500
_CLAIM = timedelta(minutes=10)
_AT_ONCE = 20
_SECONDS, _PAUSE, _BYTES = 10.0, 5.0, 500
_GONE = 410
_GIVEN_UP, _STOPPED = UUID(int=1), UUID(int=2)


@service
def gather_messages() -> int:
    """Write a message for each webhook and each sealed event it wants, from where it looked last; gives how many.

    At most 500 places of the journal for each webhook a run. Two runs at once take different webhooks.
    """
    count = 0
    active = Webhook.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=WebhookState.ACTIVE)
    read: dict[int, tuple[list[tuple[int, Event, str, Fact]], int]] = {}
    for webhook in active.order_by("position"):
        if webhook.position not in read:
            read[webhook.position] = _told_after(webhook.position)
        found, last = read[webhook.position]
        if last == webhook.position:
            continue
        mine = None if webhook.department_id is None else departments_below(webhook.department_id)
        rows = [
            _message(webhook, index, event, kind, fact)
            for index, event, kind, fact in found
            if kind in webhook.kinds and (mine is None or fact.department_id in mine)
        ]
        WebhookMessage.objects.bulk_create(rows, ignore_conflicts=True)
        Webhook.objects.filter(id=webhook.id).update(position=last)
        count += len(rows)
    return count


def _told_after(position: int) -> tuple[list[tuple[int, Event, str, Fact]], int]:
    """The events behind a position that some room tells of, each with its kind and fact, and the last place looked at."""
    events, last = sealed_events_after(position, limit=_BATCH)
    found: list[tuple[int, Event, str, Fact]] = []
    for source in sources():
        own = [(index, event) for index, event in events if event.code in source.codes]
        facts = source.tell([event for _, event in own]) if own else {}
        found += [
            (index, event, source.codes[event.code], facts[event.id]) for index, event in own if event.id in facts
        ]
    return sorted(found, key=lambda one: one[0]), last


def _message(webhook: Webhook, index: int, event: Event, kind: str, fact: Fact) -> WebhookMessage:
    payload = {"type": kind, "timestamp": event.occurred_at.isoformat(), "position": index, "data": fact.data}
    return WebhookMessage(
        webhook=webhook, kind=kind, event_id=event.id, position=index, occurred_at=event.occurred_at, payload=payload,
        next_attempt_at=clock.now(),
    )  # fmt: skip


@service
def claim_messages(*, limit: int = 100) -> list[UUID]:
    """Claim the messages that are due and queue one task for each; gives their ids.

    In the order of the journal. Of a webhook that is failing only one is tried at a time, so that a dead receiver does not hold
    up the others; the claim moves the next try ahead by ten minutes, after which another worker finds it.
    """
    now = clock.now()
    due = (
        WebhookMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=MessageState.WAITING, next_attempt_at__lte=now)
        .filter(webhook__state=WebhookState.ACTIVE)
        .select_related("webhook")
        .order_by("next_attempt_at", "position")[: limit * 2]
    )
    taken: dict[UUID, int] = {}
    ids: list[UUID] = []
    for message in due:
        most = 1 if message.webhook.failing_since else _AT_ONCE
        if taken.get(message.webhook_id, 0) < most and len(ids) < limit:
            taken[message.webhook_id] = taken.get(message.webhook_id, 0) + 1
            ids.append(message.id)
    _queue(ids)
    return ids


def _queue(ids: Sequence[UUID]) -> None:
    WebhookMessage.objects.filter(id__in=ids).update(next_attempt_at=clock.now() + _CLAIM)
    for message_id in ids:
        enqueue("exchange.send_webhook", government_id=current_government_id(), message_id=message_id)


@service
def send_message(*, message_id: UUID) -> WebhookAttempt | None:
    """Try once to send a message and log the try; None when it does not wait any more or its webhook sends nothing now."""
    message: WebhookMessage | None = (
        WebhookMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("webhook")
        .filter(id=message_id, state=MessageState.WAITING)
        .first()
    )
    if message is None or (message.webhook.state != WebhookState.ACTIVE and not message.is_test):
        return None
    tried = _try(message)
    message.attempts += 1
    if tried.is_taken:
        message.state, message.done_at, message.next_attempt_at = MessageState.SENT, clock.now(), None
        Webhook.objects.filter(id=message.webhook_id).update(sent_at=clock.now(), failing_since=None)
    else:
        _failed(message, tried)
    message.save(update_fields=["state", "attempts", "next_attempt_at", "done_at"])
    return tried


def _try(message: WebhookMessage) -> WebhookAttempt:
    body, began = as_body(message.payload), time.monotonic()
    status, answer, failure = None, "", ""
    try:
        found = send(
            message.webhook.url, method="POST", body=body, headers=_headers(message, body),
            seconds=_SECONDS, pause=_PAUSE, most=_BYTES, cut=True,
        )  # fmt: skip
        status, answer = found.status, found.body.decode("utf-8", "replace").replace("\x00", "")[:_BYTES]
    except OutboundRefused as error:
        failure = str(error)[:300]
    except NoAnswer as error:
        failure = f"つながりません（{error}）"[:300]
    attempt: WebhookAttempt = WebhookAttempt.objects.create(
        message=message, attempted_at=clock.now(), status=status, answer=answer, failure=failure,
        milliseconds=int((time.monotonic() - began) * 1000),
    )  # fmt: skip
    return attempt


def _headers(message: WebhookMessage, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; while two secrets are valid there are two signatures."""
    webhook, now = message.webhook, clock.now()
    sealed = [webhook.secret_sealed]
    if webhook.old_secret_sealed and webhook.old_secret_until and webhook.old_secret_until > now:
        sealed.append(webhook.old_secret_sealed)
    stamp = int(now.timestamp())
    signatures = [sign(unseal_secret(each), str(message.id), stamp, body) for each in sealed]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Kakehashi-Webhook/1",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signatures),
    }


def _failed(message: WebhookMessage, tried: WebhookAttempt) -> None:
    """Wait, or give up and tell the owner; after five days without one success, or at 410, the webhook is stopped."""
    now, webhook = clock.now(), message.webhook
    message.next_attempt_at = None if message.is_test else next_attempt(attempts=message.attempts, failed_at=now)
    if message.next_attempt_at is None:
        message.state, message.done_at = MessageState.GIVEN_UP, now
    if message.is_test:
        return
    Webhook.objects.filter(id=webhook.id, failing_since__isnull=True).update(failing_since=now)
    since = webhook.failing_since or now
    if tried.status == _GONE:
        _stop(webhook, "送り先が「もう受け取らない」（410）と答えました。")
    elif now - since >= STOP_AFTER:
        _stop(webhook, "5日続けて、一件も届きませんでした。")
    elif message.state == MessageState.GIVEN_UP:
        _tell(
            webhook, _GIVEN_UP, "に届かなかった知らせがあります", "送り先を直してから、送信の記録で送り直してください。"
        )


def _stop(webhook: Webhook, why: str) -> None:
    """Send nothing more until a person goes on; the messages stay and wait."""
    rows = Webhook.objects.filter(id=webhook.id, state=WebhookState.ACTIVE)
    if not rows.update(state=WebhookState.STOPPED, stopped_why=why):
        return
    record_event(
        actor=system_actor(webhook.government_id, "Webhook"), code="exchange.webhook.stopped",
        subject_kind="exchange.webhook", subject_id=webhook.id, payload={"name": webhook.name, "why": why},
    )  # fmt: skip
    _tell(
        webhook,
        _STOPPED,
        "への送信を自動で止めました",
        f"{why}送り先を直して「再開する」を押すと、止まった所から送ります。",
    )


def _tell(webhook: Webhook, what: UUID, subject: str, text: str) -> None:
    """One notice a day and reason."""
    if webhook.owner_id is None:
        return
    key = uuid5(webhook.id, f"{what}|{clock.today().isoformat()}")
    url = absolute_url(get_government(webhook.government_id), "exchange-staff:webhook", webhook.id)
    tell_owner(webhook.owner_id, f"Webhook「{webhook.name}」{subject}", text, url, key)


@service
def send_test(*, actor: Actor, webhook: Webhook) -> WebhookMessage:
    """Try the address once, with a message that says so; it is queued at once and changes nothing else."""
    require(actor, ExchangePermission.WEBHOOKS)
    now = clock.now()
    data: dict[str, Any] = {"government": get_government(webhook.government_id).code}
    message: WebhookMessage = WebhookMessage.objects.create(
        webhook=webhook, kind=TEST, occurred_at=now,
        payload={"type": TEST, "timestamp": now.isoformat(), "position": None, "data": data},
    )  # fmt: skip
    _queue([message.id])
    return message


@service
def replay_message(*, actor: Actor, message: WebhookMessage) -> WebhookMessage:
    """Send one message again under the same id, with tries counted anew. Raises DomainError while its webhook is stopped."""
    _replay(actor, message.webhook, WebhookMessage.objects.filter(id=message.id), {"message": str(message.id)})
    message.refresh_from_db()
    return message


@service
def replay_messages(*, actor: Actor, webhook: Webhook, since: datetime, until: datetime) -> int:
    """Send again everything that happened between two moments, both included; gives how many.

    Raises DomainError for an end before the beginning, for more than 10,000, and while the webhook is stopped.
    """
    if until < since:
        raise DomainError("終わりは、始まりより後にしてください。", field="until")
    rows = WebhookMessage.objects.filter(
        webhook=webhook, event_id__isnull=False, occurred_at__gte=since, occurred_at__lte=until
    )
    if rows.count() > MOST_REPLAYED:
        raise DomainError(f"一度に送り直せるのは{MOST_REPLAYED:,}件までです。期間を短くしてください。", field="until")
    return _replay(actor, webhook, rows, {"since": since.isoformat(), "until": until.isoformat()})


def _replay(actor: Actor, webhook: Webhook, rows: QuerySet[WebhookMessage], payload: dict[str, Any]) -> int:
    require(actor, ExchangePermission.WEBHOOKS)
    if not Webhook.objects.filter(id=webhook.id, state=WebhookState.ACTIVE).exists():
        raise DomainError("この送り先は止まっています。再開してから送り直してください。")
    count: int = rows.filter(event_id__isnull=False).update(
        state=MessageState.WAITING, attempts=0, next_attempt_at=clock.now(), done_at=None
    )
    record_event(
        actor=actor, code="exchange.webhook.replayed", subject_kind="exchange.webhook", subject_id=webhook.id,
        payload=payload | {"name": webhook.name, "count": count},
    )  # fmt: skip
    return count


@service
def forget_messages(*, limit: int = 20_000) -> int:
    """Forget messages older than ninety days with their tries, save those that still wait; gives the number."""
    old = WebhookMessage.objects.filter(made_at__lt=clock.now() - KEPT).exclude(state=MessageState.WAITING)
    ids = list(old.order_by("made_at").values_list("id", flat=True)[:limit])
    WebhookMessage.objects.filter(id__in=ids).delete()
    return len(ids)
