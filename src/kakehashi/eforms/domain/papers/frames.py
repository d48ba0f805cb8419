"""Tables that are one question: numbered sentences to circle, an empty frame under its heading."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.boxes import kind_of_choice
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.inline import has_blank
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Grid
from kakehashi.eforms.domain.papers.words import clean_label, fold, is_note, plain

__all__ = ["big_blank", "numbered_choices"]


def numbered_choices(grid: Grid, caption: str) -> list[Question] | None:
    """A table of numbers and sentences under 「該当する番号に○」."""
    if grid.width != 2 or len(grid.cells) < 4 or not re.search(r"○|番号|該当|選択|チェック", fold(caption)):
        return None
    rows = sorted(grid.cells, key=lambda one: (one.row, one.column))
    marks, names = rows[::2], rows[1::2]
    if len(marks) != len(names) or not all(re.fullmatch(r"\(?[0-9ア-コ①-⑳]{1,2}\)?", plain(one.text)) for one in marks):
        return None
    label, help_ = clean_label(caption)
    options = [re.sub(r"[(（].*$", "", plain(one.text))[:100] for one in names]
    type_, sure = kind_of_choice(label, help_, options, boxes=False)
    question = Question(
        label, type_, options=options, help=help_, confidence=sure, why="番号の一覧", source=grid.cells[0].address
    )
    question.marks = [Mark.of(one.strip.places, f"option:{number}") for number, one in enumerate(marks)]
    found = [question]
    for cell, name in zip(names, options, strict=True):
        if has_blank(cell.strip) or re.search(r"[(（][^()（）]*　{2,}[^()（）]*[)）]", cell.text):
            found.append(
                Question(
                    f"{name}（内容）",
                    "text",
                    label,
                    confidence=0.6,
                    why="選択肢の補足",
                    marks=[Mark.of(cell.strip.places)],
                )
            )
    return found


def big_blank(grid: Grid, caption: str) -> list[Question] | None:
    """An empty frame under a line that asks."""
    cell = grid.cells[0]
    if not caption or is_note(caption) or cell.width < 60:
        return []
    label, help_ = clean_label(caption)
    type_, settings, sure = type_of_label(label)
    if type_ == "text":
        settings = {"multiline": True}
    return [
        Question(
            label, type_, help=help_, confidence=sure - 0.05, why="見出しの下の枠", settings=settings,
            marks=[Mark.of(cell.strip.places)], source=cell.address, required=True,
        )
    ]  # fmt: skip
