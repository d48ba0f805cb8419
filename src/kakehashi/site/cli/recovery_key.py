"""`kakehashi recovery-key`: the paper without which no backup can be read."""

from __future__ import annotations

import click

from kakehashi.kernel import clock
from kakehashi.kernel.key_files import write_private
from kakehashi.site.archive import backup_public_key, fingerprint, recovery_key
from kakehashi.site.cli.console import fail, out
from kakehashi.site.config import load


@click.command("recovery-key")
@click.option("--printed", is_flag=True, help="印刷して金庫に入れたことを記す / Note that it was printed and put away")
def command(printed: bool) -> None:
    """控えを読むための復旧の鍵を表示する。印刷して、この機械とは別の場所（金庫など）に保管する。

    Show the recovery key, with which backups are read. Print it and keep it away from this machine: when the machine is
    lost, the backups are worth nothing without it. Afterwards run this again with --printed, so that doctor stops asking.
    """
    config = load()
    public = backup_public_key(config.home)
    if printed:
        noted = f"{fingerprint(public)} {clock.now():%Y-%m-%d}\n"
        write_private(config.home / "keys" / "backup.printed", noted.encode())
        out.print("復旧の鍵を保管したことを記しました。 / Noted.")
        return
    key = recovery_key(config.home)
    if key is None:
        fail(
            "この機械には復旧の鍵がありません。保管した紙を使ってください。",
            "The key was taken off this machine; use the paper.",
        )
    out.print("架け橋 復旧の鍵 / Kakehashi recovery key")
    out.print(f"  番号 / fingerprint  {fingerprint(public)}")
    groups = key.text().split("-")
    for at in range(0, len(groups), 7):
        out.print("  " + "-".join(groups[at : at + 7]))
    out.print("紙に印刷して金庫に入れ、kakehashi recovery-key --printed を実行してください。")
    out.print("Print it, lock it away, then run kakehashi recovery-key --printed.")
