"""A request goes as soon as it is answered: nothing waits for the garbage collector."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from kakehashi.site.handler import Handler


@pytest.fixture(autouse=True)
def _connections_stay() -> Iterator[None]:
    """The server closes old connections around a request; here the tests beside want theirs again."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _ask(page: Any) -> Any:
    handler: Any = Handler()
    handler._middleware_chain = page
    environ: dict[str, Any] = RequestFactory()._base_environ(PATH_INFO="/a/")  # type: ignore[attr-defined]
    return handler(environ, lambda *_: None)


def test_a_request_is_gone_when_its_answer_was_closed() -> None:
    seen: list[weakref.ref[HttpRequest]] = []

    def page(request: Any) -> HttpResponseBase:
        seen.append(weakref.ref(request))
        request.session = {}
        # Its lazy user knows the request.
        AuthenticationMiddleware(lambda _: HttpResponse()).process_request(request)
        return HttpResponse(b"here" if seen[0]() is request else b"")

    gc.disable()
    try:
        answer = _ask(page)
        assert answer.content == b"here"
        answer.close()
        del answer
        assert [one() is None for one in seen] == [True]
    finally:
        gc.enable()


def test_a_streamed_answer_reads_its_request_until_the_end() -> None:
    answer = _ask(
        lambda request: StreamingHttpResponse(part + request.path.encode() for part in (b"first ", b" last "))
    )
    assert b"".join(answer) == b"first /a/ last /a/"
    answer.close()
