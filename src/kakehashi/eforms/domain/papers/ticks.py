"""Boxes alone in a column of a table, the words they stand for beside them: the options of one question."""

from __future__ import annotations

from collections.abc import Callable

from kakehashi.eforms.domain.papers.boxes import kind_of_choice
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.model import Cell, Place
from kakehashi.eforms.domain.papers.words import clean_label, fold, plain

__all__ = ["Tick", "ticked"]

# The cell with the box, what it stands for, and the cell that says so.
Tick = tuple[Cell, str, Cell]


def ticked(
    kinds: Kinds, ticks: list[Tick], caption: str, group_of: Callable[[Cell], str]
) -> list[tuple[tuple[int, int], Question]]:
    """Every run of boxes in one column as a question of the words beside them, with its place in the grid."""
    groups: list[list[Tick]] = []
    for tick in ticks:
        last = groups[-1][-1][0] if groups else None
        gap = range(last.bottom, tick[0].row) if last is not None else range(0)
        follows = (
            last is not None
            and abs(last.column - tick[0].column) <= 1
            and len(gap) <= 1
            and not any(_is_head_row(kinds, row) for row in gap)
        )
        if follows:
            groups[-1].append(tick)
        else:
            groups.append([tick])
    return [_ticked(kinds, group, caption, group_of) for group in groups]


def _is_head_row(kinds: Kinds, row: int) -> bool:
    cells = [cell for cell in kinds.grid.cells if cell.row == row]
    return bool(cells) and all(kinds.of(cell) in ("label", "note") for cell in cells)


def _ticked(
    kinds: Kinds, group: list[Tick], caption: str, group_of: Callable[[Cell], str]
) -> tuple[tuple[int, int], Question]:
    first, _, option = group[0]
    head = kinds.above(option)
    label, help_ = "", ""
    if head is not None and kinds.of(head) in ("label", "note") and len(plain(head.text)) < 60:
        label, help_ = clean_label(head.text)
    label = label or group_of(option) or caption or "あてはまるもの"
    options = [name for _, name, _ in group if name]
    if len(options) == 1:
        question = Question(options[0], "consent", confidence=0.6, why="チェック欄")
    else:
        type_, sure = kind_of_choice(label, help_, options, boxes=True)
        question = Question(
            label, type_, options=list(dict.fromkeys(options)), help=help_, confidence=sure, why="チェック欄の列"
        )
    question.marks = [
        Mark.of(_box_places(cell), f"option:{number}") for number, (cell, _, _) in enumerate(group) if cell.strip.places
    ]
    question.source = first.address
    return (first.row, first.column), question


def _box_places(cell: Cell) -> tuple[Place, ...]:
    at = fold(cell.text).find("□")
    return cell.strip.places[at : at + 1] if at >= 0 else cell.strip.places[:1]
