"""`kakehashi import …`: one sub-command for each kind of data. The database is up while any of them runs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from kakehashi.site.cli.console import django_and_database

# Sub-command → module and name of its click command.
IMPORTS = {
    "dashboard": ("kakehashi.indicators.management.import_dashboard", "import_dashboard"),
    "governments": ("kakehashi.governments.management.import_governments", "import_governments"),
    "procedures": ("kakehashi.site.import_procedures", "import_procedures"),
}


class ImportGroup(click.Group):
    """Imports a sub-command when it is asked for, and holds the database up while it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the kinds of data."""
        return sorted(name for name, (module, _) in IMPORTS.items() if find_spec(module))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a sub-command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, name = IMPORTS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the sub-command with the database up; its `--help` needs none."""
        if {"-h", "--help"} & set(ctx.protected_args + ctx.args):
            return super().invoke(ctx)
        with django_and_database():
            return super().invoke(ctx)


@click.group("import", cls=ImportGroup)
def command() -> None:
    """データを取り込む。 / Import data."""
