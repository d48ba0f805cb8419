"""`kakehashi import …`: one sub-command for each kind of data."""

from __future__ import annotations

import click


@click.group("import")
def command() -> None:
    """データを取り込む。 / Import data."""
