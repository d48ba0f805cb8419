"""Printed words with an empty cell each, under 「該当する欄に○」: 「単身［　］世帯［　］」 are the options of their label."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.boxes import kind_of_choice
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.model import Cell
from kakehashi.eforms.domain.papers.words import clean_label, fold, is_field_word, is_note, plain

__all__ = ["circled_cells", "to_mark"]

_TO_MARK = re.compile(
    r"(○|レ点?|チェック|□|✓|✔|丸).{0,4}(付|つけ|入|記入|し)|該当(する)?(欄|箇所|もの).{0,6}(○|チェック|レ)"
)
_MARK_HEAD = re.compile(r"(希望|申込|申込欄|受診希望|○|✓|チェック|チェック欄|該当|該当欄|選択|選択欄|必要)$")

_LETTERED = re.compile(r"(?P<mark>[A-E1-5])[.、:)](?P<word>[^0-9].{1,19})")


def to_mark(text: str) -> bool:
    """Whether a text asks for a mark: 「該当する欄に○を付けてください」."""
    return bool(_TO_MARK.search(fold(text)))


def circled_cells(kinds: Kinds, caption: str) -> list[tuple[Question, list[Cell]]]:
    """Every such question of a grid, with the cells it takes (its label first)."""
    worded = _worded_rows(kinds, caption)
    if worded:
        return worded
    heads = [one for one in kinds.grid.cells if one.row == 0 or one.column == 0]
    if not any(to_mark(text) for text in (caption, *(one.text for one in heads))):
        return []
    found = _marked_column(kinds, caption)
    for label_cell in heads:
        pairs = _pairs(kinds, label_cell) if label_cell.column == 0 and plain(label_cell.text) else []
        if len(pairs) < 2:
            continue
        label, help_ = clean_label(label_cell.text)
        words = [clean_label(word.text)[0] for word, _ in pairs]
        type_, sure = kind_of_choice(label, help_, words, boxes=False)
        question = Question(label, type_, options=words, help=help_, confidence=sure, why="○を付ける欄", required=True)
        question.marks = [Mark.of(place.strip.places, f"option:{number}") for number, (_, place) in enumerate(pairs)]
        question.source = label_cell.address
        found.append((question, [label_cell, *(cell for pair in pairs for cell in pair)]))
    return found


def _worded_rows(kinds: Kinds, caption: str) -> list[tuple[Question, list[Cell]]]:
    """「…について　Ａ．誓約する　Ｂ．誓約しない」 row by row, every word in a cell of its own: each row is a question."""
    found: list[tuple[Question, list[Cell]]] = []
    for row in range(kinds.grid.height):
        cells = kinds.grid.row(row)
        if len(cells) < 3 or cells[0].column or len(plain(cells[0].text)) < 6:
            continue
        first, *words = cells
        said = [_LETTERED.match(fold(plain(one.text))) for one in words]
        letters = [one["mark"] for one in said if one is not None]
        if len(letters) < len(words) or letters not in ([*"ABCDE"[: len(words)]], [*"12345"[: len(words)]]):
            continue
        options = [one["word"] for one in said if one is not None]
        label, help_ = clean_label(first.text)
        type_, sure = kind_of_choice(label, help_, options, boxes=False)
        question = Question(
            label, type_, options=options, help=help_, confidence=sure, why="○で囲む選択肢", required=True
        )
        question.marks = [Mark.of(one.strip.places, f"option:{number}") for number, one in enumerate(words)]
        question.source = first.address
        found.append((question, [first, *words]))
    return found if len(found) > 1 or to_mark(caption) else []


def _marked_column(kinds: Kinds, caption: str) -> list[tuple[Question, list[Cell]]]:
    """Rows of printed words with one empty column 「希望」 at their side: the words are the options."""
    if not to_mark(caption):
        return []
    for head in kinds.grid.cells:
        if head.row or not _MARK_HEAD.match(plain(head.text)):
            continue
        twins = [one for one in kinds.grid.row(0) if plain(one.text) == plain(head.text)]
        columns = {one.column for one in twins}
        places = [one for one in kinds.grid.cells if one.row > 0 and one.column in columns]
        # 「○・税目・○・税目」: every mark has its word right of it.
        beside = len(twins) > 1 or head.column == 0
        names = [kinds.right(one) if beside else kinds.at.get((one.row, 0)) for one in places]
        values = [one for one in kinds.grid.cells if one.row > 0 and kinds.is_value(one)]
        if len(places) < 2 or len(values) != len(places) or any(plain(one.text) for one in places):
            continue
        words = [clean_label(one.text)[0] for one in names if one is not None and plain(one.text)]
        if len(words) != len(places) or len(set(words)) != len(words):
            continue
        label, help_ = clean_label(caption)
        type_, sure = kind_of_choice(label, help_ or "複数", words, boxes=True)
        question = Question(label, type_, options=words, help=help_, confidence=sure - 0.1, why="○を付ける欄")
        question.marks = [Mark.of(one.strip.places, f"option:{number}") for number, one in enumerate(places)]
        question.source = head.address
        return [(question, [head, *places, *(one for one in names if one is not None)])]
    return []


def _pairs(kinds: Kinds, label_cell: Cell) -> list[tuple[Cell, Cell]]:
    """Every word and the empty cell right of it in the rows of a label; [] when anything else stands there."""
    pairs: list[tuple[Cell, Cell]] = []
    for row in range(label_cell.row, label_cell.bottom):
        cells = [one for one in kinds.grid.row(row) if one.column >= label_cell.right]
        if not cells or len(cells) % 2 or any(one.rows > 1 for one in cells):
            return []
        for word, place in zip(cells[::2], cells[1::2], strict=True):
            said = plain(word.text)
            if plain(place.text) or not 1 < len(said) <= 14 or is_field_word(word.text) or is_note(word.text):
                return []
            pairs.append((word, place))
    return pairs
