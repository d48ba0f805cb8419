"""`kakehashi take-home`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kakehashi.site.cli.console import django_and_database, fail, note_export, out, progress, who_runs_this


@click.command("take-home")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--government", required=True, help="6桁の団体コードかアドレスの名前 / Six-digit code or slug")
@click.option("--reason", required=True, help="なぜ書き出すか（閲覧記録に残る） / Why, for the access log")
def command(path: Path, government: str, reason: str) -> None:
    """持ち帰る：一つの団体のすべてを、このシステムなしに読める形（CSV・添付・証明）のzipに書き出す。

    Write everything one government owns as open formats (CSV, files, evidence) into one zip that is NOT encrypted. The same as
    the page 持ち帰る, for what is too large for a browser. The act is written into the journal and the access log.
    """
    if path.exists():
        fail(f"{path} はすでにあります。", f"{path} exists already.")
    draft = path.with_name(f".{path.name}.part")
    with django_and_database(), progress() as bars:
        from kakehashi.governments.selectors import tenants
        from kakehashi.kernel.actor import system_actor
        from kakehashi.kernel.tenancy import tenant_scope
        from kakehashi.site.take_home import take_home

        found = [one for one in tenants() if government in {one.code, one.slug}]
        if not found:
            fail(f"団体「{government}」は開いていません。", f"{government} is not served here.")
        note_export(found, page="kakehashi take-home", purpose="持ち帰り（全部の書き出し）", reason=reason)
        bars.add_task(found[0].name, total=None)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                with tenant_scope(found[0].id):
                    counts = take_home(
                        actor=system_actor(found[0].id, who_runs_this()), government=found[0], target=file
                    )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    out.print(
        f"{path} に {sum(counts.values()):,} 行を書き出しました（暗号化されていません）。 / Written, not encrypted."
    )
