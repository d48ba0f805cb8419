"""`kakehashi backup`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from kakehashi.kernel import clock
from kakehashi.site.archive import Contents, write_archive
from kakehashi.site.cli.console import database, fail, out, progress
from kakehashi.site.config import Config, load
from kakehashi.site.embedded import OWNER, EmbeddedPostgres


@click.command("backup")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def command(path: Path | None) -> None:
    """データベース・添付ファイル・鍵を、ある一時点の姿で一つのファイルに控える。動いたまま取れる。

    Write database, files and keys, as of one moment, into one archive (default: HOME/backups/日時.tar.gz). The system may
    keep running. The archive holds the signing key and personal data: keep it where only the administrator can read it.
    """
    config = load()
    target = path or config.home / "backups" / f"kakehashi-{clock.now():%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        fail(f"{target} はすでにあります。", f"{target} exists already.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with database(config), progress() as bars:
        bar = bars.add_task("控え / Backup", total=None)
        contents = write_archive(
            target,
            url=owner_url(config),
            home=config.home,
            progress=lambda name, done, total: bars.update(bar, description=name, completed=done, total=total),
        )
        bars.update(bar, description="控え / Backup", completed=1, total=1)
    show_contents(contents)
    out.print(f"{target}（{target.stat().st_size / 1e6:.1f} MB）に控えました。 / Backed up.")


def owner_url(config: Config) -> str:
    """The URL of the role that owns the tables."""
    if config.embedded:
        return EmbeddedPostgres(config.home).url(OWNER)
    return config.database_admin_url or config.database_url


def show_contents(contents: Contents) -> None:
    """Print row counts and journal roots."""
    table = Table("表 / Table", "行 / Rows", title=f"{len(contents.rows)} tables, {contents.files} files")
    for name, count in contents.rows.items():
        if count:
            table.add_row(name, f"{count:,}")
    out.print(table)
    for government_id, (size, root) in contents.journals.items():
        out.print(f"記録 / journal {government_id}: {size:,} {root}")
