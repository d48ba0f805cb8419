"""Backups of the installation: where they lie, when the next is due, which are old enough to go."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from kakehashi.kernel import clock
from kakehashi.site.archive import Contents, Progress, backup_public_key, write_archive
from kakehashi.site.config import Config
from kakehashi.site.embedded import OWNER, EmbeddedPostgres

SUFFIX = ".backup"
_SCHEDULED = "daily-"
# After a failure the next attempt waits for this long.
_AGAIN_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Made:
    """A backup on the disk."""

    path: Path
    made_at: datetime
    size: int


def owner_url(config: Config) -> str:
    """The URL of the role that owns the tables."""
    if config.embedded:
        return EmbeddedPostgres(config.home).url(OWNER)
    return config.database_admin_url or config.database_url


def backup_folder(config: Config) -> Path:
    """Where backups go unless a path is given."""
    return config.backup_folder or config.home / "backups"


def made_backups(config: Config) -> list[Made]:
    """The backups in the folder, newest first."""
    found = []
    for path in backup_folder(config).glob(f"*{SUFFIX}"):
        facts = path.stat()
        found.append(Made(path, datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def make_backup(config: Config, target: Path, progress: Progress) -> Contents:
    """Write a backup to `target`, whose folder is made private."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    public = backup_public_key(config.home)
    return write_archive(target, url=owner_url(config), home=config.home, public=public, progress=progress)


def new_path(config: Config, *, scheduled: bool = False, label: str = "kakehashi-") -> Path:
    """The name of a backup made now."""
    name = f"{_SCHEDULED if scheduled else label}{clock.now().astimezone(clock.JST):%Y%m%d-%H%M%S}{SUFFIX}"
    return backup_folder(config) / name


def drop_old_backups(config: Config) -> list[Path]:
    """Remove scheduled backups beyond the number to keep; what somebody made by hand stays."""
    old = [one.path for one in made_backups(config) if one.path.name.startswith(_SCHEDULED)][config.backup_keep :]
    for path in old:
        path.unlink()
    return old


def last_due(now: datetime, times: tuple[time, ...]) -> datetime | None:
    """The newest moment at or before `now` at which a backup was to be made; times of day are Japan's."""
    local = now.astimezone(clock.JST)
    moments = [
        datetime.combine(day, at, clock.JST) for day in (local.date(), local.date() - timedelta(days=1)) for at in times
    ]
    return max((moment for moment in moments if moment <= now), default=None)


def is_due(now: datetime, times: tuple[time, ...], *, last_try: datetime | None, last_success: datetime | None) -> bool:
    """Whether a backup should be made now. A machine that was off at the time makes it up when it is on again."""
    due = last_due(now, times)
    if due is None or (last_success is not None and last_success >= due):
        return False
    return last_try is None or now - last_try >= _AGAIN_AFTER


def run_scheduled(config: Config) -> Path | None:
    """Make the backup that is due, remember how it went, and drop old ones; None when none is due or another makes it.

    Several workers may try at once: a lock in the database lets one through. Raises what went wrong, after noting it.
    """
    import psycopg

    from kakehashi.site.models import BackupRun

    with psycopg.connect(owner_url(config), autocommit=True) as lock:
        taken = lock.execute("SELECT pg_try_advisory_lock(hashtextextended('kakehashi backup', 0))").fetchone()
        if not (taken and taken[0]) or not scheduled_is_due(config):
            return None
        target = new_path(config, scheduled=True)
        run = BackupRun.objects.create(machine=socket.gethostname(), path=str(target))
        try:
            contents = make_backup(config, target, lambda *_: None)
        except BaseException as error:
            BackupRun.objects.filter(id=run.id).update(finished_at=clock.now(), error=_reason(error))
            raise
        BackupRun.objects.filter(id=run.id).update(
            finished_at=clock.now(), size=target.stat().st_size, rows=sum(contents.rows.values())
        )
        drop_old_backups(config)
        BackupRun.objects.filter(started_at__lt=clock.now() - timedelta(days=400)).delete()
        return target


def _reason(error: BaseException) -> str:
    """What may be remembered of a failure: the words of the system, never those of a database about its rows."""
    name = type(error).__name__
    return f"{name}: {error}"[:2000] if isinstance(error, OSError) else name


def note_backup(target: Path, contents: Contents, started_at: datetime) -> None:
    """Remember a backup that somebody made by hand."""
    from kakehashi.site.models import BackupRun

    BackupRun.objects.create(
        started_at=started_at,
        finished_at=clock.now(),
        machine=socket.gethostname(),
        path=str(target),
        size=target.stat().st_size,
        rows=sum(contents.rows.values()),
    )


def scheduled_is_due(config: Config) -> bool:
    """Whether a backup is due by what the database remembers of earlier ones."""
    from kakehashi.site.models import BackupRun

    last_try = BackupRun.objects.order_by("-started_at").values_list("started_at", flat=True).first()
    good = BackupRun.objects.filter(error="", finished_at__isnull=False).order_by("-started_at")
    return is_due(
        clock.now(),
        config.backup_times,
        last_try=last_try,
        last_success=good.values_list("started_at", flat=True).first(),
    )
