"""A table turned on its side: one record a column, headed 「１　２　３」 or 「１人目　２人目」, what is asked in the first column."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.model import Cell, Paper
from kakehashi.eforms.domain.papers.rows import column_of, keep_to_columns
from kakehashi.eforms.domain.papers.words import clean_label, plain

__all__ = ["turned_tables"]

_RECORD = re.compile(
    r"[(]?[0-9①-⑳]{1,2}[)]?|No[.]?[0-9]{1,2}|第?[0-9一二三四五六七八九十]{1,2}(人目|人|番目|子|号|件目|台目|頭目|区画)|.{1,6}[①-⑳0-9]"
)


def turned_tables(kinds: Kinds, paper: Paper, caption: str) -> list[tuple[Question, list[Cell]]]:
    """Every such table of a grid as one question, with the cells it takes (its first heading first)."""
    found = []
    for row in range(kinds.grid.height - 2):
        heads = kinds.grid.row(row)
        records = [one for one in heads if one.column > 0]
        if len(records) < 2 or len(heads) != len(records) + 1:
            continue
        names = [plain(one.text) for one in records]
        if len(set(names)) < len(names) or not all(map(_RECORD.fullmatch, names)):
            continue
        lines = _lines(kinds, row + 1, records)
        if len(lines) >= 3:
            corner = clean_label(heads[0].text)[0]
            found.append(
                (
                    _question(kinds, lines, paper, corner or clean_label(caption)[0]),
                    [heads[0], *records, *(cell for line in lines for cell in line)],
                )
            )
    return found


def _lines(kinds: Kinds, row: int, records: list[Cell]) -> list[list[Cell]]:
    """The rows under the headings: a label, and a value under every heading."""
    lines: list[list[Cell]] = []
    while row < kinds.grid.height:
        cells = kinds.grid.row(row)
        shaped = [one.column for one in cells[1:]] == [one.column for one in records]
        if not shaped or kinds.of(cells[0]) != "label" or not all(map(kinds.is_value, cells[1:])):
            break
        lines.append(cells)
        row += 1
    return lines


def _question(kinds: Kinds, lines: list[list[Cell]], paper: Paper, label: str) -> Question:
    columns = []
    for number, (head, *values) in enumerate(lines):
        column = column_of(values[0], [head], paper)
        keep_to_columns(column)
        column.marks = [
            Mark(one.at, one.start, one.end, f"row:{record}:{number}")
            for record, value in enumerate(values)
            if value.strip.places and (one := Mark.of(value.strip.places))
        ]
        columns.append(column)
    names = [column.label for column in columns[:2]]
    question = Question(
        label or "・".join(names) + "の一覧", "table", columns=columns[:20], confidence=0.8, why="横に並ぶ一覧"
    )
    question.settings = {"max_rows": len(lines[0]) - 1}
    question.marks = [mark for column in columns for mark in column.marks]
    question.source = lines[0][0].address
    return question
