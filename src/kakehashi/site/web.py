"""The web server, as `kakehashi serve` starts it: granian with its own options, and four things done differently.

Each process has a listening socket of its own, between which the kernel shares connections out, and this parent keeps all of
them open: granian lets a process open its socket itself, and the connections that wait there are cut off when it is renewed. (One
socket for all loses nothing either, but whoever wakes first takes what has come: of sixteen connections twelve to sixteen went to
one of two processes, and the other had nothing to do.) Processes are spawned, not forked: one forked from a process that has threads
may hang before it answers anybody. And an old process is asked to leave only when the new one has loaded; before it goes it
ends its connections with the answers it gives (see `site.leaving`), so that no proxy sends a request into one that is closing.
A rolling restart loses requests without any of these. And a signal may come at any moment (see `Interrupt`). When the new process cannot load, or its program needs tables that the
database does not have yet (every page would be an error), the old one stays.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import select
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from granian import cli
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.common import AbstractServer
from granian.server.mp import MPServer

from kakehashi.site.config import load
from kakehashi.site.leaving import leaving_mark, loaded_mark, renewing_mark

# A new process that has not loaded by then never will.
_LONGEST_LOAD = 120.0
_log = logging.getLogger("kakehashi.web")


class Interrupt:
    """In place of granian's `threading.Event`, which its handlers of signals set in the thread that waits for it.

    The lock of an event is not reentrant: a signal that came while the thread held it left a server that neither stopped nor
    took over another version. A pipe has no lock. What was asked for between a look and `clear` is not forgotten.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def set(self) -> None:
        """Let `wait` return, now and until `clear`."""
        with suppress(BlockingIOError):  # A full pipe wakes as well.
            os.write(self._write, b"!")

    def clear(self) -> None:
        """Let `wait` wait again, unless something is asked for still."""
        with suppress(BlockingIOError):
            while os.read(self._read, 4096):
                pass
        if self._server.interrupt_signal or self._server.reload_signal:
            self.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for `set`, at most `timeout` seconds; whether it was."""
        return bool(select.select([self._read], [], [], timeout)[0])

    def is_set(self) -> bool:
        """Whether `wait` would return at once."""
        return self.wait(0)


def _with_interrupt(original: Any) -> Any:
    """Granian's own, with an interrupt that a signal may set at any moment."""

    def begin(server: Any, *given: Any, **named: Any) -> None:
        original(server, *given, **named)
        server.main_loop_interrupt = Interrupt(server)

    return begin


def _open_sockets(server: Any) -> None:
    """In place of granian's own: bind in the parent, once for each process where the kernel can share out, as Linux does."""
    count = server.workers if sys.platform == "linux" else 1
    holders = [SocketSpec(server.bind_addr, server.bind_port, server.backlog).build() for _ in range(count)]
    server._places = [(holder, socket.socket(fileno=holder.get_fd())) for holder in holders]
    for _, one in server._places:
        one.set_inheritable(True)
    server._shd, server._sso = server._places[0]
    server._ssp = None


def _spawn_in_place(original: Any) -> Any:
    """Granian's own, with the socket of the place that the new process takes."""

    def spawn(server: Any, idx: int, *rest: Any, **named: Any) -> Any:
        # The holder travels as a number only; it is the socket beside it that is handed to the new process.
        server._shd, server._sso = server._places[idx % len(server._places)]
        return original(server, idx, *rest, **named)

    return spawn


def _renew(server: Any, workers: Iterable[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
    """In place of granian's own: one process after the other, each when its successor answers."""
    home = load().home
    for idx in workers:
        # Not where a crashed one is replaced: then a process that serves badly is better than none.
        if server.wrks[idx].is_alive():
            renewing_mark(home).touch()
        try:
            spawn = partial(server._spawn_worker, target=spawn_target, callback_loader=target_loader)
            _renew_one(server, idx, spawn, home, delay)
        finally:
            renewing_mark(home).unlink(missing_ok=True)


def _renew_one(server: Any, idx: int, spawn: Any, home: Path, delay: float) -> None:
    server.respawned_wrks[idx] = time.monotonic()
    new = spawn(idx=idx)
    new.start()
    old = server.wrks[idx]
    if not _has_loaded(loaded_mark(home, new._id()), new) and old.is_alive():
        _log.error("a new web process could not load, or is newer than the database; the one of before goes on")
        _end(server, new, home)
        # Its end is no crash: granian would count it as one, and stop altogether at the second.
        server.interrupt_children[:] = [one for one in server.interrupt_children if one != idx]
        return
    server.wrks[idx] = new
    leaving_mark(home, old._id()).touch()
    time.sleep(delay)
    _end(server, old, home)


def _end(server: Any, process: Any, home: Path) -> None:
    process.terminate()
    process.join(server.workers_kill_timeout)
    if process.is_alive():
        process.kill()
        process.join()
    for mark in (loaded_mark, leaving_mark):
        mark(home, process._id()).unlink(missing_ok=True)


def _has_loaded(mark: Path, worker: Any) -> bool:
    limit = time.monotonic() + _LONGEST_LOAD
    while not mark.exists() and worker.is_alive() and time.monotonic() < limit:
        time.sleep(0.1)
    return mark.exists()


def main() -> int:
    """Run granian's own command."""
    server: Any = AbstractServer
    server._respawn_workers = _renew
    processes: Any = MPServer
    processes.__init__ = _with_interrupt(processes.__init__)
    processes._init_shared_socket = _open_sockets
    processes._spawn_worker = _spawn_in_place(processes._spawn_worker)
    multiprocessing.set_start_method("spawn")
    command: Any = cli.entrypoint
    return int(command() or 0)


if __name__ == "__main__":
    sys.exit(main())
