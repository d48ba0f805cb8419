"""`kakehashi demo`: the fictional prefecture in a folder of its own, on one PC."""

from __future__ import annotations

import os

import click

from kakehashi.site.cli.console import django_and_database, fail, out


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="待ち受けるアドレス / Address to listen on")
@click.option("--port", default=8000, show_default=True, help="待ち受けるポート / Port to listen on")
@click.option("--load-only", is_flag=True, help="見本を読み込むだけで、動かさない / Only load, do not serve")
def command(host: str, port: int, load_only: bool) -> None:
    """見本の町で試す。架空の県・市・町・村の一年分の仕事が入り、五つの場面で道を歩けます。

    Try it with a fictional prefecture, a city, a town and a village. Its data live in a folder of their own
    (KAKEHASHI_HOME, default ./var/demo); a database with somebody's real work is refused.
    """
    os.environ["KAKEHASHI_DEMO"] = "1"
    os.environ.setdefault("KAKEHASHI_HOME", "var/demo")
    os.environ.setdefault("KAKEHASHI_BASE_URL", f"http://localhost:{port}")
    if load_only:
        _load()
        return
    from kakehashi.site.cli.serve import run

    run(host, port, prepare=("demo", "--load-only"))


def _load() -> None:
    with django_and_database("none"):
        from kakehashi.site.cli.migrate import migrate
        from kakehashi.site.demo.guard import NotADemoError
        from kakehashi.site.demo.load import load
        from kakehashi.site.health import missing_migrations

        if missing_migrations()[1]:
            migrate(verbosity=0)
        try:
            load(out.print)
        except NotADemoError as error:
            fail(str(error), "This database is not a demo; use another KAKEHASHI_HOME.")
