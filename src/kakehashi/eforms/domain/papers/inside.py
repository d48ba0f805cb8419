"""Names with their room in the same cell: 「施設の所在地」 over empty lines, 「世帯主」 at the end of a row."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.labels import Labels, first_words, has_room, names_one
from kakehashi.eforms.domain.papers.model import Cell, Place
from kakehashi.eforms.domain.papers.words import (
    FIELD_WORD,
    clean_label,
    is_field_word,
    is_group_word,
    is_note,
    is_optional,
    plain,
)

__all__ = ["Inside"]


class Inside(Labels):
    """The labels of a grid, and those whose room is in their own cell; ``own_names`` are values that name themselves."""

    own_names: set[int]

    def _stands_alone(self, cell: Cell) -> bool:
        """「氏名」 in a row without any blank, under which nothing is written either: the room is in the cell itself."""
        row = [one for one in self.grid.cells if one.row <= cell.row < one.bottom]
        if self._ends_the_row(cell) or self._is_tall(cell):
            return True
        if not names_one(cell) or any(self.kinds.is_value(one) for one in row):
            return False
        if any(self.kinds.of(one) in ("office", "seal") for one in row) or self.kinds.is_value(self.kinds.below(cell)):
            return False
        lone = [one for one in row if not is_group_word(re.sub(r"[(（][^()（）]*[)）]", "", one.text))]
        while lone and self.grid.width > 1 and not names_one(lone[0]) and lone[0].column < cell.column:
            # 「関与税理士　氏名　電話」 and a label of several rows in front: whom the row is about.
            lone = lone[1:]
            if len(lone) > 1 and any(type_of_label(clean_label(one.text)[0])[0] == "text" for one in lone):
                return False
        return all(names_one(one) for one in lone) and (self.grid.width == 1 or len(lone) < len(row))

    def _is_tall(self, cell: Cell) -> bool:
        """「施設の所在地」 alone behind the heading of a section, in a cell higher than its words: the room is under them."""
        left, right, below = self.kinds.left(cell), self.kinds.right(cell), self.kinds.below(cell)
        lines = [line for line in cell.text.split("\n") if plain(line)]
        holds = (
            below is not None
            and (below.column, below.columns) == (cell.column, cell.columns)
            and self.kinds.is_value(below)
            and self.label_cell_of(below) is cell
        )
        return (
            (right is None or id(right) in self.own_names)
            and left is not None
            and left.rows > cell.rows
            and self.kinds.of(left) == "label"
            and len(lines) <= 3
            and cell.height > 14 * len(lines) + 12
            and not holds
        )

    def _ends_the_row(self, cell: Cell) -> bool:
        """「口座番号」 behind the row's last value, with nothing right of it and nothing written under it."""
        left, below = self.kinds.left(cell), self.kinds.below(cell)
        heads = below is not None and (below.column, below.columns) == (cell.column, cell.columns)
        if heads and below is not None and plain(below.text) and not self.kinds.is_value(below):
            heads = False
        asks = is_field_word(cell.text) and "\n" not in cell.text.strip()
        asks = asks and (plain(cell.text) in FIELD_WORD or not is_group_word(cell.text))
        return asks and self.kinds.right(cell) is None and self.kinds.is_value(left) and not heads

    def label_inside(self, cell: Cell) -> Question | None:
        """A label with room to write under it in the same cell, as a question."""
        if id(cell) in self.used or id(cell) in self.done or self.kinds.of(cell) not in ("label", "note"):
            return None
        right = self.kinds.right(cell)
        beside = self.kinds.is_value(right) and id(right) not in self.own_names
        if not (has_room(cell) or self._stands_alone(cell)) or beside:
            return None
        below = self.kinds.below(cell)
        if (
            below is not None
            and self.kinds.is_value(below)
            and below.columns == cell.columns
            and self.label_cell_of(below) is cell
        ):
            return None
        lines = [line for line in cell.text.split("\n") if plain(line)]
        left = self.kinds.left(cell)
        own = left is not None and self.kinds.of(left) == "label" and id(left) not in self.used and is_note(lines[0])
        if own and left is not None:
            label, help_ = clean_label(left.text)[0], " ".join(lines)
            self.used.add(id(left))
        else:
            label, help_ = clean_label(first_words(cell.text))
            help_ = help_ or "\n".join(lines[1:])[:300]
        if not label or len(label) > 120 or (is_note(lines[0].partition("※")[0]) and not own):
            return None
        type_, settings, sure = type_of_label(label)
        if type_ == "text":
            settings = {"multiline": True}
        place = cell.strip.places[-1]
        end = Place(place.at, place.offset)
        mark = Mark(end.at, end.offset + 1 if end.offset >= 0 else -1, -1)
        return Question(
            label, type_, self.group_of(cell), help=help_, confidence=sure - 0.1, why="欄の中の見出し", settings=settings,
            marks=[mark], source=cell.address, required=not is_optional(cell.text),
        )  # fmt: skip
