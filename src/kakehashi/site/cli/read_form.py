"""`kakehashi read-form`: the fields of paper forms, without database and without network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from kakehashi.site.cli.console import out


@click.command("read-form")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="1ファイル1行のJSONで出す / One line of JSON a file")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """Word（.docx）・Excel（.xlsx）・PDFの様式から、記入する項目を読み取る。フォルダーも指定できる。

    Read what people fill in on paper forms: label, type (of the form catalogue), options, required, confidence and the
    place in the file. Deterministic; nothing is sent anywhere. Exit status 1 when a file cannot be read.
    """
    failed = False
    for path in _all(files):
        result = _read(path)
        failed |= "error" in result
        if as_json:
            click.echo(json.dumps(result, ensure_ascii=False))
        else:
            _show(result)
    if failed:
        raise SystemExit(1)


def _all(files: tuple[Path, ...]) -> list[Path]:
    from kakehashi.eforms.domain.papers.reading import FORMATS

    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.suffix.lower() in FORMATS)
        else:
            found.append(path)
    return found


def _read(path: Path) -> dict[str, Any]:
    from kakehashi.eforms.domain.papers.model import UnreadablePaperError
    from kakehashi.eforms.domain.papers.reading import read_form

    try:
        paper, reading = read_form(path.name, path.read_bytes())
    except UnreadablePaperError as error:
        return {"file": str(path), "error": str(error)}
    return {"file": str(path), "format": paper.format, **reading.as_dict(paper.warnings)}


def _show(result: dict[str, Any]) -> None:
    if "error" in result:
        out.print(f"[bold]{result['file']}[/]：{result['error']}")
        return
    table = Table(title=f"{result['file']}　{result['title']}", title_justify="left")
    for heading in ("項目", "種類", "選択肢・列", "必須", "確かさ", "場所"):
        table.add_column(heading, overflow="fold")
    for one in result["fields"]:
        detail = "、".join(one.get("options", [])) or "、".join(column["label"] for column in one.get("columns", []))
        required = "必須" if one["required"] else ""
        table.add_row(one["label"], one["type"], detail, required, f"{one['confidence']:.2f}", one["source"])
    out.print(table)
    for warning in result["warnings"]:
        out.print(f"注意：{warning}")
