"""`kakehashi keys …`: the keys of specially protected answers and files, which lie apart from the installation's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from kakehashi.site.cli.console import django_and_database, fail, out
from kakehashi.site.config import home_folder

_UNIT_HELP = "保存の単位（年度。例 2026）。* は、その団体のすべて / Retention unit: a fiscal year, or * for all"
_PASSPHRASE = click.option(
    "--passphrase-file", type=click.Path(exists=True, path_type=Path), help="合言葉のファイル / Read it from a file"
)


@click.command("data-list")
@click.option("--government", required=True, help="6桁の団体コードかアドレスの名前 / Code or slug")
def list_keys(government: str) -> None:
    """鍵の一覧。 / List the keys of a government, destroyed ones too."""
    from kakehashi.kernel.data_keys import key_ring

    with django_and_database():
        table = Table("鍵 / Key", "年度 / Unit", "作った / Made", "廃棄 / Destroyed", "理由 / Reason")
        for info in key_ring().keys(_tenant(government).id):
            table.add_row(info.id, info.unit, info.made_at[:10], info.destroyed_at[:10], info.reason)
        out.print(table)


@click.command("destroy")
@click.option("--government", required=True, help="6桁の団体コードかアドレスの名前 / Code or slug")
@click.option("--unit", required=True, help=_UNIT_HELP)
@click.option("--by", required=True, help="廃棄を決めた人 / Who decided it")
@click.option("--reason", required=True, help="理由と根拠 / Reason and basis")
@click.option("--yes", is_flag=True, help="たずねずに廃棄する / Do not ask")
def destroy(government: str, unit: str, by: str, reason: str, yes: bool) -> None:
    """鍵を廃棄する。その年度の特に保護する回答と添付は、控えから戻しても、二度と読めなくなる。

    Destroy the keys of a unit. What they sealed becomes unreadable for ever, in restored backups too. Copies made by
    `kakehashi keys data-backup` must be destroyed as well.
    """
    with django_and_database():
        town = _tenant(government)
        if not yes:
            click.confirm(
                f"{town.name} の {unit} の鍵を廃棄します。元に戻せません。 / This cannot be undone.", abort=True
            )
        count = destroy_keys(town, unit, by=by, reason=reason)
    if not count:
        fail("廃棄する鍵はありません。", "There is no living key of this unit.")
    out.print(
        f"{count} 個の鍵を廃棄しました。keys data-backup で取った控えも廃棄してください。 / Destroyed; destroy saved copies, too."
    )


def destroy_keys(town: Any, unit: str, *, by: str, reason: str) -> int:
    """Destroy a unit's keys and write `site.keys.destroyed`; gives the number. The event comes first: no key goes unnoticed."""
    from kakehashi.journal.services import record_event
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.data_keys import key_ring
    from kakehashi.kernel.tenancy import tenant_scope

    ring = key_ring()
    going = [info.id for info in ring.keys(town.id) if not info.destroyed_at and unit in {"*", info.unit}]
    if not going:
        return 0
    with tenant_scope(town.id):
        record_event(
            actor=system_actor(town.id, f"コマンド（{by}）"),
            code="site.keys.destroyed",
            subject_kind="governments.government",
            subject_id=town.id,
            payload={"unit": unit, "keys": going, "reason": reason},
        )
    return len(ring.destroy(town.id, unit, by=by, reason=reason))


@click.command("data-rotate")
def rotate() -> None:
    """設置の鍵を取り替える。回答や添付は書き直さない。 / Replace the installation's key; data keys are wrapped anew."""
    from kakehashi.kernel.data_keys import key_ring

    with django_and_database():
        count = key_ring().rewrap()
    out.print(
        f"設置の鍵を取り替え、{count} 個の鍵を包み直しました。控えを取り直してください。 / Rotated; save a new copy."
    )


@click.command("data-backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@_PASSPHRASE
def data_backup(path: Path, passphrase_file: Path | None) -> None:
    """保護された回答の鍵を一つのファイルに封じて控える（普通の控えには入らない）。

    Seal the data keys into one file that only the passphrase opens. Keep exactly one: whatever copy is left makes a
    destroyed key readable again.
    """
    from kakehashi.kernel.key_files import write_private
    from kakehashi.site.cli.keys import ask_passphrase
    from kakehashi.site.key_archive import LEAST_PASSPHRASE, seal_keys

    passphrase = ask_passphrase(passphrase_file, confirm=True)
    if len(passphrase) < LEAST_PASSPHRASE:
        fail(
            f"合言葉は {LEAST_PASSPHRASE} 文字以上にしてください。",
            f"The passphrase needs {LEAST_PASSPHRASE} characters.",
        )
    if path.exists():
        fail(f"{path} はもうあります。", f"{path} exists already.")
    write_private(path.resolve(), seal_keys(_folder(), passphrase))
    out.print(f"{path} に封じました。控えは一つだけにしてください。 / Sealed; keep exactly one copy.")


@click.command("data-restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_PASSPHRASE
def data_restore(path: Path, passphrase_file: Path | None) -> None:
    """保護された回答の鍵を控えから戻す。廃棄した鍵は戻らない。 / Bring data keys back; destroyed ones stay destroyed."""
    from kakehashi.site.cli.keys import open_copy
    from kakehashi.site.key_archive import put_back

    folder = _folder()
    kept = open_copy(path, passphrase_file)
    wanted = {name: data for name, data in kept.items() if not (folder / name).with_suffix(".gone").exists()}
    different = put_back(wanted, folder)
    if different:
        fail(f"今あるものと違うため戻していません：{'、'.join(different)}", "Present and different, left alone.")
    out.print(
        f"{len(wanted)} 個を確かめ、なかったものを戻しました。 / {len(wanted)} checked, missing ones brought back."
    )


def _folder() -> Path:
    return home_folder() / "data-keys"


def _tenant(name: str) -> Any:
    from kakehashi.governments.selectors import tenants

    found = next((town for town in tenants() if name in {town.code, town.slug}), None)
    if found is None:
        fail(f"{name} という団体は、ここでは開いていません。", f"There is no government {name} here.")
    return found


COMMANDS = (list_keys, destroy, rotate, data_backup, data_restore)
