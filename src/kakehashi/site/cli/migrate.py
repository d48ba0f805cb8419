"""`kakehashi migrate`."""

from __future__ import annotations

import click

from kakehashi.site.cli.console import django_and_database


@click.command("migrate")
@click.option("--quiet", is_flag=True, help="変わったものだけ表示する / Only say what changed")
def command(quiet: bool) -> None:
    """データベースを最新にする：表、行の見え方、権限。 / Bring the database up to date: tables, row security, grants.

    何度実行してもよい。 / Safe to run again and again.
    """
    with django_and_database():
        migrate(verbosity=0 if quiet else 1)


def migrate(*, verbosity: int = 1) -> None:
    """Apply migrations as the owner, then row security and grants for the application's role; collect static files."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from kakehashi.kernel.row_security import apply_row_security
    from kakehashi.site.embedded import APPLICATION

    call_command("migrate", database="admin", interactive=False, verbosity=verbosity)
    apply_row_security(connections["admin"], role=str(settings.DATABASES["default"]["USER"]) or APPLICATION)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
