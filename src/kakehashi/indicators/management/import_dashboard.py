"""`kakehashi import dashboard`: published comparison tables of every municipality and prefecture."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

SOURCE = "デジタル庁「自治体DXの取組に関するダッシュボード」"


@click.command(name="dashboard")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--edition", default="公表値", show_default=True, help="版の名前 / Name of the edition.")
@click.option("--source", default=SOURCE, show_default=True, help="出典 / Where it was published.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="調査時点 / The day the survey speaks of.")
@click.option("--preliminary", is_flag=True, help="速報として取り込む / Mark as preliminary.")
@click.option("--reason", default="", help="同じ版の値を訂正する理由 / Why values of this edition are corrected.")
def import_dashboard(
    paths: tuple[Path, ...], edition: str, source: str, as_of: datetime | None, preliminary: bool, reason: str
) -> None:
    """公表された団体ごとの表を取り込む / Import published tables that compare governments.

    PATHS は CSV か、CSV の入ったフォルダーです。団体の一覧が空のときは、郵便番号データから先に作ります。
    PATHS are CSV files or folders of them. Without any governments, the present list is derived first.
    """
    from rich.progress import Progress

    from kakehashi.governments.models import Government
    from kakehashi.governments.services import import_present_list
    from kakehashi.indicators.services import import_published_tables
    from kakehashi.kernel.errors import DomainError

    files = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    if not files:
        raise click.ClickException("CSVがありません / No CSV file found.")
    if not Government.objects.filter(is_tenant=False).exists():
        import_present_list()
    with Progress() as progress:
        bar = progress.add_task("公表値", total=None)
        try:
            report = import_published_tables(
                files=[(file.name, file.read_bytes()) for file in files],
                edition=edition,
                source=source,
                as_of=as_of.date() if as_of else None,
                is_confirmed=not preliminary,
                reason=reason,
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
        except DomainError as error:
            raise click.ClickException(error.message) from error
    for line in report.tables:
        click.echo(line)
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"新規{report.created} 訂正{report.revised} 変わらず{report.unchanged} 読めない行{len(report.problems)}")
    if report.differing_shares:
        click.echo(
            f"分子÷分母と違う百分率：{len(report.differing_shares)}（例：{report.differing_shares[0]}）", err=True
        )
