"""The command line `kakehashi`."""

from __future__ import annotations

import os

import click


def setup() -> None:
    """Load Django, after the environment is settled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings")
    import django

    django.setup()


@click.group()
def main() -> None:
    """架け橋 Kakehashi."""


@main.command()
def migrate() -> None:
    """表を新しくする / Bring the database up to date: tables, row security, grants."""
    setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from kakehashi.kernel.row_security import apply_row_security
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    if settings.CONFIG.embedded:
        EmbeddedPostgres(settings.CONFIG.home).start()
    call_command("migrate", database="admin", interactive=False)
    role = str(settings.DATABASES["default"]["USER"]) or APPLICATION
    apply_row_security(connections["admin"], role=role)


@main.group(name="import")
def import_() -> None:
    """取り込む / Import data."""


@main.command()
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """開発用に動かす / Serve for development."""
    setup()
    from django.conf import settings
    from django.core.management import call_command

    from kakehashi.site.embedded import EmbeddedPostgres

    if settings.CONFIG.embedded:
        EmbeddedPostgres(settings.CONFIG.home).start()
    call_command("runserver", f"127.0.0.1:{port}", "--noreload")
