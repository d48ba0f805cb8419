"""`kakehashi import-government`."""

from __future__ import annotations

from pathlib import Path

import click

from kakehashi.site.archive import NotReadable, NotRestorable
from kakehashi.site.cli.console import django_and_database, fail, out, progress
from kakehashi.site.cli.restore import read_key
from kakehashi.site.config import load


@click.command("import-government")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="鍵のファイル（既定は入力） / File of the key; asked for otherwise",
)
def command(path: Path, key_file: Path | None) -> None:
    """`export-government` のファイルから団体を迎え、件数・記録のルート・添付を照合して開く。一致しなければ何も残さない。

    Take in a government from a file of `export-government`, compare rows, journal root and files, and open it. When anything
    differs, or when it is here already, nothing is left behind and the exit status is 1.
    """
    config = load()
    with django_and_database(), progress() as bars:
        from kakehashi.site.moving import CannotMove, finish_import, import_government

        bar = bars.add_task("受け入れ / Import", total=None)
        try:
            head = import_government(
                config,
                path,
                read_key(key_file),
                lambda name, done, total: bars.update(bar, description=name, completed=done + 1, total=total),
            )
        except (CannotMove, NotRestorable, NotReadable) as error:
            fail(f"受け入れられません：{error}", "Nothing was changed.")
        result = finish_import(head)
    if not result.is_intact:
        fail("操作の記録が壊れています：" + "; ".join(one.ja for one in result.findings[:3]), "The journal is broken.")
    out.print(f"{head.facts['name']}を迎えました。件数・添付・操作の記録（{result.size:,} 件）は一致しています。")
    out.print("The government is open here; rows, files and journal are what was sent.")
