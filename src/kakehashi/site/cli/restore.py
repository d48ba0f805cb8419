"""`kakehashi restore`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
import psycopg

from kakehashi.site.archive import (
    ArchiveReader,
    Contents,
    NotReadable,
    NotRestorable,
    RecoveryKey,
    compare,
    table_names,
)
from kakehashi.site.backups import owner_url
from kakehashi.site.cli.backup import show_contents
from kakehashi.site.cli.console import django_and_database, fail, out, progress
from kakehashi.site.config import home_folder, load
from kakehashi.site.embedded import EmbeddedPostgres

# The rehearsal has settings, a folder and a database of its own.
_NOT_OF_THE_REHEARSAL = {"DATABASE_URL", "DATABASE_ADMIN_URL", "DJANGO_SETTINGS_MODULE"}


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="復旧の鍵のファイル（既定は入力） / File of the recovery key; asked for otherwise",
)
@click.option(
    "--rehearse",
    is_flag=True,
    help="練習：一時的な場所に戻して照合し、消す / Restore into a temporary place, compare, remove",
)
def command(path: Path, key_file: Path | None, rehearse: bool) -> None:
    """控えから、空のフォルダー（KAKEHASHI_HOME）と空のデータベースに戻し、件数と記録のルートを照合する。

    Restore an archive into an EMPTY KAKEHASHI_HOME and an empty database, then compare the rows of each table and the
    root of each journal with the archive. Exit status 1 when anything differs.
    """
    if rehearse:
        _rehearse(path, key_file or load().home / "keys" / "backup.key")
        return
    try:
        contents, different = restore(path, read_key(key_file), empty_home())
    except (NotRestorable, NotReadable) as error:
        fail(f"戻せません：{error}", f"Cannot be restored: {error}")
    show_contents(contents)
    if different:
        fail("控えと一致しません：\n" + "\n".join(different), "What was restored differs from the archive.")
    out.print("すべての表の件数と、記録のルートが控えと一致しました。 / Row counts and journal roots are identical.")


def read_key(key_file: Path | None) -> RecoveryKey:
    """The recovery key from a file, or as it is typed. Raises NotReadable."""
    text = key_file.read_text() if key_file else click.prompt("復旧の鍵 / Recovery key", hide_input=True)
    return RecoveryKey.parse(text)


def restore(path: Path, key: RecoveryKey, home: Path) -> tuple[Contents, list[str]]:
    """Restore into an empty folder and an empty database; gives what came and what differs. Raises NotRestorable."""
    with ArchiveReader(path, key) as archive:
        if archive.head.government:
            raise NotRestorable("一つの団体の持ち出しです。kakehashi import-government を使ってください。")
        archive.unpack_keys(home)
        # Only now: the first reading of the settings makes the keys that are missing.
        config = load()
        with ExitStack() as stack:
            if config.embedded:
                stack.enter_context(EmbeddedPostgres(config.home).hurried())
            stack.enter_context(django_and_database("none"))
            with psycopg.connect(owner_url(config)) as connection:
                if table_names(connection):
                    fail("データベースが空ではありません。", "The database is not empty.")
            contents = fill(archive, owner_url(config), home)
            different = compare(contents, url=owner_url(config), home=home)
            from kakehashi.site.cli.migrate import migrate

            migrate(verbosity=0)
    return contents, different


def fill(archive: ArchiveReader, url: str, home: Path) -> Contents:
    """Make the tables as they were when the archive was written, and load them. Newer migrations are for afterwards."""
    migrate_to(set(archive.head.migrations))
    with progress() as bars:
        bar = bars.add_task("復元 / Restore", total=len(archive.head.columns))
        return archive.load(
            url=url,
            home=home,
            progress=lambda name, done, total: bars.update(bar, description=name, completed=done + 1, total=total),
        )


def empty_home() -> Path:
    """The folder to restore into; the command ends when something is in it."""
    home = home_folder()
    if home.exists() and any(home.iterdir()):
        fail(
            f"{home} は空ではありません。空のフォルダーを KAKEHASHI_HOME に指定してください。", f"{home} is not empty."
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def migrate_to(wanted: set[tuple[str, str]]) -> None:
    """Bring the tables to exactly these migrations, forwards or backwards. Raises NotRestorable when some are unknown."""
    from django.db import connections

    from kakehashi.kernel.migration_states import LeanExecutor

    executor = LeanExecutor(connections["admin"])
    nodes = executor.loader.graph.node_map
    known = set(executor.loader.graph.nodes)
    # Names that a squashed migration replaced, and applications since removed, are recorded but no longer nodes.
    unknown = sorted(f"{app}.{name}" for app, name in wanted - known if app in executor.loader.migrated_apps)
    if unknown:
        raise NotRestorable(f"this program is older than the archive; it lacks {', '.join(unknown)}")
    inside = wanted & known
    # Only the last of each application are targets: naming an earlier one as well would ask to go back to it.
    targets: list[tuple[str, str | None]] = [
        node
        for node in sorted(inside)
        if not any(child.key in inside and child.key[0] == node[0] for child in nodes[node].children)
    ]
    applied_apps = {app for app, _ in executor.loader.applied_migrations}
    targets += [
        (app, None) for app in sorted(applied_apps - {app for app, _ in inside}) if app in executor.loader.migrated_apps
    ]
    executor.migrate(targets)


def _rehearse(path: Path, key_file: Path) -> None:
    """Run the restore in a program of its own, with a folder and a database that are thrown away."""
    with tempfile.TemporaryDirectory(prefix="kakehashi-rehearsal-") as folder:
        # The database's own account must be able to walk down to its data.
        Path(folder).chmod(0o711)
        environment = {k: v for k, v in os.environ.items() if k not in _NOT_OF_THE_REHEARSAL}
        environment["KAKEHASHI_HOME"] = f"{folder}/home"
        arguments = ["restore", str(path.resolve()), "--key-file", str(key_file.resolve())]
        done = subprocess.run([sys.executable, "-m", "kakehashi.site", *arguments], env=environment, check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode)
    out.print("練習は成功しました。何も残していません。 / The rehearsal succeeded; nothing was left behind.")
