"""What do trust and operations cost an application? The web's processor time with and without them, in turns, in one process.

Run in the checkout: `python bench/overhead.py`. Without: no health and metrics door, no request log, no check of wire and proxy,
no content policy, no HEAD, answers neither opened nor sealed. Limits and the access log of personal data are not on this road:
handing in counts no try (beginning a draft does) and reads only the applicant's own. The goal is 10 %.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import town

GOAL = 10.0
ADDED = (
    "kakehashi.kernel.transport.TransportMiddleware",
    "kakehashi.kernel.request_log.RequestLogMiddleware",
    "kakehashi.kernel.content_policy.ContentPolicyMiddleware",
    "kakehashi.kernel.head.HeadMiddleware",
)
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--each", type=int, default=100, help="applications in a turn")
    options = parser.parse_args()
    with town.folder("bench-overhead") as home, (home / "log").open("w", buffering=1) as log:
        os.environ.update(KAKEHASHI_HOME=str(home), DJANGO_SETTINGS_MODULE="kakehashi.site.settings")
        sys.stderr = log
        try:
            costs = measure(options.turns, options.each)
        finally:
            sys.stderr = sys.__stderr__
    with_, without = statistics.median(costs["with"]), statistics.median(costs["without"])
    more = statistics.median(a / b for a, b in zip(costs["with"], costs["without"], strict=True)) * 100 - 100
    print(f"with {with_:.3f} ms, without {without:.3f} ms of the web's processor time for an application")
    print(
        f"{'met ' if more <= GOAL else 'MISS'}  overhead ≤ {GOAL:.0f} %: {more:.1f} % (median of {options.turns} turns)"
    )


def measure(turns: int, each: int) -> dict[str, list[float]]:
    from kakehashi.site.cli.console import django_and_database

    with django_and_database("none"):
        from kakehashi.site.cli.migrate import migrate
        from kakehashi.site.wsgi import application

        migrate(verbosity=0)
        town._make_town()
        made = town._make_drafts(2 * (turns + 2) * each)
        waiting = iter(posts(application, made))
        roads = {"with": (application, unchanged), "without": (bare(), unsealed)}
        costs: dict[str, list[float]] = {name: [] for name in roads}
        for turn in range(turns + 2):
            for name in sorted(roads, reverse=bool(turn % 2)):
                road, around = roads[name]
                some = [next(waiting) for _ in range(each)]
                with around():
                    costs[name].append(cost(road, some))
        return {name: found[2:] for name, found in costs.items()}


def bare() -> Application:
    """Django's own handler with the middleware that stays."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    with patch.object(settings, "MIDDLEWARE", [one for one in settings.MIDDLEWARE if one not in ADDED]):
        return WSGIHandler()


@contextmanager
def unchanged() -> Iterator[None]:
    yield


@contextmanager
def unsealed() -> Iterator[None]:
    with (
        patch("kakehashi.procedures.selectors.applications.open_answers", dict),
        patch("kakehashi.procedures.services.submit_application.seal_answers", lambda _, answers: dict(answers)),
    ):
        yield


def cost(application: Application, some: list[Environ]) -> float:
    """Milliseconds of processor time for one of these."""
    began = time.thread_time()
    for environ in some:
        answer = application(environ, accepted)
        b"".join(answer)
        answer.close()
    return (time.thread_time() - began) * 1000 / len(some)


def accepted(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
    if not status.startswith("302"):
        raise SystemExit(f"the product refused: {status}")


def posts(application: Application, made: dict[str, Any]) -> Iterator[Environ]:
    (first, passes), seen = made["drafts"][0], {}
    page = environ("GET", f"/{town.SLUG}/procedures/drafts/{first}/confirm/", f"kakehashi_mine={passes}")
    text = b"".join(application(page, lambda _, headers: seen.update(headers))).decode()
    cookie = re.search(r"csrftoken=([^;]+)", seen["Set-Cookie"])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if cookie is None or token is None:
        raise SystemExit("the confirmation page carries no CSRF token")
    body = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    for number, (draft, one) in enumerate(made["drafts"]):
        session = made["sessions"][number % len(made["sessions"])]
        cookies = f"csrftoken={cookie[1]}; kakehashi_session={session}; kakehashi_mine={one}"
        yield environ("POST", f"/{town.SLUG}/procedures/drafts/{draft}/submit/", cookies, body)


def environ(method: str, path: str, cookies: str, body: bytes = b"") -> Environ:
    return {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ORIGIN": "http://127.0.0.1:8000", "HTTP_ACCEPT_LANGUAGE": "ja", "HTTP_COOKIE": cookies,
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip


if __name__ == "__main__":
    main()
