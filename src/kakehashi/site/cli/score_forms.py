"""`kakehashi score-forms`: how well a folder of labelled forms is read."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from kakehashi.site.cli.console import fail, out


@click.command("score-forms")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--quiet", is_flag=True, help="合計だけを出す / Totals only")
def command(folder: Path, quiet: bool) -> None:
    """様式のフォルダーを、正解（同じ名前の .truth.json）と比べる。

    For every form FILE in the folder with a truth FILE.truth.json or STEM.truth.json beside it: found, right (label and
    type) and invented. The truth's shape and the rules of matching stand in docs/develop/form-reader.md.
    """
    from kakehashi.eforms.domain.papers.reading import FORMATS
    from kakehashi.eforms.domain.papers.scoring import total

    scores, seconds = [], 0.0
    for path in sorted(one for one in folder.rglob("*") if one.suffix.lower() in FORMATS):
        truth = _truth(path)
        if truth is None:
            continue
        start = perf_counter()
        score = _score(path, truth)
        seconds += perf_counter() - start
        scores.append(score)
        if not quiet:
            out.print(f"{path.relative_to(folder)}: {score.line}")
            for name, labels in (
                ("見つからない / missed", score.missed_labels),
                ("種類がちがう / wrong type", score.wrong_types),
                ("余計 / invented", score.invented_labels),
            ):
                if labels:
                    out.print(f"    {name}: {'、'.join(labels)}", markup=False)
    if not scores:
        fail("正解（.truth.json）のある様式がありません。", "No form with a .truth.json beside it.")
    out.print(f"全部 / all {len(scores)}: {total(scores).line}  {seconds:.1f} s")


def _truth(path: Path) -> dict[str, Any] | None:
    for beside in (path.with_name(path.name + ".truth.json"), path.with_suffix(".truth.json")):
        if beside.exists():
            found: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
            return found
    return None


def _score(path: Path, truth: dict[str, Any]) -> Any:
    from kakehashi.eforms.domain.papers.found import Reading
    from kakehashi.eforms.domain.papers.model import UnreadablePaperError
    from kakehashi.eforms.domain.papers.reading import read_form
    from kakehashi.eforms.domain.papers.scoring import score_form

    try:
        _, reading = read_form(path.name, path.read_bytes())
    except UnreadablePaperError as error:
        out.print(f"{path.name}: {error}", markup=False)
        reading = Reading()
    return score_form(reading.questions, truth)
