"""Web processes take turns without losing a request: over new connections, and over those that a proxy keeps."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kakehashi.site.tests.test_serve import wait_for
from kakehashi.site.tests.test_wire import free_port
from kakehashi.site.web import Interrupt, _open_sockets


class Web:
    """`site.web` with the smallest program, and the processes that have answered so far."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        command = f"""{sys.executable} -m kakehashi.site.web --host 127.0.0.1 --port {self.port} --no-ws --workers 1
            --respawn-failed-workers --workers-kill-timeout 10 --respawn-interval 1 --no-access-log --log-level warning
            --interface wsgi --blocking-threads 4 kakehashi.site.tests.small_web:application"""
        environment = {**os.environ, "KAKEHASHI_HOME": str(home)}
        self.process = subprocess.Popen(command.split(), env=environment)

    def ask(self, wire: http.client.HTTPConnection) -> str:
        wire.request("POST", "/", b"sent once")
        return wire.getresponse().read().decode()

    def answers(self) -> str:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            return self.ask(wire)
        except OSError:
            return ""
        finally:
            wire.close()

    def loaded(self) -> set[str]:
        return {mark.name for mark in (self.home / "run" / "web").glob("*[0-9]")}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    started = Web(tmp_path_factory.mktemp("web"))
    wait_for(lambda: bool(started.answers()))
    yield started
    started.process.terminate()
    started.process.wait(30)


def keep_asking(web: Web, over: threading.Event, seen: Counter[str], *, keeps: bool) -> None:
    """Ask without a pause; a connection that was not closed by an answer is used again."""
    wire = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    while not over.is_set():
        try:
            seen["answered" if web.ask(wire) else "empty"] += 1
        except (OSError, http.client.HTTPException) as error:
            seen[repr(error)] += 1
            wire.close()
        if not keeps:
            wire.close()
    wire.close()


def test_no_request_is_lost_over_kept_connections_nor_over_new_ones(web: Web) -> None:
    over, seen, before = threading.Event(), Counter[str](), web.loaded()
    askers = [
        threading.Thread(target=keep_asking, args=(web, over, seen), kwargs={"keeps": number % 3 > 0})
        for number in range(12)
    ]
    for one in askers:
        one.start()
    web.process.send_signal(signal.SIGHUP)
    wait_for(lambda: before.isdisjoint(web.loaded()))
    over.set()
    for one in askers:
        one.join()
    assert set(seen) == {"answered"}, seen
    assert seen["answered"] > 100


@pytest.mark.parametrize("fault", ["broken", "behind"])
def test_a_version_that_cannot_load_or_lacks_tables_leaves_the_one_of_before_at_work(web: Web, fault: str) -> None:
    before = web.loaded()
    (web.home / fault).touch()
    web.process.send_signal(signal.SIGHUP)
    for _ in range(40):
        assert web.answers() in before
        threading.Event().wait(0.05)
    (web.home / fault).unlink()
    assert web.process.poll() is None
    web.process.send_signal(signal.SIGHUP)
    wait_for(lambda: before.isdisjoint(web.loaded()))
    assert web.answers() not in before


def test_each_process_has_a_place_of_its_own_where_connections_wait() -> None:
    server = SimpleNamespace(workers=3, bind_addr="127.0.0.1", bind_port=free_port(), backlog=16)
    _open_sockets(server)
    sockets = [one for _, one in server._places]
    assert {one.getsockname()[1] for one in sockets} == {server.bind_port}
    assert len({one.fileno() for one in sockets}) == 3
    for one in sockets:
        one.detach()  # its holder closes it


def test_a_signal_may_come_at_any_moment() -> None:
    """With an event this ends in a thread that waits for its own lock."""
    asked = SimpleNamespace(interrupt_signal=False, reload_signal=False)
    interrupt = Interrupt(asked)
    before = signal.signal(signal.SIGALRM, lambda *_: interrupt.set())
    signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
    try:
        for _ in range(2000):
            interrupt.clear()
            assert interrupt.wait(10)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_was_asked_for_meanwhile_is_not_forgotten() -> None:
    asked = SimpleNamespace(interrupt_signal=False, reload_signal=False)
    interrupt = Interrupt(asked)
    interrupt.set()
    interrupt.clear()
    assert not interrupt.is_set()
    asked.reload_signal = True
    interrupt.clear()
    assert interrupt.is_set()


SMUGGLED = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(SMUGGLED)


@pytest.mark.parametrize(
    "heads",
    [
        LENGTH + b"Transfer-Encoding: chunked\r\n",
        LENGTH + b"Content-Length: 0\r\n",
        LENGTH + b"Transfer-Encoding: xchunked\r\n",
        LENGTH + b"Transfer-Encoding : chunked\r\n",
        LENGTH + b"X: a\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: +10\r\n",
    ],
)
def test_nothing_is_smuggled_behind_a_request_that_can_be_read_in_two_ways(web: Web, heads: bytes) -> None:
    """One answer and then the end, whatever a proxy in front may have understood."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + heads + b"\r\n" + SMUGGLED)
        told = b""
        while part := wire.recv(4096):
            told += part
    assert told.count(b"HTTP/1.1 ") == 1, told
