"""The API of all rooms in one document, `/<slug>/api/v1/openapi.json`, and in words for whoever connects a system, `/<slug>/api/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.decorators.http import require_GET

from kakehashi.exchange.domain.webhooks import (
    GIVE_UP_AFTER,
    KEPT,
    MAX_ATTEMPTS,
    OVERLAP,
    STOP_AFTER,
    kinds_of_webhooks,
)
from kakehashi.kernel.access import resident
from kakehashi.kernel.api import Operation, openapi, room_of
from kakehashi.kernel.permissions import known_permissions
from kakehashi.kernel.requests import Request

PREFIX = "api/v1/"
_EXAMPLE = Path(__file__).parent / "static" / "site" / "webhook_receiver.py"
_ROOMS = {"desk": "解決事例", "procedures": "手続・申請", "exchange": "Webhook", "indicators": "指標"}
_TYPES = {
    "string": "文字列",
    "integer": "整数",
    "boolean": "真偽",
    "object": "オブジェクト",
    "array": "配列",
    "null": "null",
}


@resident
@require_GET
def document(request: Request) -> HttpResponse:
    """The OpenAPI 3.1 document of this government's API."""
    return JsonResponse(
        openapi(f"{request.government.name} API", operations(), server=_server(request)),
        json_dumps_params={"ensure_ascii": False},
    )


@resident
@require_GET
def guide(request: Request) -> HttpResponse:
    """The API in words: keys, calls, errors, pulling applications, returning states, webhooks, and every operation."""
    context = {
        "server": _server(request),
        "rooms": _by_room(),
        "webhook_kinds": kinds_of_webhooks(),
        "tries": MAX_ATTEMPTS,
        "hours": round(GIVE_UP_AFTER.total_seconds() / 3600),
        "stop_days": STOP_AFTER.days,
        "overlap_days": OVERLAP.days,
        "kept_days": KEPT.days,
        "example": _EXAMPLE.read_text(encoding="utf-8"),
    }
    return render(request, "site/api_guide.html", context)


def _server(request: Request) -> str:
    return request.build_absolute_uri(reverse("site:home")).rstrip("/")


@cache
def operations() -> tuple[tuple[str, Operation], ...]:
    """Every declared operation with its address, as the document writes it."""
    return tuple(
        ("/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route), view.operation)
        for route, view in _views(get_resolver().url_patterns)
        if route.startswith(PREFIX) and hasattr(view, "operation")
    )


def _by_room() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Every operation as the guide shows it: (key, name, operations) for each room."""
    rooms: dict[str, list[dict[str, Any]]] = {}
    for address, operation in operations():
        rooms.setdefault(room_of(address), []).append(
            {
                "method": operation.method,
                "address": address,
                "operation": operation,
                "permission": known_permissions()[operation.permission] if operation.permission else "",
                "query": _fields(operation.query, set()),
                "headers": _fields(operation.headers, set()),
                "body": _properties(operation.body),
                "answer": _properties(operation.answer),
            }
        )
    return [(key, _ROOMS.get(key, key), found) for key, found in rooms.items()]


def _properties(schema: Any) -> list[tuple[str, str, bool, str]]:
    return _fields((schema or {}).get("properties", {}), set((schema or {}).get("required", ())))


def _fields(found: Any, required: set[str]) -> list[tuple[str, str, bool, str]]:
    """(name, type in words, required, what it is) of each field of a schema."""
    return [(name, _type(each), name in required, _words(each)) for name, each in found.items()]


def _type(schema: Any) -> str:
    if "anyOf" in schema:
        return "・".join(_type(each) for each in schema["anyOf"])
    kinds = schema.get("type", "object")
    name = "・".join(_TYPES[each] for each in ([kinds] if isinstance(kinds, str) else kinds))
    return f"{name}（{schema['format']}）" if "format" in schema else name


def _words(schema: Any) -> str:
    said = [str(schema["description"])] if "description" in schema else []
    if "enum" in schema:
        said.append("値：" + "、".join(str(each) for each in schema["enum"]))
    if "maxLength" in schema:
        said.append(f"{schema['maxLength']:,}字まで")
    if "maxItems" in schema:
        said.append(f"{schema['maxItems']:,}件まで")
    return "。".join(said)


def _views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback
