"""`kakehashi exchange …`: the exchange between the public and the staff side, for machines without a staff page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kakehashi.site.cli.console import django_and_database, fail, out

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("exchange")
def command() -> None:
    """公開側と職員側の受け渡し（鍵・包み・回線）。 / Exchange between public and staff side."""


@contextmanager
def _town(name: str) -> Iterator[Any]:
    """The town's scope and the program as its actor; errors of the field become one line."""
    from kakehashi.governments.selectors import tenants
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.errors import DomainError
    from kakehashi.kernel.tenancy import tenant_scope

    found = [one for one in tenants() if not name or name in {one.code, one.slug}]
    if len(found) != 1:
        fail("団体を --government で一つ指定してください。", "Name one government with --government.")
    try:
        with tenant_scope(found[0].id):
            yield system_actor(found[0].id, "コマンド")
    except DomainError as problem:
        fail(problem.message, f"Refused ({problem.code}).")


def _in_town(function: Callable[..., None]) -> Callable[..., None]:
    """Give a sub-command `--government` and the actor of that town."""

    @click.option("--government", default="", help="団体コードかスラッグ / Code or slug")
    @wraps(function)
    def run(government: str, **options: Any) -> None:
        _end(False)
        with django_and_database(), _town(government) as actor:
            function(actor, **options)

    return run


@command.command("card")
@click.option("--side", type=click.Choice(["public", "staff"]), required=True, help="こちらの側 / Which half this is")
@click.option("--url", default="", help="公開側の住所（https://…/exchange/call/） / Address of the public side")
@click.option("--renew", is_flag=True, help="鍵を作り直す / Make new keys")
@click.option("--out", "target", type=_FILE, required=True, help="名乗りを書くファイル / Where to write the card")
@_in_town
def card(actor: Any, side: str, url: str, renew: bool, target: Path) -> None:
    """こちらの鍵を作り、名乗りのファイルを書く。 / Make this side's keys and write its card."""
    from kakehashi.exchange.domain.sides import Side
    from kakehashi.exchange.services import introduce_side

    made = introduce_side(actor=actor, side=Side(side), url=url, renew=renew)
    target.write_text(made.to_text(), encoding="utf-8")
    out.print(
        f"{target} に書きました。指紋（相手側に読み上げる） / Fingerprint, to be read aloud:\n  {made.fingerprint}"
    )


@command.command("pair")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", prompt="相手側の指紋 / Fingerprint", help="読み上げてもらった指紋 / As read to you")
@click.option("--url", default=None, help="公開側の住所 / Address of the public side")
@_in_town
def pair(actor: Any, file: Path, fingerprint: str, url: str | None) -> None:
    """相手側の名乗りを確かめて、組にする。 / Trust the other side's card."""
    from kakehashi.exchange.services import pair_side

    made = pair_side(actor=actor, card_text=file.read_text(encoding="utf-8"), fingerprint=fingerprint, url=url)
    out.print(f"組にしました。こちらは{made.side.label}です。 / Paired as the {made.our_side} side.")


@command.command("write")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_in_town
def write(actor: Any, folder: Path) -> None:
    """待っているものを包みにして、フォルダーに置く。 / Write what waits into bundles in a folder."""
    from kakehashi.exchange.domain.names import bundle_name
    from kakehashi.exchange.selectors import peer, standing
    from kakehashi.exchange.services import write_bundle
    from kakehashi.governments.selectors import get_government

    code = get_government(actor.government_id).code
    while True:
        bundle, content = write_bundle(actor=actor, via="file")
        other = peer()
        path = folder / bundle_name(code, other.side, bundle.sequence)  # type: ignore[union-attr]
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(path)
        out.print(f"{path} : {bundle.item_count}件 / items")
        left = standing()
        if left is None or not left.waiting_total:
            return


@command.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_in_town
def read(actor: Any, files: tuple[Path, ...]) -> None:
    """相手側の包みを取り込む。断った包みがあれば終了コード 1。 / Read bundles; exit status 1 if one was refused."""
    from kakehashi.exchange.services import read_bundle

    refused = 0
    for file in files:
        receipt = read_bundle(actor=actor, content=file.read_bytes(), via="file")
        refused += receipt.is_refused
        colour = "red" if receipt.is_refused else "green"
        out.print(f"[{colour}]{file.name}[/] {receipt.message}")
    _end(refused)


@command.command("run")
@_in_town
def run(actor: Any) -> None:
    """職員側から公開側へつないで、一度受け渡す。 / One exchange over the line, from the staff side."""
    from kakehashi.exchange.services import run_round

    done = run_round(actor=actor)
    out.print(done.failure or f"受け渡しました：{done.turns}往復、取り込み{done.applied}件 / Done.")
    _end(bool(done.failure))


_failed = False


def _end(failed: object) -> None:
    """Leave with status 1 after the transaction has been kept: a refusal is recorded."""
    global _failed
    _failed = bool(failed)


@command.result_callback()
def _leave(*_: object, **__: object) -> None:
    if _failed:
        raise SystemExit(1)


@command.command("status")
@_in_town
def status(actor: Any) -> None:
    """最後の受け渡しと、待っているものを示す。 / Show the last exchange and what waits."""
    from kakehashi.exchange.selectors import standing
    from kakehashi.kernel import clock

    now = standing()
    if now is None:
        out.print("この団体は分かれていません。 / Not split.")
        return
    out.print(f"こちら / This side: {now.peer.side.label}")
    last = now.peer.exchanged_at
    out.print(f"最後の受け渡し / Last exchange: {f'{last.astimezone(clock.JST):%Y-%m-%d %H:%M}' if last else '—'}")
    out.print(f"送るのを待っている / Waiting here: {now.waiting_total}　相手側 / There: {now.peer.their_waiting}")
    for label, count in now.waiting:
        out.print(f"  {label}: {count}")
    out.print(f"届いていない包み / Missing: {', '.join(map(str, now.missing)) or '—'}")
    out.print(f"人の確認が要る / Needs a person: {now.refused}")


@command.command("quarantine")
@click.option("--release", default="", help="取り出す名前（一覧の左端） / Name to take out")
@click.option("--out", "target", type=_FILE, help="取り出す先 / Where to write it")
@_in_town
def quarantine(actor: Any, release: str, target: Path | None) -> None:
    """隔離した添付の一覧。--release で原本を取り出す。 / List quarantined originals, or take one out."""
    from kakehashi.exchange.adapters.quarantine import open_quarantine
    from kakehashi.exchange.models import FileCheck
    from kakehashi.governments.selectors import get_government

    if not release:
        for each in FileCheck.objects.filter(is_refused=True).order_by("-checked_at"):
            out.print(f"{each.quarantine}  {each.checked_at:%Y-%m-%d}  {each.what}")
        return
    if target is None or not FileCheck.objects.filter(quarantine=release).exists():
        fail("名前と --out を確かめてください。", "Check the name and --out.")
    code = get_government(actor.government_id).code
    target.touch(mode=0o600)
    target.write_bytes(open_quarantine(code, release))
    out.print(f"{target} に取り出しました。開く前に検査してください。 / Written; scan it before opening.")
