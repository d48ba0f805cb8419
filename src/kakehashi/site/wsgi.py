"""The WSGI application that the web server runs: health, metrics, then Django.

What machines ask every few seconds is answered before Django: it needs no host name, no government and no session.
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import django

from kakehashi.site import config, health, huge_pages, metrics
from kakehashi.site.leaving import Leave

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


def with_health(inner: Application, token: str, counter: metrics.Counter | None) -> Application:
    """`inner`, and in front of it /livez, /readyz and, when there is a token for it, /metrics."""

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/livez":
            return _answer(environ, start, health.livez())
        if path == "/readyz":
            return _answer(environ, start, health.readyz())
        if counter is None:
            return inner(environ, start)
        if path == "/metrics" and metrics.is_allowed(environ.get("HTTP_AUTHORIZATION", ""), token):
            return _answer(environ, start, metrics.page(counter.total(), health.probes()))
        return _counted(inner, counter, environ, start)

    return application


def _answer(environ: Environ, start: Start, answer: health.Answer) -> Iterable[bytes]:
    status, kind, body = answer
    data = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(data))), ("Cache-Control", "no-store")]
    start(status, headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [data]


def _counted(inner: Application, counter: metrics.Counter, environ: Environ, start: Start) -> Iterable[bytes]:
    begun = time.perf_counter()

    def note(status: str, *rest: Any) -> Any:
        counter.count(status, time.perf_counter() - begun)
        return start(status, *rest)

    return inner(environ, note)


def _make() -> Application:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings")
    django.setup(set_prefix=False)
    from django.conf import settings

    from kakehashi.site.handler import Handler

    chosen = settings.CONFIG
    counter = metrics.Counter(chosen.home / "run" / "metrics") if chosen.metrics_token else None
    return _leave.ending(with_health(Handler(), chosen.metrics_token, counter))


def _warm() -> bool:
    """Load what the first pages would load, several at once while people wait; gives whether the database is behind this program."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - reading it imports every page
    try:
        seen, lacking = health.missing_migrations()
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, `/readyz` says it; the program itself has loaded
        return False
    finally:
        _let_go()
    return bool(seen and lacking)


def _let_go() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


_leave = Leave()
application = _make()
_is_behind = _warm()

# No line of ours says in which thread or line of code it was written: Python need not look for it each time.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
# As Python's "Logging HOWTO" has it, under "Optimization".
logging._srcfile = None  # type: ignore[attr-defined]

# What was loaded stays for ever: the garbage collector need not walk over it again and again. A request makes a few thousand
# objects, nearly all of which go by themselves, so it may look for the others less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
huge_pages.gather()
# For `site.web`, which waits for it before an old process leaves.
_leave.said_by(config.load().home, is_behind=_is_behind)
