"""Traces for OpenTelemetry, off by default: how long a page and its queries took, and nothing about anybody.

A span carries the pattern of the address (`staff/cases/<uuid:id>/`), never the address; the method; the status; and for
queries their first word, never their text or values. Needs the extra `kakehashi[traces]`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse


class TraceMiddleware:
    """One span for each request, with one inside it for each query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.tracer = _tracer(settings.CONFIG.traces_url)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            # Neither exceptions nor their texts go into a span: they may quote what somebody typed.
            span = stack.enter_context(
                self.tracer.start_as_current_span(
                    request.method or "", record_exception=False, set_status_on_exception=False
                )
            )
            stack.enter_context(connection.execute_wrapper(self._query))
            response = self.get_response(request)
            route = request.resolver_match.route if request.resolver_match else "-"
            span.update_name(f"{request.method} {route}")
            span.set_attribute("http.request.method", request.method or "")
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", response.status_code)
            return response

    def _query(self, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: Any) -> Any:
        word = str(statement).split(None, 1)[0].upper() if statement else "-"
        name = word if word.isalpha() else "QUERY"
        with self.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
            span.set_attribute("db.system.name", "postgresql")
            return execute(statement, params, many, context)


def _tracer(url: str) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImproperlyConfigured("KAKEHASHI_TRACES_URL needs: pip install 'kakehashi[traces]'") from error
    # Not Resource.create(), which would add what it finds out about the machine and its environment.
    provider = TracerProvider(resource=Resource({"service.name": "kakehashi"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return provider.get_tracer("kakehashi")
