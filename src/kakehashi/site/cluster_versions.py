"""Moving the embedded database to another major version of PostgreSQL: a logical copy, and the old folder stays.

The files of one major version cannot be read by another. So the old programs serve the old folder once more, everything is
written into an archive, and loaded into a new folder. The archive's own proof (rows, journal roots) decides.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from kakehashi.site.archive import (
    ArchiveReader,
    Head,
    NotRestorable,
    RecoveryKey,
    backup_public_key,
    compare,
    key_of_the_way_back,
)
from kakehashi.site.archive.writing import write_archive
from kakehashi.site.backups import new_path
from kakehashi.site.config import Config
from kakehashi.site.embedded import OWNER, EmbeddedPostgres
from kakehashi.site.upgrade import Say, UpgradeFailed

_DEBIAN = Path("/usr/lib/postgresql")


def old_programs_of(version: str, given: Path | None) -> Path:
    """The folder of the programs of a major version: the given one, else Debian's. Raises `UpgradeFailed`."""
    for folder in filter(None, (given, _DEBIAN / version / "bin")):
        if (folder / "postgres").exists():
            return folder
    raise UpgradeFailed(
        f"データは PostgreSQL {version} のものです。そのプログラムの bin フォルダーを --old-programs で指定してください（Debian では"
        f" apt install postgresql-{version}）。または、空のフォルダーに最新の控えを戻してください。 / The data are of PostgreSQL"
        f" {version}: name its programs with --old-programs, or restore the newest backup into an empty folder.",
        is_back=True,
    )


def convert_cluster(
    config: Config, say: Say, *, key: RecoveryKey | None, programs: Path | None, new_programs: Path | None = None
) -> None:
    """Copy the embedded database to the version of this program. Raises `UpgradeFailed`; then the old one is in its place.

    Nothing else may use the folder meanwhile. The old data stay in `pg/data-<version>` until somebody removes them.
    """
    old = EmbeddedPostgres(config.home)
    version = old.version()
    old = EmbeddedPostgres(config.home, programs=old_programs_of(version, programs))
    new = EmbeddedPostgres(config.home, programs=new_programs)
    key = key or key_of_the_way_back(config.home)
    if key is None:
        raise UpgradeFailed(
            "復旧の鍵を --key-file で指定してください。 / Give the recovery key with --key-file.", is_back=True
        )
    kept = old.data.with_name(f"data-{version}")
    if kept.exists():
        raise UpgradeFailed(f"{kept} が残っています。 / {kept} is still there.", is_back=True)
    target = new_path(config, label=f"postgresql-{version}-")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with old.alone():
        say(f"PostgreSQL {version} のデータを写します：{target} / Copying the data of PostgreSQL {version}")
        old.start()
        try:
            write_archive(
                target, url=old.url(OWNER), home=config.home, public=backup_public_key(config.home), progress=_quiet
            )
        finally:
            old.stop()
        old.data.rename(kept)
        try:
            new.start()
            _load(config, new, target, key)
        except Exception as error:
            new.stop()
            shutil.rmtree(new.data, ignore_errors=True)
            kept.rename(old.data)
            raise UpgradeFailed(
                f"元のデータに戻しました。理由：{error} / Went back to the old data.", is_back=True
            ) from error
        new.stop()
    say(
        f"写しました。前のデータは {kept} にあります。確かめたら消してください。 / Done; remove {kept} when you are content."
    )


def _load(config: Config, new: EmbeddedPostgres, archive: Path, key: RecoveryKey) -> None:
    url = new.url(OWNER)
    with ArchiveReader(archive, key) as reader:
        reader.unpack_keys(config.home)
        _make_tables(reader.head)
        contents = reader.load(url=url, home=config.home, progress=_quiet)
    different = [line for line in compare(contents, url=url, home=config.home) if not line.startswith("files:")]
    if different:
        raise NotRestorable("; ".join(different))


def _make_tables(head: Head) -> None:
    from kakehashi.site.cli.console import close_connections, setup
    from kakehashi.site.cli.restore import migrate_to

    setup()
    try:
        migrate_to(set(head.migrations))
    finally:
        close_connections()


def _quiet(_name: str, _done: int, _total: int) -> None:
    """Say nothing: the steps are said instead."""
