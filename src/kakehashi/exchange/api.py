"""The API of webhooks: what was told and what became of it, sent again by a call. Making one takes a person on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from kakehashi.exchange import services
from kakehashi.exchange.models import MessageState, Webhook, WebhookMessage
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors.webhooks import get_message, get_webhook, messages_of, webhooks
from kakehashi.kernel import clock
from kakehashi.kernel.api import api
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_below

_TEXT, _ID, _NUMBER = {"type": "string"}, {"type": "string", "format": "uuid"}, {"type": "integer"}
_MOMENT = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT = {"anyOf": [_MOMENT, {"type": "null"}]}
_NOTHING = {"type": "object", "additionalProperties": False}


def _thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_WEBHOOK = _thing(
    id=_ID, name=_TEXT, state=_TEXT, kinds={"type": "array", "items": _TEXT}, sent_at=_MAYBE_MOMENT,
    failing_since=_MAYBE_MOMENT, waiting=_NUMBER, given_up=_NUMBER,
)  # fmt: skip
_MESSAGE = _thing(
    id=_ID, kind=_TEXT, position={"type": ["integer", "null"]}, occurred_at=_MOMENT, state=_TEXT, attempts=_NUMBER,
    payload={"type": "object"},
)  # fmt: skip
_RANGE = {
    "type": "object",
    "required": ["since", "until"],
    "additionalProperties": False,
    "properties": {"since": _MOMENT, "until": _MOMENT},
}
_PERMISSION = ExchangePermission.WEBHOOKS


@api(
    summary="Webhookの送り先",
    answer=_thing(webhooks={"type": "array", "items": _WEBHOOK}),
    permission=_PERMISSION,
    notes="所属の決まった鍵には、その所属と下の所属の送り先だけが見えます。",
)
def webhooks_list(request: Request) -> HttpResponse:
    """Every webhook that the key may see, and how it stands."""
    rows = [row for row in webhooks() if _may_see(request, row)]
    return JsonResponse({"webhooks": [_webhook(row) for row in rows]})


@api(
    summary="Webhookの送信の記録（新しい順）",
    answer=_thing(messages={"type": "array", "items": _MESSAGE}, next={"type": ["string", "null"]}),
    permission=_PERMISSION,
    query={"cursor": {"type": "string", "maxLength": 2000}, "state": {"type": "string", "enum": MessageState.values}},
    notes="90日より前の記録はありません。",
)
def webhook_messages(request: Request, webhook_id: UUID, query: dict[str, str]) -> HttpResponse:
    """What was told, with ids and states as they were sent."""
    rows = messages_of(_own(request, webhook_id), query.get("state", ""))
    page = keyset_page(rows, ("-occurred_at", "-id"), query.get("cursor"), 100)
    return JsonResponse({"messages": [_message(row) for row in page.rows], "next": page.next_cursor})


@api(summary="一件をもう一度送る", answer=_MESSAGE, permission=_PERMISSION, method="POST", body=_NOTHING)
def webhook_resend(request: Request, webhook_id: UUID, message_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Send one message again, under the same id."""
    found = get_message(_own(request, webhook_id), message_id)
    return JsonResponse(_message(services.replay_message(actor=request.actor, message=found)))


@api(
    summary="期間を送り直す",
    answer=_thing(count=_NUMBER),
    permission=_PERMISSION,
    method="POST",
    body=_RANGE,
    notes="その期間に起きたことを、同じ番号（webhook-id）でもう一度送ります。一度に10,000件まで。",
)
def webhook_replay(request: Request, webhook_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Send again everything that happened between two moments."""
    moments = {name: _moment(name, body[name]) for name in ("since", "until")}
    count = services.replay_messages(actor=request.actor, webhook=_own(request, webhook_id), **moments)
    return JsonResponse({"count": count})


@api(summary="試しに送る", answer=_MESSAGE, permission=_PERMISSION, method="POST", body=_NOTHING)
def webhook_test(request: Request, webhook_id: UUID, body: dict[str, Any]) -> HttpResponse:
    """Try the address once, with a message that says so."""
    return JsonResponse(_message(services.send_test(actor=request.actor, webhook=_own(request, webhook_id))))


def _may_see(request: Request, row: Webhook) -> bool:
    """A key of a department sees the webhooks of that department and those below it, and none of the whole government."""
    department = getattr(request.actor, "department_id", None)
    return department is None or row.department_id in departments_below(department)


def _own(request: Request, webhook_id: UUID) -> Webhook:
    found = get_webhook(webhook_id)
    if not _may_see(request, found):
        raise NotFound
    return found


def _moment(name: str, text: str) -> datetime:
    """A moment as it was written; one without an offset is Japan's. Raises DomainError."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=clock.JST)).astimezone(clock.JST)
    except (ValueError, OverflowError) as error:
        raise DomainError("この日時は使えません。", field=name) from error


def _webhook(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "state": row.state,
        "kinds": row.kinds,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "failing_since": row.failing_since.isoformat() if row.failing_since else None,
        "waiting": row.waiting,
        "given_up": row.given_up,
    }


def _message(row: WebhookMessage) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "position": row.position,
        "occurred_at": row.occurred_at.isoformat(),
        "state": row.state,
        "attempts": row.attempts,
        "payload": row.payload,
    }
