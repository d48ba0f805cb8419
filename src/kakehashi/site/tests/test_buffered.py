"""Bodies taken in by the event loop: slow and endless senders are cut off, headers cannot be forged by their spelling."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from kakehashi.site import buffered
from kakehashi.site.buffered import TooMuch, TooSlow, environ, receive
from kakehashi.site.cli.serve import web_program


class Sender:
    """Sends parts, pausing before each."""

    def __init__(self, *parts: bytes, pause: float = 0) -> None:
        self.parts, self.pause = list(parts), pause

    def __aiter__(self):
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(self.pause)
        if not self.parts:
            raise StopAsyncIteration
        return self.parts.pop(0)


def take(sender: Sender, announced: str | None = None) -> tuple[bytes, int]:
    # In a thread of its own: the browser tests of this process leave an event loop running in the main one.
    with ThreadPoolExecutor(1) as thread:
        body, size = thread.submit(lambda: asyncio.run(receive(sender, announced))).result()
    with body:
        return body.read(), size


def test_a_whole_body_is_read_from_its_beginning():
    assert take(Sender(b"ab", b"c", b"")) == (b"abc", 3)
    assert take(Sender(b"x" * 2_000_000)) == (b"x" * 2_000_000, 2_000_000)


def test_a_sender_who_pauses_or_trickles_is_cut_off(monkeypatch):
    monkeypatch.setattr(buffered, "LONGEST_PAUSE", 0.01)
    with pytest.raises(TooSlow):
        take(Sender(b"a", b"b", pause=1))
    monkeypatch.setattr(buffered, "LONGEST_PAUSE", 1)
    monkeypatch.setattr(buffered, "GRACE_SECONDS", 0.01)
    with pytest.raises(TooSlow):
        take(Sender(*[b"a"] * 9, pause=0.005))


def test_more_than_any_page_takes_is_refused_announced_or_not(monkeypatch):
    monkeypatch.setattr(buffered, "MOST_BYTES", 10)
    for sender, announced in (
        (Sender(), "11"),
        (Sender(b"x" * 6, b"x" * 6), None),
        (Sender(), "-1"),
        (Sender(), "1e3"),
    ):
        with pytest.raises(TooMuch):
            take(sender, announced)


def test_headers_are_taken_over_and_underscores_are_dropped():
    headers = {"x-forwarded-for": "1.2.3.4", "x_forwarded_proto": "https", "content-type": "a/b"}
    scope = SimpleNamespace(
        method="POST", path="/%E6%9D%B1?", query_string="a=1", scheme="https", http_version="2", server="[::1]:8443",
        client="203.0.113.9:50000", authority="kakehashi.example", headers=headers,
    )  # fmt: skip
    made = environ(scope, None, 3)
    assert made["PATH_INFO"].encode("latin-1").decode() == "/東?"
    assert (made["REMOTE_ADDR"], made["HTTP_HOST"], made["CONTENT_LENGTH"]) == ("203.0.113.9", "kakehashi.example", "3")
    assert (made["HTTP_X_FORWARDED_FOR"], made["CONTENT_TYPE"]) == ("1.2.3.4", "a/b")
    assert "HTTP_X_FORWARDED_PROTO" not in made


@pytest.mark.parametrize(
    ("host", "changes", "interface"),
    [
        ("127.0.0.1", {}, "wsgi"),
        ("0.0.0.0", {"trusted_proxies": ["10.0.0.1"]}, "wsgi"),
        ("0.0.0.0", {}, "rsgi"),
        ("127.0.0.1", {"tls_cert": "c.pem", "tls_key": "k.pem"}, "rsgi"),
    ],
)
def test_strangers_meet_the_buffering_server(settings, tmp_path, host, changes, interface):
    import dataclasses

    config = dataclasses.replace(settings.CONFIG, home=tmp_path, **changes)
    command = web_program(config, host, 8000, 1).command
    assert command[command.index("--interface") + 1] == interface
    assert ("--ssl-certificate" in command) is bool(config.tls_cert)
