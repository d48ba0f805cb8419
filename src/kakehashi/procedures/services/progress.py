"""どこまで進んだか: written over a connection of its own, for the work's own transaction shows nothing before its end."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import connection

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.models import ImportWork, WorkState
from kakehashi.procedures.models.import_work import OPEN_STATES

__all__ = ["ProgressTeller"]

_log = logging.getLogger(__name__)
_SECONDS = 1.0


class ProgressTeller:
    """A context in which `tell(stage, done, total)` shows on the page, at most once a second; the work never waits for it.

    On entering the work is marked as running and counted as begun once more; on leaving nothing is written any more.
    """

    def __init__(self, government_id: UUID, work_id: UUID) -> None:
        self._government_id, self._work_id = government_id, work_id
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="progress")
        self._last: Future[None] | None = None
        self._told, self._stage = 0.0, ""
        self._is_stopped = False

    def __enter__(self) -> Self:
        self._pool.submit(self._begin).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Wait for what is being written, and write no more."""
        if not self._is_stopped:
            self._is_stopped = True
            self._pool.submit(_close)
            self._pool.shutdown(wait=True)

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Show how far it is, unless something was shown just now or is still being written."""
        now = time.monotonic()
        is_news = stage != self._stage or now - self._told >= _SECONDS
        if is_news and not self._is_stopped and (self._last is None or self._last.done()):
            self._told, self._stage = now, stage
            self._last = self._pool.submit(self._write, stage, done, total)

    def _begin(self) -> None:
        now = clock.now()
        with tenant_scope(self._government_id):
            for work in ImportWork.objects.filter(id=self._work_id, state__in=OPEN_STATES):
                work.state, work.begun, work.begun_at, work.told_at = WorkState.RUNNING, work.begun + 1, now, now
                work.done = 0
                work.save(update_fields=["state", "begun", "begun_at", "told_at", "done"])

    def _write(self, stage: str, done: int, total: int) -> None:
        try:
            with tenant_scope(self._government_id):
                ImportWork.objects.filter(id=self._work_id, state__in=OPEN_STATES).update(
                    stage=stage, done=done, total=total, told_at=clock.now()
                )
        except Exception:  # noqa: BLE001 - a bar that stands still must not stop the work
            _log.exception("progress of import work %s could not be shown", self._work_id)


def _close() -> None:
    """Give back the connection of the thread that runs this: each thread has its own."""
    connection.close()
