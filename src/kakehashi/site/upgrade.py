"""Upgrading an installation: back up, check, migrate, verify; and back to where it was when anything fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from kakehashi.site.archive import (
    ArchiveReader,
    NotRestorable,
    RecoveryKey,
    compare,
    journal_roots,
    key_of_the_way_back,
    row_counts,
    table_names,
)
from kakehashi.site.archive.contents import migrations_of
from kakehashi.site.backups import make_backup, new_path, owner_url
from kakehashi.site.config import Config

Say = Callable[[str], None]


class UpgradeFailed(RuntimeError):
    """The upgrade failed; `is_back` says whether everything is as it was before. The message is for the operator."""

    def __init__(self, message: str, *, is_back: bool) -> None:
        super().__init__(message)
        self.is_back = is_back


@dataclass(frozen=True)
class Before:
    """What is remembered of the database before it is touched."""

    migrations: list[tuple[str, str]]
    rows: dict[str, int]
    journals: dict[str, tuple[int, str]]


def waiting_migrations() -> list[Any]:
    """The migrations that this version brings and the database lacks, in their order."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["admin"])
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def upgrade(config: Config, say: Say, *, key: RecoveryKey | None = None) -> None:
    """Bring the database to this version. Raises `UpgradeFailed`; then the message says what to do.

    An empty database is only filled; one that is up to date only gets its row security looked after.
    """
    from kakehashi.site.cli.migrate import migrate

    before = look(owner_url(config))
    if before is None or not (plan := waiting_migrations()):
        migrate(verbosity=0)
        return
    key = key or key_of_the_way_back(config.home)
    check(config, plan, key)
    assert key is not None
    target = new_path(config, label="before-upgrade-")
    say(f"1/4 控えを取ります：{target} / Backing up")
    make_backup(config, target, lambda *_: None)
    say(f"2/4 変更を {len(plan)} 件適用します。 / Applying {len(plan)} migrations")
    try:
        migrate(verbosity=0)
        say("3/4 確かめます。 / Verifying")
        different = what_is_wrong(config, before)
        if different:
            raise NotRestorable("; ".join(different))
    except Exception as error:  # noqa: BLE001 — whatever it was, the way back is the same
        say(f"失敗しました：{error} / Failed. 元に戻します。 / Going back.")
        _go_back(config, before, target, key, error)
    say("4/4 終わりました。 / Done")


def look(url: str) -> Before | None:
    """The database as it is, or None when it holds no tables yet."""
    with psycopg.connect(url) as connection:
        if "django_migrations" not in table_names(connection):
            return None
        return Before(migrations_of(connection), row_counts(connection), journal_roots(connection))


def check(config: Config, plan: list[Any], key: RecoveryKey | None) -> None:
    """Refuse what cannot end well: a disk without room, a way back without a key. Raises `UpgradeFailed`."""
    with psycopg.connect(owner_url(config)) as connection:
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    size += sum(path.stat().st_size for path in (config.home / "files").rglob("*") if path.is_file())
    free = shutil.disk_usage(config.home).free
    if free < size * 1.2 + 500_000_000:
        raise UpgradeFailed(
            f"空き容量が足りません（{free / 1e9:.1f} GB）。控えと復元のために {(size * 1.2 + 5e8) / 1e9:.1f} GB を空けてください。"
            " / Not enough free disk; nothing was changed.",
            is_back=True,
        )
    if key is None:
        raise UpgradeFailed(
            "復旧の鍵がこの機械にありません。--key-file で指定してください。 / Give the recovery key with --key-file; nothing was changed.",
            is_back=True,
        )


def what_is_wrong(config: Config, before: Before) -> list[str]:
    """What the migrated database lacks: columns of the models, walls between governments, rows, sealed records."""
    from kakehashi.site.checks import Level, row_security_finding

    after = look(owner_url(config))
    assert after is not None
    wrong = [f"column {name} is missing" for name in missing_columns()]
    finding = row_security_finding()
    if finding.level is not Level.GOOD:
        wrong.append(finding.en)
    wrong += [
        f"{table} lost its rows"
        for table, count in before.rows.items()
        if count > 10 and table in after.rows and not after.rows[table]
    ]
    for government, (size, root) in before.journals.items():
        now, now_root = after.journals.get(government, (0, ""))
        if now < size or (now == size and now_root != root):
            wrong.append(f"the journal of {government} differs")
    return wrong


def row_security_is_whole() -> bool:
    """Whether every tenant's table keeps governments apart."""
    from kakehashi.site.checks import Level, row_security_finding

    return row_security_finding().level is Level.GOOD


def missing_columns() -> list[str]:
    """Columns that the models name and the database lacks."""
    from django.apps import apps
    from django.db import connections

    with connections["admin"].cursor() as cursor:
        cursor.execute("SELECT table_name || '.' || column_name FROM information_schema.columns")
        there = {name for (name,) in cursor.fetchall()}
    return [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.local_concrete_fields
        if f"{model._meta.db_table}.{field.column}" not in there
    ]


def _go_back(config: Config, before: Before, archive: Path, key: RecoveryKey, error: Exception) -> None:
    """Undo what was applied: by the migrations' own way back, else by the archive. Raises `UpgradeFailed` in any case."""
    from kakehashi.site.cli.restore import migrate_to

    try:
        migrate_to(set(before.migrations))
        after = look(owner_url(config))
        is_back = after is not None and set(after.migrations) == set(before.migrations) and _kept(before, after)
    except Exception:  # noqa: BLE001 — a migration without a way back: the archive is the way
        is_back = False
    if not is_back:
        _restore_in_place(config, archive, key, error)
    raise UpgradeFailed(
        f"更新は失敗し、元の状態に戻しました。前の版のプログラムで動かせます。理由：{error} / The upgrade failed and everything"
        " is as it was; run the previous version of the program.",
        is_back=True,
    ) from error


def _kept(before: Before, after: Before) -> bool:
    """Whether nothing that was there is gone. People may have gone on working meanwhile, so more is no fault."""
    tables = set(before.rows) - {"django_migrations", "django_session"}
    return all(after.rows.get(table, -1) >= before.rows[table] for table in tables) and all(
        after.journals.get(one, (0, ""))[0] >= size for one, (size, _) in before.journals.items()
    )


def _restore_in_place(config: Config, archive: Path, key: RecoveryKey, error: Exception) -> None:
    """Empty the database and load the archive into it. Raises `UpgradeFailed` when others are connected, or when it fails."""
    from django.db import connections

    from kakehashi.site.cli.restore import fill

    for connection in connections.all(initialized_only=True):
        connection.close()
    url = owner_url(config)
    command = f"kakehashi restore {archive}"
    if others := _other_connections(url):
        raise UpgradeFailed(
            f"更新は失敗しました。{others} 個のプログラムがデータベースを使っているので、控えから戻せません。すべて止めて、空の"
            f"データベースに {command} を実行してください。 / The upgrade failed, and the database is in use by {others}"
            f" others: stop them and run {command} into an empty database. Reason: {error}",
            is_back=False,
        ) from error
    try:
        with psycopg.connect(url) as owner:
            owner.execute("DROP SCHEMA public CASCADE")
            owner.execute("CREATE SCHEMA public")
        with ArchiveReader(archive, key) as reader:
            reader.unpack_keys(config.home)
            contents = fill(reader, url, config.home)
        rows = [line for line in compare(contents, url=url, home=config.home) if not line.startswith("files:")]
        if rows:
            raise NotRestorable("; ".join(rows))
        _give_back_access()
    except Exception as second:
        raise UpgradeFailed(
            f"更新も復元も失敗しました。{command} を空のフォルダーで実行してください。 / Both the upgrade and the way back"
            f" failed; run {command} in an empty folder. {error}; {second}",
            is_back=False,
        ) from second


def _give_back_access() -> None:
    """Row security and grants for the tables as they were; what newer models add is not there and not asked for."""
    from django.conf import settings
    from django.db import connections

    from kakehashi.kernel.row_security import apply_row_security
    from kakehashi.site.embedded import APPLICATION

    role = str(settings.DATABASES["default"]["USER"]) or APPLICATION
    apply_row_security(connections["admin"], role=role, only_existing=True)


def _other_connections(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    return found[0] if found else 0
