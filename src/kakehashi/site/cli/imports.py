"""`kakehashi import …`: one sub-command for each kind of data. The database is up while any of them runs."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from kakehashi.site.cli.console import django_and_database

# Sub-command → module and name of its click command.
IMPORTS = {
    "dashboard": ("kakehashi.indicators.management.import_dashboard", "import_dashboard"),
    "governments": ("kakehashi.governments.management.import_governments", "import_governments"),
    "map": ("kakehashi.plans.management.import_map", "import_map"),
    "procedures": ("kakehashi.site.import_procedures", "import_procedures"),
    "shelters": ("kakehashi.shelters.management.import_shelters", "import_shelters"),
    "rule-pack": ("kakehashi.site.import_rule_pack", "import_rule_pack"),
}


class ImportGroup(click.Group):
    """Imports a sub-command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the kinds of data."""
        return sorted(name for name, (module, _) in IMPORTS.items() if find_spec(module))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a sub-command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, name = IMPORTS[cmd_name]
        command: click.Command = copy(getattr(import_module(module), name))
        command.callback = _with_database(command.callback)
        return command


def _with_database(run: Callable[..., Any] | None) -> Callable[..., Any]:
    """Hold the database up while a sub-command runs; its `--help` and a mistyped line need none."""
    assert run is not None

    @wraps(run)
    def running(*args: Any, **options: Any) -> Any:
        with django_and_database():
            return run(*args, **options)

    return running


@click.group("import", cls=ImportGroup)
def command() -> None:
    """データを取り込む。 / Import data."""
