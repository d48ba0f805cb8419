"""`kakehashi import procedures`: the national survey of procedures into one local government's inventory."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="procedures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--government", required=True, help="団体のスラッグか6桁コード / Slug or six-digit code.")
@click.option(
    "--institution",
    default="municipality",
    show_default=True,
    help="申請を提出する機関（municipality, prefecture, health_centre, police, fire, water, all）/ Place of filing.",
)
def import_procedures(file: Path, government: str, institution: str) -> None:
    """行政手続等の棚卸調査を手続台帳に取り込む / Load the national survey of procedures (CSV or Parquet, 39 columns)."""
    from rich.console import Console
    from rich.progress import Progress

    from kakehashi.governments.models import Government
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.errors import DomainError
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.procedures.domain.survey import INSTITUTIONS
    from kakehashi.procedures.services import import_survey

    if institution != "all" and institution not in INSTITUTIONS:
        raise click.BadParameter(f"{institution}: {', '.join([*INSTITUTIONS, 'all'])}")
    key = "code" if government.isdigit() else "slug"
    town = Government.objects.filter(**{key: government}, is_tenant=True).first()
    if town is None:
        raise click.ClickException(f"団体が見つかりません / No such government: {government}")
    with Progress() as progress, tenant_scope(town.id):
        bar = progress.add_task("手続", total=None)
        try:
            report = import_survey(
                actor=system_actor(town.id, "取込"),
                data=file.read_bytes(),
                institution=INSTITUTIONS.get(institution, ""),
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
        except DomainError as error:
            raise click.ClickException(error.message) from error
    console = Console()
    for problem in report.problems:
        console.print(f"{problem.line}行目（手続ID {problem.survey_id or '不明'}）：{problem.reason}", style="red")
    console.print(
        f"{report.read}行を読みました。新規 {report.created}、更新 {report.updated}、変わりなし {report.unchanged}、"
        f"ほかの機関 {report.skipped}、読めなかった行 {len(report.problems)}"
    )
