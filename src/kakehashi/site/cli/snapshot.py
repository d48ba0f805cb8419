"""`kakehashi snapshot`: the monthly numbers of every government, with a bar; started again it goes on where it stopped."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import click

from kakehashi.site.cli.console import django_and_database, fail, out, progress, setup

# Another process takes a second or two to load.
_WORTH_A_PROCESS = 20


@click.command("snapshot")
@click.option("--government", default="", help="団体コードかスラッグ（既定は全団体） / Code or slug; default: all")
@click.option(
    "--part",
    default="1/1",
    show_default=True,
    help="分けて動かす（例：1/2 と 2/2） / Share the work, such as 1/2 and 2/2",
)
@click.option(
    "--jobs",
    default=0,
    type=click.IntRange(0, 64),
    help="同時に動かす数（既定は処理装置の数） / How many at once; default: one for each processor",
)
@click.option(
    "--months", default=13, show_default=True, type=click.IntRange(1, 60), help="さかのぼる月数 / Months to look back"
)
def command(government: str, part: str, jobs: int, months: int) -> None:
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
        jobs = jobs or (1 if len(chosen) < _WORTH_A_PROCESS else os.cpu_count() or 1)
        written, done_before = 0, 0
        failed: list[str] = []
        with progress() as bar:
            task = bar.add_task("記録 / snapshots", total=len(chosen))
            for one, (count, error) in zip(chosen, _taken([one.id for one in chosen], months, jobs), strict=True):
                written += count
                done_before += count == 0 and not error
                if error:
                    failed.append(f"{one.name}: {error}")
                bar.advance(task)
    seconds = time.monotonic() - began
    out.print(
        f"{len(chosen)}団体、{written}件を記録しました（{done_before}団体は記録済み、{seconds:.1f}秒）。 / "
        f"{written} figures of {len(chosen)} governments; {done_before} had them already."
    )
    if failed:
        fail(
            f"{len(failed)}団体は記録できませんでした。もう一度動かすと、その団体から続けます。\n"
            + "\n".join(failed[:20]),
            f"{len(failed)} governments failed; run it again to go on with them.",
        )


def _chosen(name: str) -> list[Any]:
    from kakehashi.governments.selectors import tenants

    found = [one for one in tenants() if not name or name in {one.code, one.slug}]
    if name and not found:
        fail(f"団体「{name}」はありません。", f"There is no government {name}.")
    return found


def _taken(ids: list[UUID], months: int, jobs: int) -> Iterator[tuple[int, str]]:
    """How many values each government got, in order, and what went wrong; several at once in processes of their own."""
    if jobs == 1:
        yield from (_take(one, months) for one in ids)
        return
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ready)
    try:
        yield from pool.map(partial(_take, months=months), ids)
    finally:
        pool.shutdown(cancel_futures=True)


def _ready() -> None:
    """In a process of its own: an interruption is the parent's affair, which lets what is under way end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    setup()


def _take(government_id: UUID, months: int) -> tuple[int, str]:
    from kakehashi.indicators.services import take_snapshots
    from kakehashi.kernel.tenancy import tenant_scope

    try:
        with tenant_scope(government_id):
            return take_snapshots(months=months), ""
    except Exception as error:  # noqa: BLE001 - one government must not stop the others; the command tells of it and fails
        return 0, f"{type(error).__name__}: {error}"
