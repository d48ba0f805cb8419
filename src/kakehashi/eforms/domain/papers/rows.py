"""Repeated rows: a heading row and rows of the same shape under it are one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.inline import Around, read_strip
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Cell, Paper
from kakehashi.eforms.domain.papers.words import clean_label, fold, is_field_word, plain

__all__ = ["Repeated", "column_of", "find_repeated", "keep_to_columns", "question_of_rows"]

_COLUMN_TYPES = {"text", "number", "money", "choice", "date", "birth_date", "phone", "email"}
_TOTAL = re.compile(r"^(合計|総計|小計|計|総額|収入計|支出計|収入合計|支出合計)(\(.*\))?$")
_DATE = re.compile(r"^[^年]{0,14}年月日")
_EXAMPLE = re.compile(r"^[(（【]?(記入|記載)?例")


@dataclass
class Repeated:
    """A run of records: the cells of each, row by row, the heading of every column, and printed row names if any."""

    records: list[list[Cell]]
    heads: list[list[Cell]]
    names: list[str]
    name_head: str
    top: int
    bottom: int
    first_head_row: int


def find_repeated(kinds: Kinds) -> list[Repeated]:
    """Every run of records in a grid, from top to bottom."""
    found: list[Repeated] = []
    row = 1
    while row < kinds.grid.height:
        run = next((one for tall in (1, 2, 3) if (one := _run(kinds, row, tall)) is not None), None)
        if run is None:
            row += 1
            continue
        found.append(run)
        row = run.bottom
    return found


def _record(kinds: Kinds, row: int, tall: int) -> list[Cell]:
    """The cells that lie wholly in these rows; those that reach further are row or group labels."""
    cells = []
    for cell in kinds.grid.cells:
        if row <= cell.row and cell.bottom <= row + tall:
            cells.append(cell)
    return sorted(cells, key=lambda one: (one.row, one.column))


def _has_printed_head(kinds: Kinds, first: list[Cell], row: int, tall: int) -> bool:
    """Whether most of a supposed record is printed words: then it is the heading itself."""
    return sum(kinds.of(cell) == "label" for cell in first) > len(first) // 2 + 1


def _shape(cells: list[Cell], row: int) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((cell.row - row, cell.column, cell.rows, cell.columns) for cell in cells)


def _run(kinds: Kinds, row: int, tall: int) -> Repeated | None:
    first = _record(kinds, row, tall)
    values = [cell for cell in first if kinds.is_value(cell)]
    if _has_printed_head(kinds, first, row, tall):
        return None
    if len(values) < 2 or (tall > 1 and not any(cell.rows == tall or cell.row > row for cell in first)):
        return None
    if tall > 1 and len({cell.row for cell in first}) < 2:
        return None
    shape = _shape(first, row)
    records, at = [first], row + tall
    while at + tall <= kinds.grid.height:
        nxt = _record(kinds, at, tall)
        if _shape(nxt, at) != shape or _is_total(kinds, nxt) or not _alike(kinds, first, nxt):
            break
        records.append(nxt)
        at += tall
    if len(records) < 2 or _chooses_by_row(kinds, records):
        return None
    fullest = max(records, key=lambda cells: sum(map(kinds.is_value, cells)))
    if fullest is not first and sum(map(kinds.is_value, fullest)) > len(values):
        keep = [index for index, cell in enumerate(fullest) if kinds.is_value(cell)]
        for record in records:
            for index in keep:
                if not kinds.is_value(record[index]):
                    kinds.kind[id(record[index])] = "unit"
        values = [first[index] for index in keep]
    heads, head_row = _heads(kinds, first, values, row)
    if not heads:
        return None
    return _checked(kinds, records, heads, head_row, row, at)


def _chooses_by_row(kinds: Kinds, records: list[list[Cell]]) -> bool:
    """「…について　□誓約する　□誓約しない」 row by row: every row is a question of its own."""
    values = [cell for record in records for cell in record if kinds.is_value(cell)]
    named = all(any(kinds.of(cell) in ("label", "note") for cell in record) for record in records)
    return named and all("□" in fold(cell.text) and len(plain(cell.text)) > 1 for cell in values)


def _alike(kinds: Kinds, first: list[Cell], nxt: list[Cell]) -> bool:
    """Whether a row continues a record: what is blank in one is blank in the other, save one printed word (「本人」)."""
    pairs = list(zip(first, nxt, strict=True))
    if all(re.fullmatch(r"□[^□]+", fold(plain(cells[0].text))) for cells in (first, nxt)):
        # 「□住民票の写し」 row by row: what else can be ticked may differ.
        pairs = [(one, other) for one, other in pairs if not ("□" in fold(one.text) and "□" in fold(other.text))]
    if any(kinds.is_value(one) and kinds.is_value(other) and not _asks_the_same(one, other) for one, other in pairs):
        return False
    different = sum(kinds.is_value(one) != kinds.is_value(other) for one, other in pairs)
    named = kinds.is_value(first[0]) != kinds.is_value(nxt[0]) and kinds.of(nxt[0]) in ("blank", "label")
    # A few rows of a budget have their names printed, the others leave them to the writer.
    return (
        different <= (1 if len(first) >= 4 or (named and len(first) >= 3) else 0) and sum(map(kinds.is_value, nxt)) >= 2
    )


def _asks_the_same(one: Cell, other: Cell) -> bool:
    """Whether what is printed in two cells of a column is alike: other words to choose, or another unit, ask something else."""
    texts = [fold(plain(cell.text)) for cell in (one, other)]
    if all(re.fullmatch(r"□[^□]+", text) for text in texts):
        return True
    said = [re.sub(r"[0-9()・/□_~\-]", "", text[max(text.find("□"), 0) :]) for text in texts]
    return not all(said) or said[0] == said[1] or SequenceMatcher(None, said[0], said[1]).ratio() >= 0.6


def _is_total(kinds: Kinds, cells: list[Cell]) -> bool:
    return any(not kinds.is_value(cell) and _TOTAL.match(plain(cell.text)) for cell in cells)


def _heads(kinds: Kinds, first: list[Cell], values: list[Cell], row: int) -> tuple[list[list[Cell]], int]:
    """For every value cell its headings from the outermost to the nearest; [] when any has none."""
    found, head_row = [], row
    for cell in values:
        chain: list[Cell] = []
        at = row - 1
        while at >= 0:
            above = kinds.at.get((at, cell.column))
            if above is None:
                break
            kind = kinds.of(above)
            if _is_example_row(kinds, at):
                at -= 1
                continue
            numbered = kind == "fixed" and re.fullmatch(r"No\.?", plain(above.text))
            if (
                kind not in ("label", "office", "seal")
                and not numbered
                and not (
                    kind == "fill" and not chain and len(plain(above.text)) > 1 and not _DATE.search(plain(above.text))
                )
            ):
                break
            if above.column > cell.column or (above.right < cell.right and above.columns > 1):
                break
            if above.columns >= kinds.grid.width - 1 and kinds.grid.width > 2 and chain:
                break
            chain.insert(0, above)
            at = above.row - 1
            if len(chain) >= 3 or (above.columns == cell.columns and not _spans(kinds, at, cell)):
                break
        if not chain:
            return [], row
        found.append(chain)
        head_row = min(head_row, *(one.row for one in chain))
    return found, head_row


def _is_example_row(kinds: Kinds, row: int) -> bool:
    cells = [cell for cell in kinds.grid.cells if cell.row <= row < cell.bottom]
    return any(_EXAMPLE.match(plain(cell.text)) and len(plain(cell.text)) < 6 for cell in cells)


def _spans(kinds: Kinds, row: int, cell: Cell) -> bool:
    """Whether the cell over a heading is a wider heading of several columns (not of the whole table)."""
    above = kinds.at.get((row, cell.column))
    return (
        above is not None
        and kinds.of(above) == "label"
        and cell.columns < above.columns < kinds.grid.width - 1
        and not kinds.is_value(kinds.right(above))
    )


def _checked(
    kinds: Kinds, records: list[list[Cell]], heads: list[list[Cell]], head_row: int, top: int, bottom: int
) -> Repeated | None:
    """A run counts when its columns have different headings and its rows are blank or named."""
    nearest = [chain[-1] for chain in heads]
    if len({id(one) for one in nearest}) < 2 and len({plain(one.text) for one in nearest}) < 2:
        return None
    fixed = [[cell for cell in record if not kinds.is_value(cell)] for record in records]
    names = ["".join(cell.text for cell in cells if kinds.of(cell) == "label") for cells in fixed]
    named = [name for name in names if plain(name)]
    if named:
        inner = [cell for cell in fixed[0] if kinds.of(cell) == "label"]
        values = [cell for cell in records[0] if kinds.is_value(cell)]
        if any(cell.column > min(value.column for value in values) for cell in inner):
            return None
        if sum(
            is_field_word(name) or type_of_label(clean_label(name)[0])[0] not in ("text", "money", "number")
            for name in named
        ) * 2 >= len(named):
            return None
        if len(values) < 2:
            return None
    head = kinds.at.get((top - 1, min(cell.column for cell in records[0])))
    name_head = clean_label(head.text)[0] if head is not None and kinds.of(head) == "label" else ""
    return Repeated(
        records, heads, [clean_label(name)[0] for name in names] if named else [], name_head, top, bottom, head_row
    )


def question_of_rows(kinds: Kinds, run: Repeated, paper: Paper, label: str) -> Question:
    """The table as one question; columns are read from the first record and its headings."""
    columns: list[Question] = []
    if run.names:
        columns.append(Question(run.name_head or "区分", "text", confidence=0.8, options=[], why="行の見出し"))
        columns[0].settings = {}
    values = [[cell for cell in record if kinds.is_value(cell)] for record in run.records]
    taken: dict[int, Question] = {}
    for index, cell in enumerate(values[0]):
        head = run.heads[index][-1]
        if any(kinds.of(one) == "office" for one in run.heads[index]) or kinds.of(head) == "seal":
            continue
        if kinds.of(cell) == "unit" and index and id(head) in taken and run.heads[index - 1][-1] is head:
            _refine(taken[id(head)], cell, head)
            continue
        if id(head) in taken and run.heads[index - 1][-1] is head:
            taken[id(head)].marks += _cell_marks(values, index, len(columns) - 1)
            continue
        column = column_of(cell, run.heads[index], paper)
        column.marks = _cell_marks(values, index, len(columns))
        taken[id(head)] = column
        columns.append(column)
    for column in columns[1:] if run.names else columns:
        keep_to_columns(column)
    _merge_kana(columns)
    _tell_apart(columns)
    question = Question(label, "table", columns=columns[:20], confidence=0.85, why="くり返しの行")
    question.settings = {"max_rows": max(len(run.records), 1)}
    if run.names:
        question.help = "行：" + "、".join(name for name in run.names if name)
        question.settings["_names"] = run.names
    question.marks = [mark for column in columns for mark in column.marks]
    question.source = run.records[0][0].address
    return question


def _cell_marks(values: list[list[Cell]], index: int, column: int) -> list[Mark]:
    marks = []
    for number, cells in enumerate(values):
        if index < len(cells) and cells[index].strip.places:
            one = Mark.of(cells[index].strip.places)
            marks.append(Mark(one.at, one.start, one.end, f"row:{number}:{column}"))
    return marks


def column_of(cell: Cell, chain: list[Cell], paper: Paper) -> Question:
    """A column of a table from its first value and the headings over it, the outermost first."""
    label, help_ = clean_label(chain[-1].text)
    if len(chain) > 1 and plain(chain[-2].text) != plain(chain[-1].text):
        outer = clean_label(chain[-2].text)[0]
        label = f"{outer}（{label}）" if outer and outer not in label else label
    around = Around(paper, label=label, help=help_, is_cell=True, choices=cell.choices, rule=cell.rule)
    read = (
        read_strip(cell.strip, around) if plain(cell.text) or cell.choices or max(cell.text or " ") >= "\ue001" else []
    )
    if read:
        read[0].label = label
        return read[0]
    options = _options_in_heading(label, help_, chain[-1])
    if options:
        return Question(label, "choice", options=options, help=help_, confidence=0.75, why="見出しの選択肢")
    type_, settings, sure = type_of_label(label)
    return Question(label, type_, help=help_, confidence=sure, why="表の列", settings=settings)


def keep_to_columns(column: Question) -> None:
    """What a table cannot hold is asked as a choice or in words."""
    if column.type not in _COLUMN_TYPES:
        column.type, column.settings = ("choice" if column.options else "text"), {}


def _options_in_heading(label: str, help_: str, head: Cell) -> list[str]:
    from kakehashi.eforms.domain.papers.boxes import read_circles

    lines = [line for line in head.strip.lines() if plain(line.text)]
    for line in lines[1:]:
        found = read_circles(line, label, help_)
        if found:
            return found[0].options
    return []


def _refine(column: Question, cell: Cell, head: Cell) -> None:
    type_, settings, sure = type_of_label(clean_label(head.text)[0], cell.text)
    column.type, column.settings, column.confidence = type_, settings, sure


_KANA = re.compile(r"^(フリガナ|ふりがな|カナ|よみがな|振り仮名|氏名\(?(フリガナ|ふりがな|カナ)\)?)$")


def _merge_kana(columns: list[Question]) -> None:
    """フリガナ over 氏名 is one column when the head holds both; a column of its own stays."""
    for column in columns:
        column.label = re.sub(r"^[(（]?(フリガナ|ふりがな|カナ)[)）]?(?=.)", "", column.label) or column.label
    if len(columns) > 1:
        for index in range(len(columns) - 1, -1, -1):
            if _KANA.match(plain(columns[index].label)):
                columns.pop(index)


def _tell_apart(columns: list[Question]) -> None:
    seen: dict[str, int] = {}
    for column in columns:
        column.label = column.label or "項目"
        seen[column.label] = seen.get(column.label, 0) + 1
        if seen[column.label] > 1:
            column.label = f"{column.label}（{seen[column.label]}）"
