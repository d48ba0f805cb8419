"""`kakehashi export-government`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kakehashi.site.archive import RecoveryKey
from kakehashi.site.cli.backup import show_contents
from kakehashi.site.cli.console import django_and_database, fail, note_export, out, progress
from kakehashi.site.config import load


@click.command("export-government")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--government", required=True, help="6桁の団体コードかアドレスの名前 / Six-digit code or slug")
@click.option(
    "--key-file", type=click.Path(path_type=Path), help="鍵を書くファイル（既定は表示） / Write the key there instead"
)
@click.option("--reason", default="", help="なぜ持ち出すか（閲覧記録に残る） / Why, for the access log")
def command(path: Path, government: str, key_file: Path | None, reason: str) -> None:
    """一つの団体を閉じて、その行・添付・操作の記録・利用者を、暗号化した一つのファイルに持ち出す。

    Close one government and write its rows, files, journal and accounts into one encrypted file, for `import-government` in
    another installation. The key is shown once: send it by another way than the file. The rows stay here, closed.
    """
    from kakehashi.kernel.errors import DomainError

    if path.exists():
        fail(f"{path} はすでにあります。", f"{path} exists already.")
    config, key = load(), RecoveryKey.generate()
    with django_and_database(), progress() as bars:
        from kakehashi.governments.selectors import tenants
        from kakehashi.site.moving import CannotMove, export_government

        found = [one for one in tenants() if government in {one.code, one.slug}]
        if not found:
            fail(f"団体「{government}」は開いていません。", f"{government} is not served here.")
        note_export(found, page="kakehashi export-government", purpose="団体の持ち出し", reason=reason)
        bar = bars.add_task(found[0].name, total=None)
        try:
            contents = export_government(
                config,
                found[0],
                path,
                key,
                lambda name, done, total: bars.update(bar, description=name, completed=done, total=total),
            )
        except (CannotMove, DomainError) as error:
            fail(str(error), "Nothing was changed.")
    show_contents(contents)
    _hand_over(key, key_file)
    out.print(f"{path} に持ち出し、この団体を閉じました。 / Written; the government is closed here.")


def _hand_over(key: RecoveryKey, key_file: Path | None) -> None:
    if key_file is None:
        out.print(f"鍵（ファイルとは別の方法で渡してください） / Key, to be sent by another way:\n  {key.text()}")
        return
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.text() + "\n")
