"""How web processes take turns: one says that it has loaded, the one of before is told to prepare its leave.

What a closing server does to connections loses requests: a connection that was taken but has sent nothing yet is cut, and so is one
that a proxy keeps, though a request may be on its way. So a process that will leave first takes no new connection (its successor
takes them from the same socket), and ends each kept one with the answer it gives.
"""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["Leave", "leaving_mark", "loaded_mark", "renewing_mark"]

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
_LOOK_SECONDS = 0.1


def loaded_mark(home: Path, pid: int) -> Path:
    """The file by which a web process says that it has loaded."""
    return home / "run" / "web" / str(pid)


def leaving_mark(home: Path, pid: int) -> Path:
    """The file by which a web process is told that it will be asked to leave in a moment."""
    return loaded_mark(home, pid).with_suffix(".leaving")


def renewing_mark(home: Path) -> Path:
    """The file that stands while processes are renewed: whoever loads now has one of before beside it."""
    return home / "run" / "web" / "renewing"


class Leave:
    """Whether this process has been told that it will leave."""

    def __init__(self) -> None:
        self.is_near = False

    def said_by(self, home: Path, *, is_behind: bool = False) -> None:
        """Say that this process has loaded, and look from now on whether it is told to leave.

        `is_behind`: its program needs tables that the database does not have yet. Where another is at work it ends at once
        (SystemExit), before it answers anybody: every page of it would be an error.
        """
        if is_behind and renewing_mark(home).exists():
            raise SystemExit("this version needs tables that the database does not have yet: run kakehashi upgrade")
        mark = loaded_mark(home, os.getpid())
        mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark.touch()
        watcher = threading.Thread(
            target=self._watch, args=(leaving_mark(home, os.getpid()),), name="leaving", daemon=True
        )
        watcher.start()

    def ending(self, inner: Application) -> Application:
        """`inner`; when the leave is near, every answer ends its connection."""

        def application(environ: Environ, start: Start) -> Iterable[bytes]:
            if not self.is_near:
                return inner(environ, start)
            return inner(environ, lambda status, headers, *rest: start(status, [*headers, _END], *rest))

        return application

    def _watch(self, mark: Path) -> None:
        while not mark.exists():
            time.sleep(_LOOK_SECONDS)
        for number in _listening():
            _listen_elsewhere(number)
        self.is_near = True


_END = ("Connection", "close")


def _listening() -> Iterator[int]:
    """The numbers of this process's sockets that take connections; none where the system does not list them."""
    with suppress(OSError):
        for entry in Path("/proc/self/fd").iterdir():
            number = int(entry.name)
            with suppress(OSError):
                if stat.S_ISSOCK(os.fstat(number).st_mode) and _takes_connections(number):
                    yield number


def _takes_connections(number: int) -> bool:
    with socket.socket(fileno=os.dup(number)) as one:
        return one.family != socket.AF_UNIX and bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _listen_elsewhere(number: int) -> None:
    """Put a socket that nobody knows in the place of one: the other processes go on with the old one."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen(1)
        nobody.setblocking(False)
        os.dup2(nobody.fileno(), number, inheritable=False)
