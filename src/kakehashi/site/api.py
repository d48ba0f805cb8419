"""The API of all rooms in one document: `/<slug>/api/v1/openapi.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.decorators.http import require_GET

from kakehashi.kernel.access import resident
from kakehashi.kernel.api import Operation, openapi
from kakehashi.kernel.requests import Request

PREFIX = "api/v1/"


@resident
@require_GET
def document(request: Request) -> HttpResponse:
    """The OpenAPI 3.1 document of this government's API."""
    server = request.build_absolute_uri(reverse("site:home")).rstrip("/")
    return JsonResponse(
        openapi(f"{request.government.name} API", operations(), server=server),
        json_dumps_params={"ensure_ascii": False},
    )


@cache
def operations() -> tuple[tuple[str, Operation], ...]:
    """Every declared operation with its address, as the document writes it."""
    return tuple(
        ("/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route), view.operation)
        for route, view in _views(get_resolver().url_patterns)
        if route.startswith(PREFIX) and hasattr(view, "operation")
    )


def _views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback
