"""`kakehashi snapshot`: the monthly numbers of every government, with a bar; started again it goes on where it stopped."""

from __future__ import annotations

import re
import time
from typing import Any

import click

from kakehashi.site.cli.console import django_and_database, fail, out, progress


@click.command("snapshot")
@click.option("--government", default="", help="団体コードかスラッグ（既定は全団体） / Code or slug; default: all")
@click.option(
    "--part",
    default="1/1",
    show_default=True,
    help="分けて動かす（例：1/2 と 2/2） / Share the work, such as 1/2 and 2/2",
)
@click.option(
    "--months", default=13, show_default=True, type=click.IntRange(1, 60), help="さかのぼる月数 / Months to look back"
)
def command(government: str, part: str, months: int) -> None:
    """月ごとの指標の値を、全団体ぶん記録する。途中で止めても、もう一度動かすと続きから始まる。

    Record the monthly figures of every government now, instead of waiting for the worker. Each government is one transaction; what
    is recorded already is not counted again, so an interrupted run goes on where it stopped.
    """
    share = re.fullmatch(r"([1-9]\d?)/([1-9]\d?)", part)
    if share is None or int(share[1]) > int(share[2]):
        fail(f"--part「{part}」は 1/2 の形で書いてください。", f"--part {part} is not of the form 1/2.")
    at, parts = int(share[1]), int(share[2])
    began = time.monotonic()
    with django_and_database():
        chosen = [one for place, one in enumerate(_chosen(government)) if place % parts == at - 1]
        written, done_before = 0, 0
        with progress() as bar:
            task = bar.add_task("記録 / snapshots", total=len(chosen))
            for one in chosen:
                count = _take(one, months)
                written += count
                done_before += count == 0
                bar.advance(task)
    seconds = time.monotonic() - began
    out.print(
        f"{len(chosen)}団体、{written}件を記録しました（{done_before}団体は記録済み、{seconds:.1f}秒）。 / "
        f"{written} figures of {len(chosen)} governments; {done_before} had them already."
    )


def _chosen(name: str) -> list[Any]:
    from kakehashi.governments.selectors import tenants

    found = [one for one in tenants() if not name or name in {one.code, one.slug}]
    if name and not found:
        fail(f"団体「{name}」はありません。", f"There is no government {name}.")
    return found


def _take(government: Any, months: int) -> int:
    from kakehashi.indicators.services import take_snapshots
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(government.id):
        return take_snapshots(months=months)
