"""The web behind no proxy: bodies are taken in by the event loop, so that a slow sender never holds a thread.

Granian speaks RSGI to `application`; the WSGI application is called, in one of a few threads, only when the whole body is here.
A sender who pauses too long, or is slower than any real line, is cut off with 408. Behind a proxy that buffers (nginx, Caddy)
plain WSGI is faster and does as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from kakehashi.kernel.uploads import MOST_BYTES
from kakehashi.site.wsgi import application as wsgi

THREADS = 4
# Nothing longer than this comes in one request: large files come in chunks of at most 1 MB.
IN_MEMORY = 1024 * 1024
# A phone in a valley pauses for seconds, not for half a minute; a modem of 1995 managed 2 KB a second.
LONGEST_PAUSE = 20.0
SLOWEST_BYTES_PER_SECOND = 2_000
GRACE_SECONDS = 20.0
_LET_GO_SECONDS = 10.0

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")


class TooSlow(Exception):
    """The sender paused too long, or trickles."""


class TooMuch(Exception):
    """More bytes than any page of ours takes."""


@dataclass
class _Started:
    """What the WSGI application said before its first byte."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        self.status, self.headers = int(status[:3]), headers
        return lambda _: None


async def application(scope: Any, protocol: Any) -> None:
    """Answer one request."""
    if scope.proto != "http":
        protocol.response_empty(400, [])
        return
    try:
        body, size = await _body_of(scope, protocol)
    except TooSlow:
        protocol.response_str(
            408, _PLAIN, "送信に時間がかかりすぎたため、受け取りをやめました。 / The request took too long.\n"
        )
        return
    except TooMuch:
        await _let_go_by(protocol)
        protocol.response_str(413, _PAGE, _TOO_LARGE)
        return
    with body:
        started = _Started()
        loop = asyncio.get_running_loop()
        try:
            work = loop.run_in_executor(_threads, _call, environ(scope, body, size), started)
        except RuntimeError:
            # The process leaves, and its threads take nothing new: another one answers in a moment.
            protocol.response_str(503, [*_PAGE, ("retry-after", "10")], _LEAVING)
            return
        answer = await work
        if isinstance(answer, bytes):
            protocol.response_bytes(started.status, started.headers, answer)
        else:
            await _stream(protocol, started, answer)


_PAGE = [("content-type", "text/html; charset=utf-8"), ("connection", "close")]
_TOO_LARGE = (
    '<!doctype html><html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>送られた内容が大きすぎます</title><h1>送られた内容が大きすぎます</h1>"
    "<p>前のページにもどり、文章やファイルを小さくするか、分けて送ってください。</p>"
    '<p lang="en">The request is too large. Please go back and send less at once.</p></html>'
)


_LEAVING = (
    '<!doctype html><html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>いま、こみ合っています</title><h1>いま、こみ合っています</h1>"
    "<p>システムを動かし直しているところです。10秒ほど待ってから、もう一度お試しください。</p>"
    '<p lang="en">The system is being restarted. Please try again in ten seconds.</p></html>'
)


async def _let_go_by(protocol: Any) -> None:
    """Drop what is still coming, for a moment: a browser that is cut off while it sends never reads the answer."""
    with contextlib.suppress(TimeoutError, StopAsyncIteration):
        async with asyncio.timeout(_LET_GO_SECONDS):
            parts = aiter(protocol)
            while await parts.__anext__():
                pass


_PLAIN = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]


async def _body_of(scope: Any, protocol: Any) -> tuple[IO[bytes], int]:
    announced = scope.headers.get("content-length")
    if (announced or "0") == "0" and scope.headers.get("transfer-encoding") is None:
        return BytesIO(), 0
    return await receive(protocol, announced)


async def receive(protocol: Any, announced: str | None) -> tuple[IO[bytes], int]:
    """Take the body in. Raises TooSlow and TooMuch; whatever was taken in is dropped then."""
    if announced is not None and (not announced.isdigit() or int(announced) > MOST_BYTES):
        raise TooMuch
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the caller
    size, start = 0, time.monotonic()
    try:
        parts = aiter(protocol)
        while True:
            async with asyncio.timeout(LONGEST_PAUSE):
                # Not anext(parts, None): with a default it crashes the process on an exhausted body.
                part = await parts.__anext__()
            if not part:
                break
            size += len(part)
            if size > MOST_BYTES:
                raise TooMuch
            if time.monotonic() - start > GRACE_SECONDS + size / SLOWEST_BYTES_PER_SECOND:
                raise TooSlow
            body.write(part)
    except StopAsyncIteration:
        pass
    except TimeoutError as error:
        body.close()
        raise TooSlow from error
    except (TooSlow, TooMuch):
        body.close()
        raise
    body.seek(0)
    return body, size


def environ(scope: Any, body: IO[bytes], size: int) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # A name with an underscore would come out like one with a hyphen, and pass for a header we believe.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        made[key] = f"{made[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}" if key in made else value
    if scope.authority and "HTTP_HOST" not in made:
        # HTTP/2 has no Host header: what it would say stands in the request line.
        made["HTTP_HOST"] = scope.authority
    if size:
        made["CONTENT_LENGTH"] = str(size)
    return made


def _call(made: dict[str, Any], started: _Started) -> bytes | Iterable[bytes]:
    """Run the application; an answer in one piece is finished here, in the thread that holds its database connection."""
    answer = wsgi(made, started)
    if getattr(answer, "streaming", False):
        return answer
    try:
        return b"".join(answer)
    finally:
        _close(answer)


async def _stream(protocol: Any, started: _Started, answer: Iterable[bytes]) -> None:
    """Hand a file over piece by piece: the threads read it, a slow reader holds none of them."""
    loop, parts = asyncio.get_running_loop(), iter(answer)
    try:
        transport = protocol.response_stream(started.status, started.headers)
        while (part := await loop.run_in_executor(_threads, next, parts, None)) is not None:
            await transport.send_bytes(part)
    finally:
        await loop.run_in_executor(_threads, _close, answer)


def _close(answer: object) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
