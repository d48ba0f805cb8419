"""Whether this installation is alive and ready, as numbers. For load balancers, for monitoring, and for the status page."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from kakehashi.kernel import clock

LEAST_FREE = 1_000_000_000
LONGEST_SILENCE = 90.0
LONGEST_LAG = 60.0
OLDEST_BACKUP = 30 * 3600.0
# Probes ask often and from several sides; the answer is remembered for this long.
_REMEMBERED_SECONDS = 5.0


@dataclass(frozen=True)
class Probe:
    """One thing that was looked at. `value` is a plain number in `unit`, None when there is none.

    Only where `decides` may its failing take this machine out of service: a silent worker is no reason to turn people away.
    """

    name: str
    is_ok: bool
    value: float | None
    unit: str
    decides: bool = False


_lock = threading.Lock()
_remembered: tuple[float, list[Probe]] = (0.0, [])


def probes(*, remember: bool = True) -> list[Probe]:
    """Look at everything; never raises. Answers are a few seconds old at most."""
    global _remembered
    with _lock:
        at, known = _remembered
        if remember and known and time.monotonic() - at < _REMEMBERED_SECONDS:
            return known
        found = _look()
        _remembered = (time.monotonic(), found)
        return found


def is_ready(found: list[Probe]) -> bool:
    """Whether people can be let in."""
    return all(probe.is_ok for probe in found if probe.decides)


def _look() -> list[Probe]:
    from django.conf import settings
    from django.db import connections

    free = float(shutil.disk_usage(_existing(settings.CONFIG.home)).free)
    disk = Probe("disk", free > LEAST_FREE, free, "bytes", decides=True)
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
            database = Probe("database", is_ok=True, value=1, unit="", decides=True)
            return [database, _migrations(cursor), _worker(cursor), _queue(cursor), _seals(), disk, backup_probe()]
    except Exception:  # noqa: BLE001 — whatever is wrong with the database, it is not ready
        return [Probe("database", is_ok=False, value=0, unit="", decides=True), disk]
    finally:
        if not connections["default"].in_atomic_block:
            connections["default"].close()


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations(cursor: Any) -> Probe:
    cursor.execute("SELECT app, name FROM django_migrations")
    waiting = len(_on_disk() - set(cursor.fetchall()))
    return Probe("migrations", not waiting, waiting, "", decides=True)


def missing_migrations() -> tuple[int, int]:
    """How many migrations the database has seen (0: it holds no tables yet), and how many of this version it lacks."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone() == (None,):
            return 0, len(_on_disk())
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return len(applied), len(_on_disk() - applied)


def _worker(cursor: Any) -> Probe:
    cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
    (beat,) = cursor.fetchone()
    seconds = max((clock.now() - beat).total_seconds(), 0) if beat else None
    return Probe("worker", seconds is not None and seconds < LONGEST_SILENCE, seconds, "seconds")


def _queue(cursor: Any) -> Probe:
    cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    (failed,) = cursor.fetchone()
    return Probe("failed_tasks", not failed, failed, "")


def _seals() -> Probe:
    from kakehashi.governments.selectors import tenants
    from kakehashi.journal.selectors import seal_status
    from kakehashi.kernel.tenancy import open_government_id, tenant_scope

    longest = timedelta()
    for government in tenants():
        # Inside a page the scope of one government is open, and only its journal can be seen.
        if open_government_id() in (None, government.id):
            with tenant_scope(government.id):
                longest = max(longest, seal_status().lag)
    seconds = longest.total_seconds()
    return Probe("seal_lag", seconds < LONGEST_LAG, seconds, "seconds")


def backup_probe() -> Probe:
    """The age of the newest backup that succeeded."""
    from kakehashi.site.models import BackupRun

    made: datetime | None = (
        BackupRun.objects.filter(error="", finished_at__isnull=False)
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )
    seconds = (clock.now() - made).total_seconds() if made else None
    return Probe("backup_age", seconds is not None and seconds < OLDEST_BACKUP, seconds, "seconds")


Answer = tuple[str, str, str]


def livez() -> Answer:
    """Say that the process answers. It asks nobody else, so that a database that is away does not make it be killed."""
    return "200 OK", "application/json", '{"status": "alive"}'


def readyz(look: Callable[[], list[Probe]] = probes) -> Answer:
    """Whether people can be let in, with each probe as JSON; 503 when not. No names, no addresses, no texts."""
    import json

    found = look()
    ready = is_ready(found)
    checks = {probe.name: {"ok": probe.is_ok, "value": probe.value, "unit": probe.unit} for probe in found}
    body = json.dumps({"status": "ready" if ready else "not ready", "checks": checks})
    return "200 OK" if ready else "503 Service Unavailable", "application/json", body
