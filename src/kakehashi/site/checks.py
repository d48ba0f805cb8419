"""Checks of one installation. Each says in both languages what holds or not, and how to mend it; none changes anything."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kakehashi.kernel import clock
from kakehashi.kernel.addresses import is_loopback
from kakehashi.site.backups import made_backups
from kakehashi.site.config import Config

_LEAST_FREE = 1_000_000_000
# A day and some hours: yesterday's backup is missing only when today's is late.
_OLD_BACKUP = timedelta(hours=30)
_HOUR = timedelta(hours=1)
_LONGEST_LAG = timedelta(seconds=60)
_LONGEST_SILENCE = timedelta(seconds=90)
_RENEW_BEFORE = timedelta(days=21)
_LARGEST_SKEW = timedelta(seconds=30)


class Level(IntEnum):
    """How bad it is; the worst decides the exit status."""

    GOOD = 0
    WARNING = 1
    BAD = 2


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    level: Level
    ja: str
    en: str
    mend_ja: str = ""
    mend_en: str = ""


def folder_checks(config: Config) -> Iterator[Finding]:
    """What can be seen without the database: Python, disk, keys, mail, backups."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(Level.GOOD, f"Python {version}、データは {config.home}", f"Python {version}, data in {config.home}")
    yield _disk(config)
    yield _keys(config)
    yield _mail(config)
    yield _scanner(config)
    yield from _wire(config)
    yield from _backup(config)
    if config.debug:
        yield Finding(
            Level.WARNING, "開発用の設定（KAKEHASHI_DEBUG）で動いています", "KAKEHASHI_DEBUG is on",
            "本番では外してください。", "Unset it in production.",
        )  # fmt: skip


def database_checks() -> Iterator[Finding]:
    """What the database tells: version, roles, migrations, row security, worker, seals, failed tasks."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        yield _clock_and_version(cursor)
        yield _role(cursor)
        yield _logging(cursor)
        yield _migrations()
        yield _row_security(cursor)
        yield _worker(cursor)
        yield _failed_tasks(cursor)
    yield from _seals()
    yield from _open_data()
    yield _last_backup()


def _last_backup() -> Finding:
    from kakehashi.site.models import BackupRun, Standing

    last = BackupRun.objects.first()
    standing = Standing.DONE if last is None else last.standing(clock.now())
    if standing is Standing.DONE:
        return Finding(Level.GOOD, "最後の控えは失敗していません", "The last backup did not fail")
    if standing is Standing.RUNNING:
        return Finding(Level.GOOD, "控えをいま取っています", "A backup is being made")
    return Finding(
        Level.WARNING,
        "最後の控えは失敗しました" if standing is Standing.FAILED else "最後の控えは途中で止まりました",
        "The last backup failed" if standing is Standing.FAILED else "The last backup was cut off",
        "置き場所に空きがあり、書き込めるかを確かめ、kakehashi backup で取り直してください。",
        "Check that its folder has room and can be written, then run kakehashi backup.",
    )  # fmt: skip


def _disk(config: Config) -> Finding:
    config.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(config.home).free
    ja, en = f"空き容量 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free"
    if free > _LEAST_FREE:
        return Finding(Level.GOOD, ja, en)
    return Finding(Level.BAD, ja, en, "1 GB 以上空けてください。一杯になると受付が止まります。", "Free at least 1 GB.")


def _keys(config: Config) -> Finding:
    places = (config.home / "keys", config.home / "data-keys")
    loose = [path for place in places for path in sorted(place.rglob("*")) if path.is_file() and _is_loose(path)]
    if not loose:
        return Finding(Level.GOOD, "鍵は管理者だけが読めます", "Keys are private")
    names = " ".join(str(path) for path in loose)
    return Finding(
        Level.BAD, "鍵をほかの利用者が読めます", "Others can read the keys", f"chmod 600 {names}", f"chmod 600 {names}"
    )


def _is_loose(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _mail(config: Config) -> Finding:
    if config.mail_url:
        return Finding(Level.GOOD, "メールはサーバーから送ります", "Mail goes out by SMTP")
    return Finding(
        Level.WARNING, "メールは送られず、ファイルに書かれます", "Mail is written to files, not sent",
        "KAKEHASHI_MAIL_URL に smtp:// のアドレスを入れてください。", "Set KAKEHASHI_MAIL_URL.",
    )  # fmt: skip


def _scanner(config: Config) -> Finding:
    if not config.scanner:
        return Finding(
            Level.WARNING, "受け取ったファイルをウイルス検査していません", "Files are not scanned for viruses",
            "clamav-daemon を入れ、KAKEHASHI_SCANNER に clamd:///run/clamav/clamd.ctl を入れてください。",
            "Install clamav-daemon and set KAKEHASHI_SCANNER.",
        )  # fmt: skip
    from kakehashi.files.domain.clamd import version as ask_version

    try:
        version = ask_version(config.scanner)
    except OSError as error:
        return Finding(
            Level.BAD, "ウイルス検査が答えません。受け取ったファイルは開けないまま待っています",
            f"The virus scanner does not answer ({error}); files wait unopened",
            "clamav-daemon を動かしてください。", "Start clamav-daemon.",
        )  # fmt: skip
    return Finding(Level.GOOD, f"ウイルス検査：{version}", f"Virus scanner: {version}")


def _wire(config: Config) -> Iterator[Finding]:
    """Whether what people type can be read along on the way."""
    if not config.https:
        yield _plain_http(config)
        return
    if not config.tls_cert and not config.trusted_proxies:
        yield Finding(
            Level.BAD, f"{config.base_url} の HTTPS を受け持つものが設定されていません", "Nothing is set that ends HTTPS",
            "serve に --tls-cert と --tls-key を渡すか、プロキシのアドレスを KAKEHASHI_TRUSTED_PROXIES に入れてください。",
            "Give serve --tls-cert and --tls-key, or name the proxy in KAKEHASHI_TRUSTED_PROXIES.",
        )  # fmt: skip
    elif config.tls_cert:
        yield _certificate(config)
    else:
        yield Finding(
            Level.GOOD,
            f"HTTPS はプロキシ（{'、'.join(map(str, config.trusted_proxies))}）が受け持ちます",
            "A trusted proxy ends HTTPS",
        )


def _plain_http(config: Config) -> Finding:
    names = [urlsplit(config.base_url).hostname or "", *config.allowed_hosts]
    elsewhere = [name for name in names if name != "localhost" and not is_loopback(name.strip("[]"))]
    if not elsewhere:
        return Finding(Level.GOOD, "この機械のブラウザーからだけ使います", "Only browsers on this machine use it")
    return Finding(
        Level.BAD, f"{elsewhere[0]} で使うのに HTTPS ではありません。職員のサインインは断られます",
        f"{elsewhere[0]} is reached without HTTPS; staff cannot sign in",
        "KAKEHASHI_BASE_URL を https:// にして、証明書かプロキシを用意してください（docs/operate/tls.md）。",
        "Set KAKEHASHI_BASE_URL to https:// and prepare a certificate or a proxy (docs/operate/tls.md).",
    )  # fmt: skip


def _certificate(config: Config) -> Finding:
    from kakehashi.site.certificates import look_at

    found = look_at(config)
    mend = ("証明書を取り直し、serve を動かし直してください。", "Renew the certificate and restart serve.")
    if found.wrong:
        return Finding(Level.BAD, *found.wrong, *mend)
    host = urlsplit(config.base_url).hostname or ""
    # Behind a proxy the certificate is for the way from the proxy, whatever people type.
    if not config.trusted_proxies and not found.covers(host):
        names = ", ".join(found.names) or "-"
        return Finding(
            Level.WARNING,
            f"証明書は {names} のもので、{host} では警告が出ます",
            f"The certificate is for {names}: browsers will warn at {host}",
            "KAKEHASHI_BASE_URL の名前で証明書を取り直すか、KAKEHASHI_BASE_URL を合わせてください。",
            "Get one for the name in KAKEHASHI_BASE_URL, or change that.",
        )
    left = found.until - clock.now()
    ja, en = f"証明書は {found.until:%Y-%m-%d} まで有効です", f"The certificate is valid until {found.until:%Y-%m-%d}"
    if left < _RENEW_BEFORE:
        return Finding(Level.WARNING, ja, en, *mend)
    return Finding(Level.GOOD, ja, en)


def _backup(config: Config) -> Iterator[Finding]:
    made = made_backups(config)
    age = clock.now() - made[0].made_at if made else None
    if age is not None and age < _OLD_BACKUP:
        yield Finding(
            Level.GOOD,
            f"最新の控えは {hours_ago(age)}、{len(made)} 個あります",
            f"The newest of {len(made)} backups is {age / _HOUR:.1f} hours old",
        )
    else:
        yield Finding(
            Level.WARNING,
            f"最新の控えは {hours_ago(age)}です" if age else "控えがありません",
            f"The newest backup is {age / _HOUR:.1f} hours old" if age else "There is no backup",
            "ワーカーを動かしておくと KAKEHASHI_BACKUP_TIMES の時刻に取ります。いま取るなら kakehashi backup。",
            "The worker makes one at KAKEHASHI_BACKUP_TIMES; now: kakehashi backup.",
        )
    if (config.home / "keys" / "backup.printed").exists():
        yield Finding(Level.GOOD, "復旧の鍵は紙で保管されています", "The recovery key is kept on paper")
    else:
        yield Finding(
            Level.WARNING, "復旧の鍵を紙で保管していません。この機械が壊れると控えを読めません",
            "The recovery key is not on paper: without this machine no backup can be read",
            "kakehashi recovery-key を印刷して保管し、--printed で記してください。", "Print kakehashi recovery-key, then --printed.",
        )  # fmt: skip


def hours_ago(age: timedelta) -> str:
    """An age in words, such as 3時間前 or 2日前."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "1時間以内"
    return f"{hours}時間前" if hours < 48 else f"{hours // 24}日前"


def _clock_and_version(cursor: Any) -> Finding:
    cursor.execute("SELECT clock_timestamp(), current_setting('server_version')")
    database_now, version = cursor.fetchone()
    skew = abs(clock.now() - database_now)
    if skew < _LARGEST_SKEW:
        return Finding(Level.GOOD, f"PostgreSQL {version}、時計は合っています", f"PostgreSQL {version}, clocks agree")
    return Finding(
        Level.BAD, f"データベースの時計と {skew} ずれています", f"The database's clock differs by {skew}",
        "両方の機械で NTP を有効にしてください。", "Enable NTP on both machines.",
    )  # fmt: skip


def _role(cursor: Any) -> Finding:
    cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    name, is_mighty = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    (owned,) = cursor.fetchone()
    if not is_mighty and not owned:
        return Finding(
            Level.GOOD, f"画面は表を持たない {name} として動きます", f"The web logs in as {name}, which owns nothing"
        )
    return Finding(
        Level.BAD, f"{name} は団体の壁を越えられます", f"{name} can pass the wall between governments",
        "DATABASE_URL には、表を持たず BYPASSRLS のない役割を使ってください。", "Use a role that owns nothing in DATABASE_URL.",
    )  # fmt: skip


# What a server's PostgreSQL must not write into its log, since statements carry what people typed; see docs/operate/personal-data.md.
_QUIET: dict[str, frozenset[str]] = {
    "log_statement": frozenset({"none", "ddl"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_min_duration_sample": frozenset({"-1"}),
    "log_transaction_sample_rate": frozenset({"0"}),
    "log_parameter_max_length_on_error": frozenset({"0"}),
    "log_min_error_statement": frozenset({"panic"}),
    "log_error_verbosity": frozenset({"terse"}),
}


def _logging(cursor: Any) -> Finding:
    """Whether the database's own log holds what people typed."""
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(_QUIET)])
    loud = [f"{name} = {value}" for name, value in cursor.fetchall() if value not in _QUIET[name]]
    if not loud:
        return Finding(
            Level.GOOD,
            "PostgreSQL のログに入力された内容は残りません",
            "The log of PostgreSQL holds nothing that people typed",
        )
    mend = "；".join(f"{each.split(' = ')[0]} = {max(_QUIET[each.split(' = ')[0]])}" for each in loud)
    return Finding(
        Level.WARNING, f"PostgreSQL のログに個人情報が残ります（{'、'.join(loud)}）",
        f"The log of PostgreSQL may hold personal data ({', '.join(loud)})",
        f"postgresql.conf に {mend} を入れて読み直してください（docs/operate/personal-data.md）。",
        f"Set {mend} (docs/operate/personal-data.md).",
    )  # fmt: skip


def _migrations() -> Finding:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return Finding(Level.GOOD, "表は最新です", "All migrations are applied")
    return Finding(
        Level.BAD,
        f"適用していない変更が {len(plan)} 件あります",
        f"{len(plan)} migrations wait",
        # It makes a backup and goes back when anything fails; `migrate` does neither.
        "kakehashi upgrade を実行してください（控えを取ってから変え、失敗したら元に戻します）。",
        "Run kakehashi upgrade: it makes a backup first, and goes back on a failure.",
    )


def _row_security(cursor: Any) -> Finding:
    from kakehashi.kernel.row_security import owned_models

    tables = [model._meta.db_table for model in owned_models() if getattr(model, "ownership", "") == "tenant"]
    cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT relrowsecurity", [tables])
    open_tables = [name for (name,) in cursor.fetchall()]
    if not open_tables:
        return Finding(
            Level.GOOD,
            f"{len(tables)} の表が団体ごとに分けられています",
            f"{len(tables)} tables keep governments apart",
        )
    return Finding(
        Level.BAD, f"団体の壁がない表：{'、'.join(open_tables)}", f"No row security on {', '.join(open_tables)}",
        "kakehashi migrate", "kakehashi migrate",
    )  # fmt: skip


def row_security_finding() -> Finding:
    """Whether every tenant's table has its wall."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        return _row_security(cursor)


def _worker(cursor: Any) -> Finding:
    cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
    (beat,) = cursor.fetchone()
    if beat is not None and clock.now() - beat < _LONGEST_SILENCE:
        return Finding(Level.GOOD, "ワーカーが動いています", "The worker is running")
    return Finding(
        Level.WARNING, "ワーカーが動いていません", "No worker is running",
        "kakehashi serve か kakehashi worker を動かしてください。封印・採番・メールが待っています。", "Start kakehashi serve or kakehashi worker.",
    )  # fmt: skip


def _failed_tasks(cursor: Any) -> Finding:
    cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    (count,) = cursor.fetchone()
    if not count:
        return Finding(Level.GOOD, "失敗した仕事はありません", "No task has failed")
    return Finding(
        Level.WARNING, f"失敗した仕事が {count} 件あります", f"{count} tasks have failed",
        "ワーカーのログで理由を見てください。", "See the worker's log for the reasons.",
    )  # fmt: skip


def _seals() -> Iterator[Finding]:
    from kakehashi.governments.selectors import tenants
    from kakehashi.journal.selectors import seal_status
    from kakehashi.kernel.tenancy import tenant_scope

    for government in tenants():
        with tenant_scope(government.id):
            status = seal_status()
        if status.lag < _LONGEST_LAG:
            yield Finding(
                Level.GOOD, f"{government.name}：記録 {status.size} 件を封印済み", f"{status.size} events are sealed"
            )
        else:
            yield Finding(
                Level.WARNING, f"{government.name}：記録 {status.waiting} 件が封印を待っています（{status.lag}）",
                f"{status.waiting} events wait for their seal",
                "ワーカーを動かしてください。記録は失われていません。", "Start the worker; nothing is lost.",
            )  # fmt: skip


def _open_data() -> Iterator[Finding]:
    from kakehashi.governments.selectors import tenants
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.site.open_data import late_titles

    for government in tenants():
        with tenant_scope(government.id):
            late = late_titles()
        if late:
            yield Finding(
                Level.WARNING, f"{government.name}：更新が遅れているオープンデータ {len(late)} 件（{'、'.join(late[:5])}）",
                f"{len(late)} open datasets are late", "担当課が、オープンデータのページで公開し直してください。",
                "Its section publishes them again on the open data pages.",
            )  # fmt: skip
