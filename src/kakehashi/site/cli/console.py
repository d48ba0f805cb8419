"""What the commands share: loading Django, the database while a command needs it, progress bars, two languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from kakehashi.site.config import Config, load
from kakehashi.site.embedded import EmbeddedPostgres

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
def django_and_database() -> Iterator[None]:
    """Load Django with the database up, and close its connections at the end."""
    with database():
        setup()
        try:
            yield
        finally:
            close_connections()


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
