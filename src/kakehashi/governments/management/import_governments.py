"""`kakehashi import governments`: the national list, from a file or from the postal data that is installed."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="governments")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--population", type=_FILE, help="国勢調査の人口のCSV / CSV with the census population.")
@click.option("--dry-run", is_flag=True, help="書き込まずに結果だけ示す / Report only, write nothing.")
def import_governments(files: tuple[Path, ...], population: Path | None, dry_run: bool) -> None:
    """団体の一覧を取り込む / Import the national list of local governments.

    FILES は CSV です(UTF-8 か Shift_JIS)。省くと、郵便番号データから今の一覧を作ります。
    FILES are CSV (UTF-8 or Shift_JIS). Without any, the present list is derived from the installed postal data.
    """
    from kakehashi.governments import services
    from kakehashi.governments.models import Government
    from kakehashi.kernel.errors import DomainError

    broken = 0
    try:
        # A population needs governments to belong to: where there is none, the list comes first.
        if not files and (population is None or not Government.objects.filter(is_tenant=False).exists()):
            broken += _show("郵便番号データ", services.import_present_list(dry_run=dry_run))
        for file in files:
            broken += _show(file.name, services.import_national_list(content=file.read_bytes(), dry_run=dry_run))
        if population is not None:
            report = services.import_population(content=population.read_bytes(), dry_run=dry_run)
            broken += _show(population.name, report)
    except DomainError as problem:
        raise click.ClickException(problem.message) from problem
    if broken:
        click.echo(f"取り込まなかった行：{broken}")


def _show(name: str, report: object) -> int:
    from kakehashi.governments.services import ImportReport

    assert isinstance(report, ImportReport)
    for line in report.broken:
        click.echo(f"{name}:{line.line}: {line.text}: {line.reason}", err=True)
    done = "取り込む予定" if report.dry_run else "取り込みました"
    click.echo(
        f"{name}{f'({report.encoding})' if report.encoding else ''}: {report.loaded}団体を{done}"
        f" / 新規{len(report.created)} 変更{len(report.updated)} 変わらず{len(report.unchanged)}"
        f" 都道府県の補い{len(report.implied)} 読めない行{len(report.broken)}"
    )
    return len(report.broken)
