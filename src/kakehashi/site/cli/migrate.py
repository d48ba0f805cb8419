"""`kakehashi migrate`."""

from __future__ import annotations

import time

import click

from kakehashi.site.cli.console import django_and_database, out

# A change of a table waits this long for those who use it, then lets them go first and tries again.
_LOCK_TIMEOUT = "2s"
_TRIES = 20
_PAUSE_SECONDS = 3.0
_LOCK_NOT_AVAILABLE = "55P03"


@click.command("migrate")
@click.option("--quiet", is_flag=True, help="変わったものだけ表示する / Only say what changed")
def command(quiet: bool) -> None:
    """データベースを最新にする：表、行の見え方、権限。 / Bring the database up to date: tables, row security, grants.

    何度実行してもよい。仕事のデータがあるときは kakehashi upgrade を使う（控えを取り、失敗したら戻す）。
    Safe to run again and again. With real data use `kakehashi upgrade`, which backs up first and rolls back on failure.
    """
    with django_and_database("none"):
        migrate(verbosity=0 if quiet else 1)


def migrate(*, verbosity: int = 1) -> None:
    """Apply migrations as the owner, then row security and grants for the application's role; collect static files.

    No statement waits longer than two seconds for a lock, so that a running program is never held up behind it.
    """
    from django.conf import settings
    from django.core.management import call_command

    for left in reversed(range(_TRIES)):
        if _try(verbosity, is_last=not left):
            break
        out.print("表が使われています。少し待ってもう一度試します。 / A table is in use; trying again.")
        time.sleep(_PAUSE_SECONDS)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)


def _try(verbosity: int, *, is_last: bool) -> bool:
    """Go as far as locks allow; False when somebody held one for too long. What was done is not done again."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError, connections

    from kakehashi.kernel.row_security import apply_row_security
    from kakehashi.site.embedded import APPLICATION

    connection = connections["admin"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
        call_command("migrate", database="admin", interactive=False, verbosity=verbosity)
        apply_row_security(connection, role=str(settings.DATABASES["default"]["USER"]) or APPLICATION)
    except OperationalError as error:
        if is_last or getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        return False
    return True
