"""`kakehashi upgrade`."""

from __future__ import annotations

from pathlib import Path

import click

from kakehashi.site.archive import NotReadable, RecoveryKey
from kakehashi.site.cli.console import django_and_database, fail, out
from kakehashi.site.config import load
from kakehashi.site.embedded import EmbeddedPostgres


@click.command("upgrade")
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="復旧の鍵のファイル（この機械から外してあるとき） / File of the recovery key, when it is not on this machine",
)
@click.option(
    "--old-programs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="前の版の PostgreSQL の bin フォルダー / Folder of the older PostgreSQL's programs",
)
def command(key_file: Path | None, old_programs: Path | None) -> None:
    """新しい版に更新する：控えを取り、確かめ、適用し、照合する。失敗したら元に戻す。

    Bring the database to this version of the program: back up, check, migrate, verify; on failure everything goes back to
    where it was. An embedded database of an older major version of PostgreSQL is copied over first.
    """
    from kakehashi.site.cluster_versions import convert_cluster
    from kakehashi.site.upgrade import UpgradeFailed, upgrade

    config = load()
    try:
        key = RecoveryKey.parse(key_file.read_text()) if key_file else None
        if config.embedded and EmbeddedPostgres(config.home).is_of_another_version():
            convert_cluster(config, out.print, key=key, programs=old_programs)
        with django_and_database("none"):
            upgrade(config, out.print, key=key)
    except NotReadable as error:
        fail(str(error), "The recovery key cannot be read.")
    except UpgradeFailed as error:
        fail(str(error), "Nothing is lost." if error.is_back else "Keep the backup named above.")
    out.print("データベースは最新です。 / The database is up to date.")
