"""A small HTTP client for measurements: many keep-alive connections in one thread, a fixed list of POSTs, no parsing to spare.

It takes some of the machine the server runs on, as pgbench does; its own processor time is reported.
"""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Result:
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    client_cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.receipts) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")


def csrf_token(port: int, slug: str, draft: list[str]) -> str:
    """Open the confirmation page as a browser does; returns the token its form carries (the cookie is its pair)."""
    import re
    import urllib.request

    draft_id, one = draft
    address = f"http://127.0.0.1:{port}/{slug}/procedures/drafts/{draft_id}/confirm/"
    request = urllib.request.Request(address, headers={"Cookie": f"kakehashi_mine={one}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        cookie = re.search(r"csrftoken=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie") or []))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    if cookie is None or token is None:
        raise SystemExit("the confirmation page carries no CSRF token")
    return f"{cookie.group(1)} {token.group(1)}"


def final_post(port: int, slug: str, draft: list[str], session: str, csrf: str) -> bytes:
    """The bytes of the last POST of an application: the passes' cookie, a session, the CSRF pair."""
    cookie, token = csrf.split(" ")
    body = urlencode({"csrfmiddlewaretoken": token}).encode()
    return (
        f"POST /{slug}/procedures/drafts/{draft[0]}/submit/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Origin: http://127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nAccept-Language: ja\r\n"
        f"Cookie: csrftoken={cookie}; kakehashi_session={session}; kakehashi_mine={draft[1]}\r\n\r\n"
    ).encode() + body


class _Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0

    def send(self, data: bytes) -> None:
        self.buffer, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(data)

    def read(self) -> tuple[int, str] | None:
        """(status, Location) when the whole answer is here; ConnectionError when the other side closed."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed")
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return None
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        lower = {name.lower(): value for name, value in fields.items()}
        if len(body) < int(lower.get(b"content-length", b"0")):
            return None
        return int(head[9:12]), lower.get(b"location", b"").decode()


def post_all(port: int, posts: list[bytes], clients: int, seconds: float | None = None) -> Result:
    """Send the posts over `clients` connections until they are used up or the time is over."""
    result, waiting = Result(), iter(posts)
    chosen = selectors.DefaultSelector()
    for _ in range(clients):
        connection = _Connection(port)
        chosen.register(connection.socket, selectors.EVENT_READ, connection)
    began, cpu = time.perf_counter(), time.process_time()
    for key in list(chosen.get_map().values()):
        _next(chosen, key.data, waiting)
    while chosen.get_map():
        for key, _ in chosen.select(timeout=30) or [(None, 0)]:
            if key is None:
                result.errors.append("no answer for 30 s")
                chosen.close()
                return _finish(result, began, cpu)
            is_over = seconds is not None and time.perf_counter() - began > seconds
            _take(chosen, key.data, result, iter(()) if is_over else waiting)
    return _finish(result, began, cpu)


def _take(chosen: selectors.BaseSelector, connection: _Connection, result: Result, waiting: object) -> None:
    try:
        answer = connection.read()
    except OSError as error:
        result.errors.append(str(error))
        chosen.unregister(connection.socket)
        return
    if answer is None:
        return
    status, location = answer
    result.latencies.append(time.perf_counter() - connection.sent_at)
    if status == 302 and location.endswith("/receipt/"):
        result.receipts.append(location.split("/")[-3])
    else:
        result.errors.append(f"status {status} {location}")
    _next(chosen, connection, waiting)


def _next(chosen: selectors.BaseSelector, connection: _Connection, waiting: object) -> None:
    data = next(waiting, None)  # type: ignore[call-overload]
    if data is None:
        chosen.unregister(connection.socket)
        connection.socket.close()
    else:
        connection.send(data)


def _finish(result: Result, began: float, cpu: float) -> Result:
    result.seconds, result.client_cpu = time.perf_counter() - began, time.process_time() - cpu
    return result
