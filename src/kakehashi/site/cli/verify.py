"""`kakehashi verify`: is the journal what was signed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from kakehashi.site.cli.console import django_and_database, fail, out, progress

if TYPE_CHECKING:
    from kakehashi.journal.services.verify import Verification

_MOST_SHOWN = 20


@click.command("verify")
@click.option("--government", default="", help="団体コードかスラッグ（既定は全団体） / Code or slug; default: all")
@click.option(
    "--export", type=click.Path(dir_okay=False, path_type=Path), help="証明を zip に書き出す / Write the evidence"
)
@click.option(
    "--case", "number", default="", help="この案件番号・起案番号・文書番号の証明一式だけを書き出す / Only this case"
)
@click.option("--seal/--no-seal", default=True, help="先に未封印の記録を封印する / Seal what waits first")
def command(government: str, export: Path | None, number: str, seal: bool) -> None:
    """操作の記録が、署名されたとおりか確かめる。終了コード 0：正しい、1：壊れている。

    Recompute every government's log and compare it with every signed checkpoint. Exit status 1 when anything was changed,
    deleted, inserted, reordered or cut off. --export writes a zip that anybody verifies without this program; with --case the
    evidence of that case alone, with its papers.
    """
    with django_and_database("any"):
        governments = _chosen(government)
        if export and len(governments) != 1:
            fail("--export には --government が必要です。", "--export needs --government.")
        if number and not export:
            fail("--case には --export が必要です。", "--case needs --export.")
        results = [_verify(one, seal=seal) for one in governments]
        if export:
            _export(governments[0], export, number)
    _show(governments, results)
    if not all(result.is_intact for result in results):
        raise SystemExit(1)


def _chosen(name: str) -> list[Any]:
    from kakehashi.governments.selectors import tenants

    found = [one for one in tenants() if not name or name in {one.code, one.slug}]
    if name and not found:
        fail(f"団体「{name}」はありません。", f"There is no government {name}.")
    return found


def _verify(government: Any, *, seal: bool) -> Verification:
    from kakehashi.journal.services import seal_events, verify_journal
    from kakehashi.kernel.tenancy import tenant_scope

    if seal:
        with tenant_scope(government.id):
            seal_events()
    with progress() as bars:
        bar = bars.add_task(government.name, total=_size(government))
        return verify_journal(government_id=government.id, progress=lambda count: bars.advance(bar, count))


def _size(government: Any) -> int:
    from kakehashi.journal.selectors import last_seal
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(government.id):
        seal = last_seal()
    return seal.size if seal else 0


def _export(government: Any, path: Path, number: str) -> None:
    from kakehashi.journal.domain.dossiers import find_dossier
    from kakehashi.journal.services import export_bundle, export_dossier
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope

    actor = system_actor(government.id, "コマンド")
    with tenant_scope(government.id):
        found = find_dossier(number) if number else None
        if number and found is None:
            fail(f"「{number}」という案件・起案はありません。", f"There is no case {number}.")
        with path.open("wb") as target:
            if found is None:
                export_bundle(actor=actor, target=target)
            else:
                export_dossier(actor=actor, target=target, kind=found[0], subject_id=found[1])
    out.print(f"{path} に書き出しました。検証： python3 verify.py {path.name} / Written.")


def _show(governments: list[Any], results: list[Verification]) -> None:
    table = Table("団体 / Government", "件数 / Events", "署名 / Signed", "結果 / Result")
    for government, result in zip(governments, results, strict=True):
        signed = f"{result.signed_at:%Y-%m-%d %H:%M:%S} UTC" if result.signed_at else "—"
        verdict = (
            "[green]正しい / intact[/]"
            if result.is_intact
            else f"[red]壊れています / BROKEN ({len(result.findings)})[/]"
        )
        table.add_row(government.name, f"{result.size:,}", signed, verdict)
    out.print(table)
    for government, result in zip(governments, results, strict=True):
        if result.root:
            out.print(f"{government.name} ルート / root {result.root}")
    for government, result in zip(governments, results, strict=True):
        for finding in result.findings[:_MOST_SHOWN]:
            out.print(f"[red]{government.name}[/] {finding.ja} / {finding.en}")
        if len(result.findings) > _MOST_SHOWN:
            out.print(f"…ほか {len(result.findings) - _MOST_SHOWN} 件 / and more")
