"""`kakehashi restore`."""

from __future__ import annotations

import os
from pathlib import Path

import click
import psycopg

from kakehashi.site.archive import (
    Contents,
    NotRestorable,
    compare,
    load_tables,
    read_contents,
    table_names,
    unpack_folders,
)
from kakehashi.site.cli.backup import owner_url, show_contents
from kakehashi.site.cli.console import django_and_database, fail, out, progress
from kakehashi.site.config import Config, load


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(path: Path) -> None:
    """控えから、空のフォルダー（KAKEHASHI_HOME）と空のデータベースに戻し、件数と記録のルートを照合する。

    Restore an archive into an EMPTY KAKEHASHI_HOME and an empty database, then compare the rows of each table and the
    root of each journal with the archive. Exit status 1 when anything differs.
    """
    try:
        contents = read_contents(path)
        home = _empty_home()
        unpack_folders(path, home)
        # Only now: the first reading of the settings makes the keys that are missing.
        config = load()
        with django_and_database():
            _restore(path, config, contents)
            different = compare(contents, url=owner_url(config), home=home)
    except NotRestorable as error:
        fail(f"戻せません：{error}", f"Cannot be restored: {error}")
    show_contents(contents)
    if different:
        fail("控えと一致しません：\n" + "\n".join(different), "What was restored differs from the archive.")
    out.print("すべての表の件数と、記録のルートが控えと一致しました。 / Row counts and journal roots are identical.")


def _empty_home() -> Path:
    home = Path(os.environ.get("KAKEHASHI_HOME", "var")).resolve()
    if home.exists() and any(home.iterdir()):
        fail(
            f"{home} は空ではありません。空のフォルダーを KAKEHASHI_HOME に指定してください。", f"{home} is not empty."
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def _restore(path: Path, config: Config, contents: Contents) -> None:
    from kakehashi.site.cli.migrate import migrate

    url = owner_url(config)
    with psycopg.connect(url) as connection:
        if table_names(connection):
            fail("データベースが空ではありません。", "The database is not empty.")
    _migrate_to(contents)
    with progress() as bars:
        bar = bars.add_task("復元 / Restore", total=len(contents.rows))
        load_tables(
            path,
            url=url,
            contents=contents,
            progress=lambda name, done, total: bars.update(bar, description=name, completed=done + 1, total=total),
        )
    migrate(verbosity=0)


def _migrate_to(contents: Contents) -> None:
    """Make the tables as they were when the archive was written; newer migrations run after the rows are in."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["admin"])
    known, wanted = set(executor.loader.graph.nodes), set(contents.migrations)
    # Names that a squashed migration replaced, and applications since removed, are recorded but no longer nodes.
    unknown = sorted(f"{app}.{name}" for app, name in wanted - known if app in executor.loader.migrated_apps)
    if unknown:
        raise NotRestorable(f"this program is older than the archive; it lacks {', '.join(unknown)}")
    inside = wanted & known
    children = executor.loader.graph.node_map
    # Only the last of each application are targets: naming an earlier one as well would ask to go back to it.
    executor.migrate(
        [
            node
            for node in sorted(inside)
            if not any(c.key in inside and c.key[0] == node[0] for c in children[node].children)
        ]
    )
