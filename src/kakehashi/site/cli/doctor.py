"""`kakehashi doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from kakehashi.site.checks import Finding, Level, database_checks, folder_checks
from kakehashi.site.cli.console import database, out
from kakehashi.site.config import BadConfiguration, Config, load

_MARKS = {Level.GOOD: "[green]✓[/]", Level.WARNING: "[yellow]！[/]", Level.BAD: "[red]×[/]"}


@click.command("doctor")
def command() -> None:
    """何が悪いか、どう直すかを調べる。何も変えない。 / Say what is wrong and how to mend it; changes nothing.

    終了コード 1：直すべきところがある。 / Exit status 1 when something must be mended.
    """
    worst = Level.GOOD
    for finding in _findings():
        worst = max(worst, finding.level)
        out.print(f"{_MARKS[finding.level]} {finding.ja}\n  [dim]{finding.en}[/]")
        if finding.mend_ja:
            out.print(f"  → {finding.mend_ja}\n  [dim]→ {finding.mend_en}[/]")
    out.print("\n" + _CLOSING[worst])
    if worst is Level.BAD:
        sys.exit(1)


_CLOSING = {
    Level.GOOD: "悪いところは見つかりませんでした。 / Nothing is wrong.",
    Level.WARNING: "動きますが、気をつけるところがあります。 / It works; mind the marked lines.",
    Level.BAD: "直すところがあります。 / Something must be mended.",
}


def _findings() -> Iterator[Finding]:
    try:
        config = load()
    except BadConfiguration as error:
        yield Finding(
            Level.BAD, f"設定が読めません：{error}", f"The settings cannot be read: {error}",
            "環境変数の名前と値を docs/operate/settings.md と見比べてください。", "Compare it with docs/operate/settings.md.",
        )  # fmt: skip
        return
    yield from folder_checks(config)
    yield from _with_database(config, database_checks)


def _with_database(config: Config, checks: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    from kakehashi.site.cli.console import setup

    try:
        with database(config):
            setup()
            yield from checks()
    except (RuntimeError, TimeoutError, OSError) as error:
        yield Finding(
            Level.BAD,
            f"データベースに接続できません：{str(error)[-400:]}",
            "The database cannot be reached.",
            f"{config.home / 'pg' / 'log'} の終わりを見てください。"
            if config.embedded
            else "DATABASE_URL を確かめてください。",
            "See the end of that log." if config.embedded else "Check DATABASE_URL.",
        )
