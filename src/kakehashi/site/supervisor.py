"""Keep a handful of programs running: start in order, restart the dead with back-off, stop in the reverse order.

Every program leads a process group of its own, so that nothing it started outlives it, and is asked by the kernel
to stop when the supervisor itself is killed (PR_SET_PDEATHSIG), so that no `kill -9` leaves a database behind.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_POLL_SECONDS = 0.1
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
# A program that lived this long was healthy; its next death starts the back-off anew.
_HEALTHY_SECONDS = 60.0

Say = Callable[[str], None]


def die_with_parent(stop_signal: int, parent: int) -> None:
    """Ask the kernel, in a freshly forked child, to send `stop_signal` when the parent dies (Linux only)."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal)
    if os.getppid() != parent:
        os._exit(1)


@dataclass(frozen=True)
class Program:
    """One program to keep alive.

    `stop_signal` asks it to finish cleanly, `stop_seconds` is how long it may take, `is_ready` says when those after it
    may start, `when_ready` runs once before they do, and `become` runs in the child (to give up root, for instance).
    On SIGHUP a program gets its `reload_signal`; with `restarts_on_reload` it is stopped and started instead.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    is_ready: Callable[[], bool] = lambda: True
    become: Callable[[], None] = lambda: None
    when_ready: Callable[[], None] = lambda: None
    reload_signal: signal.Signals | None = None
    restarts_on_reload: bool = False


class _Child:
    """A program and the process it runs in now."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.restart_at = 0.0
        self.delay = _FIRST_DELAY

    def start(self) -> None:
        parent = os.getpid()

        def prepare() -> None:
            # The order matters: changing the user clears the parent-death signal.
            self.program.become()
            die_with_parent(self.program.stop_signal, parent)

        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            list(self.program.command),
            env={**os.environ, **self.program.environment},
            preexec_fn=prepare,  # noqa: PLW1509 - the supervisor has one thread
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self, now: float) -> float:
        """Remember when to start again; return the delay."""
        if now - self.started_at > _HEALTHY_SECONDS:
            self.delay = _FIRST_DELAY
        delay, self.delay = self.delay, min(self.delay * 2, _LONGEST_DELAY)
        self.restart_at = now + delay
        return delay

    def kill_group(self) -> None:
        """Remove whatever the program left behind; a surviving worker would keep the port open."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process is None:
            return
        if self.is_alive():
            self.process.send_signal(self.program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.program.stop_seconds)
        self.kill_group()
        self.process.wait()


class Supervisor:
    """Run programs until SIGINT or SIGTERM; `say` gets one line for each thing that happens."""

    def __init__(self, programs: Sequence[Program], say: Say) -> None:
        """Take the programs in the order of their start."""
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._is_stopping = False
        self._is_reloading = False

    def run(self, when_ready: Callable[[], None] = lambda: None) -> None:
        """Start everything, watch it, and stop it cleanly when asked."""
        previous = {number: signal.signal(number, self._ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
        previous[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._ask_to_reload)
        try:
            if self._start_all():
                when_ready()
            while not self._is_stopping:
                if self._is_reloading:
                    self._reload()
                self._revive_the_dead()
                time.sleep(_POLL_SECONDS)
        finally:
            self._stop_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _ask_to_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._is_reloading = True

    def _reload(self) -> None:
        """Let the programs take the new version of themselves, without a gap where they know how."""
        self._is_reloading = False
        for child in self._children:
            if child.program.reload_signal is not None and child.process is not None and child.is_alive():
                self._say(f"{child.program.name} を入れ替えます。 / {child.program.name} is being renewed.")
                child.process.send_signal(child.program.reload_signal)
            elif child.program.restarts_on_reload:
                self._say(f"{child.program.name} を入れ替えます。 / {child.program.name} is being renewed.")
                child.stop()
                child.start()

    def _start_all(self) -> bool:
        for child in self._children:
            if self._is_stopping:
                return False
            child.start()
            while not self._is_stopping and not child.program.is_ready():
                if not child.is_alive():
                    self._revive(child)
                time.sleep(_POLL_SECONDS)
            if not self._is_stopping:
                child.program.when_ready()
        return not self._is_stopping

    def _revive_the_dead(self) -> None:
        for child in self._children:
            if not child.is_alive():
                self._revive(child)

    def _revive(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            child.kill_group()
            status, child.process = child.process.returncode, None
            delay = child.note_death(now)
            name = child.program.name
            self._say(
                f"{name} が終了しました（{status}）。{delay:g} 秒後に再開します。 / {name} ended; restarting in {delay:g} s."
            )
        elif now >= child.restart_at:
            child.start()

    def _stop_all(self) -> None:
        for child in reversed(self._children):
            child.stop()
