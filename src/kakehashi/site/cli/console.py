"""What the commands share: loading Django, the database while a command needs it, progress bars, two languages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click
from rich.console import Console

from kakehashi.kernel.later import later
from kakehashi.site.config import BadConfiguration, Config, load
from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres, OtherVersion

if TYPE_CHECKING:
    import psycopg
    from rich.progress import Progress
else:
    psycopg = later("psycopg")

Tables = Literal["current", "any", "none"]

out = Console(highlight=False, soft_wrap=True)


def setup() -> None:
    """Load Django, after the environment is settled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings")
    import django

    from kakehashi.kernel.logs import install_excepthook

    django.setup()
    install_excepthook()


@contextmanager
def database(config: Config | None = None) -> Iterator[None]:
    """Hold the database up while a command runs: the embedded one is started if nobody runs it, and stopped after."""
    config = config or load()
    if not config.embedded:
        yield
        return
    with EmbeddedPostgres(config.home).borrowed():
        try:
            yield
        finally:
            close_connections()


@contextmanager
def django_and_database(tables: Tables = "current") -> Iterator[None]:
    """Load Django with the database up, and close its connections at the end.

    `tables` says what the command can live with: those of this version, those of any version, or none yet. Where the
    database has less, or cannot be reached, the command ends with a sentence that says what to do.
    """
    with ExitStack() as stack:
        _reach_database(stack)
        setup()
        stack.callback(close_connections)
        require_tables(tables)
        yield


def _reach_database(stack: ExitStack) -> None:
    try:
        config = load()
        stack.enter_context(database(config))
    except BadConfiguration as error:
        fail(f"設定が読めません：{error}", "Compare the environment with docs/operate/settings.md.")
    except OtherVersion as error:
        fail(str(error), "The data are of another major version of PostgreSQL: run kakehashi upgrade.")
    except (RuntimeError, TimeoutError, OSError) as error:
        fail_unreachable(str(error))
    require_answer(config)


def require_answer(config: Config) -> None:
    """End the command when nobody answers where the database should be; a pool would ask again and again first."""
    url = config.database_url or EmbeddedPostgres(config.home).url(APPLICATION)
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        fail_unreachable(str(error))


def require_tables(tables: Tables) -> None:
    """End the command with what to do when the database has fewer tables than the command needs."""
    from kakehashi.site.health import missing_migrations

    if tables == "none":
        # A database that was just copied over grants the web's role nothing yet.
        return
    known, missing = missing_migrations()
    if not known:
        fail(
            "データベースの表がまだありません。先に kakehashi migrate を実行してください（kakehashi serve も自動で作ります）。",
            "The database has no tables yet: run kakehashi migrate first (kakehashi serve makes them as well).",
        )
    if tables == "current" and missing:
        fail(
            f"データベースはこの版より古く、変更が {missing} 件待っています。先に kakehashi upgrade を実行してください。",
            f"The database is older than this version; {missing} changes wait. Run kakehashi upgrade first.",
        )


def fail_unreachable(reason: str) -> NoReturn:
    """End the command: nobody answers where the database should be."""
    fail(
        f"データベースに接続できません（{reason.strip()[-200:]}）。kakehashi doctor で原因と直し方を確かめてください。",
        "The database cannot be reached; kakehashi doctor says why and how to mend it.",
    )


def close_connections() -> None:
    """Give every connection back, those of pools too, so that the database can be stopped."""
    from django.apps import apps

    if not apps.ready:
        return
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        pool = getattr(connection, "close_pool", None)
        if pool is not None:
            pool()


def progress(*, to: Console = out) -> Progress:
    """A progress bar with count and time left, on the terminal's output or on the console `to`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=to,
    )


def fail(ja: str, en: str) -> NoReturn:
    """End the command with a message that says what to do, in both languages."""
    raise click.ClickException(f"{ja}\n{en}")


def who_runs_this() -> str:
    """The operator as the access log calls them: the account of this machine, the one before `sudo` where there is one."""
    import getpass
    import socket

    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"コマンド（{name}@{socket.gethostname()}）"[:200]


def note_export(governments: Iterable[Any], *, page: str, purpose: str, reason: str) -> None:
    """Write into the access log that everything of these governments leaves by a command; written before anything leaves."""
    from kakehashi.journal.models import AccessAct
    from kakehashi.journal.services import record_access
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope

    who = who_runs_this()
    for government in governments:
        with tenant_scope(government.id):
            record_access(
                actor=system_actor(government.id, who),
                subjects=[("governments.government", government.id)],
                purpose=purpose,
                page=page,
                act=AccessAct.EXPORT,
                reason=reason.strip(),
            )
