"""`kakehashi worker`: the queue of tasks, and the sweeps that look for waiting rows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kakehashi.site import huge_pages
from kakehashi.site.cli.console import require_answer, require_tables, setup
from kakehashi.site.config import load

_log = logging.getLogger("kakehashi.worker")
_TICK_SECONDS = 0.5
# A task whose worker has been silent for this long is given to another.
_SILENT_SECONDS = 60
# Stopping waits for the database, which may be gone already; after this the process leaves whatever it was doing.
# Nothing is lost: tasks are leased and given back, sweeps are transactions.
_LEAVE_SECONDS = 20
_NICENESS = 5
_LONG_SECONDS = 600.0
_IDLE_SHARE = 0.15
_FIRST_BACKUP_SECONDS = 300
_BACKUP_LOOK_SECONDS = 60


@click.command("worker")
@click.option("--once", is_flag=True, help="一巡だけ動いて終わる / Do what waits now, then end")
def command(once: bool) -> None:
    """ワーカーだけを動かす：記録の封印、お知らせの送信、採番など。 / Run the queue and the sweeps."""
    require_answer(load())
    setup()
    require_tables("any")
    if once:
        Sweeper().run_due(everything=True)
        asyncio.run(_work(wait=False))
        return
    step_back()
    huge_pages.gather()
    stop = threading.Event()
    # What comes once in ten minutes or less may take minutes where there are many governments: numbers and mails do not wait for it.
    sweepers = (Sweeper(BusyProcessors(), until=_LONG_SECONDS), Sweeper(since=_LONG_SECONDS))
    threads = [threading.Thread(target=one.run, args=(stop,), name="sweeps", daemon=True) for one in sweepers]
    for thread in threads:
        thread.start()
    threading.Thread(target=keep_backups, args=(stop,), name="backups", daemon=True).start()
    try:
        asyncio.run(_work(wait=True))
    finally:
        # Threads of the queue that wait for something that never comes would keep the process: then nobody starts another.
        _leave_for_sure()
        stop.set()
        for thread in threads:
            thread.join(_LEAVE_SECONDS / len(threads))


def step_back() -> None:
    """Let the web go first when both want the processor: people wait for pages, and nobody for a sweep.

    With autogroup, as most Linux kernels have it, niceness counts only inside a session, and the session's own is a file.
    """
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
        if os.getsid(0) == os.getpid():
            Path("/proc/self/autogroup").write_text(str(_NICENESS))


def keep_backups(stop: threading.Event) -> None:
    """Ask again and again whether a backup is due; it is made by a program of its own, which may fail alone."""
    if not load().backup_times:
        return
    # A fresh start has better things to do first.
    wait = _FIRST_BACKUP_SECONDS
    while not stop.wait(wait):
        wait = _BACKUP_LOOK_SECONDS
        if _backup_is_due():
            command = [sys.executable, "-m", "kakehashi.site", "backup", "--scheduled"]
            done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            if done.returncode != 0:
                _log.error("the scheduled backup failed; see the status page or run kakehashi backup")


def _backup_is_due() -> bool:
    from kakehashi.site.backups import scheduled_is_due

    try:
        return scheduled_is_due(load())
    except Exception:  # noqa: BLE001 - the database may be restarting; the next look tries again
        _log.exception("backups could not be looked for")
        return False
    finally:
        _release()


class BusyProcessors:
    """Says whether the processors had hardly a moment to spare since it was asked last (Linux; elsewhere never)."""

    def __init__(self, source: Path = Path("/proc/stat")) -> None:
        self._source = source
        self._before = self._read()

    def __call__(self) -> bool:
        """Whether less than `_IDLE_SHARE` of the time since the last call was idle."""
        before, self._before = self._before, self._read()
        passed = self._before[1] - before[1]
        return passed > 0 and self._before[0] - before[0] < _IDLE_SHARE * passed

    def _read(self) -> tuple[int, int]:
        """(idle, all) so far, in ticks. What the kernel, the host or guests took is not idle; waiting for the disk is not either."""
        try:
            counted = [int(each) for each in self._source.read_text().split("\n", 1)[0].split()[1:9]]
        except (OSError, ValueError):
            return 0, 0
        return (counted[3], sum(counted)) if len(counted) == 8 else (0, 0)


class Sweeper:
    """Runs each declared sweep for each government when it is due; a failure is logged and tried again.

    While the processors are busy, a sweep that has patience runs less often.
    """

    def __init__(
        self, is_busy: Callable[[], bool] = lambda: False, *, since: float = 0.0, until: float = math.inf
    ) -> None:
        """Only sweeps that come every `since` seconds or more, and every less than `until`."""
        self._is_busy = is_busy
        # When each sweep ended last.
        self._ended: dict[str, float] = {}
        self._since, self._until = since, until
        self._stop = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Go on until told to stop."""
        self._stop = stop
        while not stop.wait(_TICK_SECONDS):
            try:
                self.run_due()
            except Exception:  # noqa: BLE001 - the database may be restarting; the next tick tries again
                _log.exception("the sweeps could not run")
                stop.wait(2)
            finally:
                _release()

    def run_due(self, *, everything: bool = False) -> None:
        """Run the sweeps whose time has come."""
        from kakehashi.kernel.queue import sweeps

        now, is_busy = time.monotonic(), self._is_busy()
        mine = [sweep for sweep in sweeps() if self._since <= sweep.seconds < self._until]
        due = [sweep for sweep in mine if everything or self._is_due(sweep, now, is_busy=is_busy)]
        if not due:
            return
        wanted = [(sweep, _with_work(sweep)) for sweep in due]
        for government_id in _tenant_ids():
            if self._stop.is_set():
                return
            for sweep, waiting in wanted:
                if waiting is None or government_id in waiting:
                    _run_one(sweep, government_id)
        for sweep in due:
            self._ended[sweep.name] = time.monotonic()

    def _is_due(self, sweep: Any, now: float, *, is_busy: bool) -> bool:
        ended = self._ended.get(sweep.name)
        return ended is None or now - ended >= (sweep.patience if is_busy else sweep.seconds)


def _with_work(sweep: Any) -> set[Any] | None:
    """The governments a sweep has work in; None to look at each, as on a database that was not migrated yet."""
    from django.db import ProgrammingError

    from kakehashi.kernel.queue import governments_with_work

    try:
        return governments_with_work(sweep)
    except ProgrammingError:
        _log.warning("sweep %s looks at each government: run kakehashi migrate", sweep.name)
        return None


def _run_one(sweep: Any, government_id: Any) -> None:
    from django.db import OperationalError

    from kakehashi.kernel.queue import run_sweep

    try:
        run_sweep(sweep, government_id)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - one broken sweep must not stop the others
        _log.exception("sweep %s failed for %s", sweep.name, government_id)


def _tenant_ids() -> list[Any]:
    from kakehashi.governments.selectors import tenants

    return [government.id for government in tenants()]


def _release() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()


def working_app() -> Any:
    """The queue's app for the worker itself: its connections belong to the event loop, and nobody else may use them.

    It is a second app over the same tasks. Were the first one's connector replaced, what sweeps and tasks enqueue from their threads
    would go through the worker's connections, outside their own transactions; and two event loops that meet at one lock end the worker.
    """
    from procrastinate.contrib.django import app

    return app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]


async def _work(*, wait: bool) -> None:
    working = working_app()
    async with working.open_async():
        reviver = asyncio.create_task(_revive_lost_tasks(working))
        task = asyncio.create_task(
            working.run_worker_async(
                wait=wait, concurrency=2, install_signal_handlers=False, delete_jobs="successful",
                shutdown_graceful_timeout=15,
            )
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _leave, task)
        with contextlib.suppress(asyncio.CancelledError):
            await task
        reviver.cancel()


def _leave(task: asyncio.Task[None]) -> None:
    """Stop cleanly, and in any case within `_LEAVE_SECONDS`."""
    task.cancel()
    _leave_for_sure()


def _leave_for_sure() -> None:
    last_resort = threading.Timer(_LEAVE_SECONDS, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()


async def _revive_lost_tasks(app: Any) -> None:
    """Give tasks back that a killed worker left half done; tasks may run twice and are written for it."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_SECONDS):
                await app.job_manager.retry_job(job)
        except Exception:  # noqa: BLE001 - the database may be restarting; the next round tries again
            _log.exception("lost tasks could not be looked for")
        await asyncio.sleep(_SILENT_SECONDS)
