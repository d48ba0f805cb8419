"""`kakehashi import shelters`: designated places of one town, or the national lists as a reference."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from kakehashi.kernel.tables import as_csv


@click.command(name="shelters")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--government", default="", help="この団体の台帳に取り込む（スラッグか6桁コード）/ Into this government's table."
)
@click.option(
    "--kind",
    type=click.Choice(["auto", "site", "shelter"]),
    default="auto",
    show_default=True,
    help="指定緊急避難場所(site)か指定避難所(shelter)か / Which list a town's file is.",
)
@click.option("--dry-run", is_flag=True, help="書き込まずに結果だけ示す / Report only, write nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="行ごとの報告を書くCSV / CSV for the report by row.",
)
def import_shelters(paths: tuple[Path, ...], government: str, kind: str, dry_run: bool, report: Path | None) -> None:
    """指定緊急避難場所・指定避難所を取り込む / Import designated evacuation sites and shelters.

    PATHS は CSV・Excel・JSON・GeoJSON か、CSV の入ったフォルダーです。--government を付けると、その団体の行だけを台帳に入れます。
    付けないと、国土地理院の全国の一覧を参照用に入れ替えます。読めない行は行番号と理由を示し、推し量りません。
    PATHS are files or folders of CSV. With --government only that government's rows go into its table; without, the national lists of
    the Geospatial Information Authority replace the reference. Rows that cannot be read are named, none is guessed.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    if not files:
        raise click.ClickException("ファイルがありません / No file found.")
    chosen = "" if kind == "auto" else kind
    is_folder = any(path.is_dir() for path in paths)
    lines = (
        _into_town(files, government, chosen, dry_run, is_folder)
        if government
        else _reference(files, dry_run, is_folder)
    )
    if report is not None:
        report.write_bytes(as_csv(("ファイル", "行", "どうなったか", "理由"), lines))
    for file_name, line, fate, why in lines[:50]:
        if why:
            click.echo(f"{file_name} {line}行目 {fate}：{why}", err=True)
    if len(lines) > 50:
        click.echo(f"ほかに{len(lines) - 50}行。--report で全部を書き出せます。", err=True)


def _reference(files: list[Path], dry_run: bool, is_folder: bool) -> list[tuple[str, int, str, str]]:
    from rich.progress import Progress

    from kakehashi.kernel.errors import DomainError
    from kakehashi.shelters.services import import_reference

    told: list[tuple[str, int, str, str]] = []
    with Progress() as progress:
        for file in files:
            began, bar = time.monotonic(), progress.add_task(file.name, total=None)
            try:
                found = import_reference(
                    name=file.name, content=file.read_bytes(), dry_run=dry_run, progress=_shown(progress, bar)
                )
            except DomainError as problem:
                _refused(file, problem.message, is_folder)
                continue
            told += [(file.name, line, "取り込めない", why) for line, why in found.faults]
            click.echo(
                f"{file.name}：{found.kind} {found.read:,}行を読み、{found.taken:,}行（{found.governments:,}団体）を取り込みました。"
                f"読めない行 {len(found.faults)}。{time.monotonic() - began:.1f}秒"
            )
    return told


def _into_town(
    files: list[Path], government: str, kind: str, dry_run: bool, is_folder: bool
) -> list[tuple[str, int, str, str]]:
    from rich.progress import Progress

    from kakehashi.governments.models import Government
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.errors import DomainError
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.shelters.services import import_sites

    where = {"code" if government.isdigit() else "slug": government}
    town = Government.objects.filter(is_tenant=True, **where).first()
    if town is None:
        raise click.ClickException(f"団体が見つかりません / No such government: {government}")
    told: list[tuple[str, int, str, str]] = []
    with Progress() as progress:
        for file in files:
            bar = progress.add_task(file.name, total=None)
            try:
                with tenant_scope(town.id):
                    label, elsewhere, plan = import_sites(
                        actor=system_actor(town.id, "取込"), name=file.name, content=file.read_bytes(), kind=kind,
                        dry_run=dry_run, progress=_shown(progress, bar),
                    )  # fmt: skip
            except DomainError as problem:
                _refused(file, problem.message, is_folder)
                continue
            told += _lines(file, plan)
            counts = plan.counts
            click.echo(
                f"{file.name}：{'指定緊急避難場所' if label == 'site' else '指定避難所'} 新規 {counts['new']}、更新 {counts['changed']}、"
                f"変わりなし {counts['same']}、ほかの団体 {elsewhere + counts['elsewhere']}、読めない行 {counts['broken']}"
            )
    return told


def _lines(file: Path, plan: Any) -> list[tuple[str, int, str, str]]:
    told = [(file.name, line, "取り込めない", why) for line, why in plan.faults]
    told += [
        (file.name, one.line, one.word, one.problem or "／".join(one.notes))
        for one in plan.lines
        if one.problem or one.notes
    ]
    return sorted(told)


def _shown(progress: Any, bar: Any) -> Any:
    return lambda done, total: progress.update(bar, completed=done, total=total)


def _refused(file: Path, message: str, is_folder: bool) -> None:
    """In a folder other files may lie; one that was named must be what it was named for."""
    if not is_folder:
        raise click.ClickException(f"{file.name}：{message}")
    click.echo(f"{file.name}：取り込みませんでした。{message}", err=True)
