"""The web server, as `kakehashi serve` starts it: granian with its own options, and three things done differently.

All its processes share one listening socket: with one for each, as granian has on Linux, the connections that wait in a
process's queue are cut off when it is renewed. Processes are spawned, not forked: one forked from a process that has threads
may hang before it answers anybody. And an old process is asked to leave only when the new one has loaded. A rolling restart
loses requests without any of these.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from granian import cli
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.common import AbstractServer

from kakehashi.site.config import load

# A new process that has not loaded by then never will; the old one goes on, and leaves as before.
_LONGEST_LOAD = 120.0


def loaded_mark(home: Path, pid: int) -> Path:
    """The file by which a web process says that it has loaded."""
    return home / "run" / "web" / str(pid)


def _share_one_socket(server: Any) -> None:
    """In place of granian's own: bind once, in the parent, as it does on other systems than Linux."""
    server._shd = SocketSpec(server.bind_addr, server.bind_port, server.backlog).build()
    server._sfd = server._shd.get_fd()
    server._ssp = None


def _renew(server: Any, workers: Iterable[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
    """In place of granian's own: one process after the other, each when its successor answers."""
    home = load().home
    for idx in workers:
        server.respawned_wrks[idx] = time.monotonic()
        old = server.wrks.pop(idx)
        new = server._spawn_worker(idx=idx, target=spawn_target, callback_loader=target_loader)
        new.start()
        server.wrks.insert(idx, new)
        _wait_for(loaded_mark(home, new._id()), new)
        time.sleep(delay)
        old.terminate()
        old.join(server.workers_kill_timeout)
        if old.is_alive():
            old.kill()
            old.join()
        loaded_mark(home, old._id()).unlink(missing_ok=True)


def _wait_for(mark: Path, worker: Any) -> None:
    limit = time.monotonic() + _LONGEST_LOAD
    while not mark.exists() and worker.is_alive() and time.monotonic() < limit:
        time.sleep(0.1)


def main() -> int:
    """Run granian's own command."""
    server: Any = AbstractServer
    server._init_shared_socket = _share_one_socket
    server._respawn_workers = _renew
    multiprocessing.set_start_method("spawn")
    command: Any = cli.entrypoint
    return int(command() or 0)


if __name__ == "__main__":
    sys.exit(main())
