"""`kakehashi backup`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from kakehashi.kernel import clock
from kakehashi.site.archive import Contents, backup_public_key, fingerprint
from kakehashi.site.backups import make_backup, new_path
from kakehashi.site.cli.console import django_and_database, fail, note_export, out, progress
from kakehashi.site.config import Config, load


@click.command("backup")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--scheduled", is_flag=True, help="時刻が来ていれば取り、古いものを消す / Make the one that is due, drop old ones"
)
@click.option("--reason", default="", help="なぜ取るか（閲覧記録に残る） / Why, for the access log")
def command(path: Path | None, scheduled: bool, reason: str) -> None:
    """データベース・添付ファイル・鍵を、ある一時点の姿で一つの暗号化されたファイルに控える。動いたまま取れる。

    Write database, files and keys, as of one moment, into one encrypted archive (default: HOME/backups/日時.backup). The
    system may keep running. It is read again with the recovery key: see `kakehashi recovery-key`.
    """
    config = load()
    with django_and_database("any"):
        if scheduled:
            _make_due(config)
            return
        target = path or new_path(config)
        if target.exists():
            fail(f"{target} はすでにあります。", f"{target} exists already.")
        _note(reason)
        show_contents(back_up(config, target))
    mark = fingerprint(backup_public_key(config.home))
    out.print(f"{target}（{target.stat().st_size / 1e6:.1f} MB、鍵 {mark}）に控えました。 / Backed up.")


def _note(reason: str) -> None:
    """Each government's access log learns of it. A database too old for that log must still be backed up."""
    from django.db import DatabaseError

    from kakehashi.governments.selectors import tenants

    try:
        note_export(tenants(), page="kakehashi backup", purpose="控え（バックアップ）", reason=reason)
    except DatabaseError as error:
        out.print(f"閲覧記録に書けませんでした（{type(error).__name__}）。 / The access log could not be written.")


def back_up(config: Config, target: Path) -> Contents:
    """Make a backup with a progress bar and remember it. The database must be up."""
    from kakehashi.site.backups import note_backup

    started_at = clock.now()
    with progress() as bars:
        bar = bars.add_task("控え / Backup", total=None)
        contents = make_backup(
            config, target, lambda name, done, total: bars.update(bar, description=name, completed=done, total=total)
        )
        bars.update(bar, description="控え / Backup", completed=1, total=1)
    note_backup(target, contents, started_at)
    return contents


def _make_due(config: Config) -> None:
    from kakehashi.site.backups import run_scheduled

    made = run_scheduled(config)
    out.print(f"{made} に控えました。 / Backed up." if made else "いま取る控えはありません。 / No backup is due.")


def show_contents(contents: Contents) -> None:
    """Print row counts and journal roots."""
    table = Table("表 / Table", "行 / Rows", title=f"{len(contents.rows)} tables, {contents.files} files")
    for name, count in contents.rows.items():
        if count:
            table.add_row(name, f"{count:,}")
    out.print(table)
    for government_id, (size, root) in contents.journals.items():
        out.print(f"記録 / journal {government_id}: {size:,} {root}")
