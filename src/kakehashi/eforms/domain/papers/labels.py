"""What a value of a table is called: the label left of it, above it or over it, and the group that label belongs to."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.model import Cell, Grid
from kakehashi.eforms.domain.papers.words import (
    clean_label,
    fold,
    is_field_word,
    is_group_word,
    is_marked_note,
    is_note,
    is_optional,
    is_required_mark,
    plain,
)

__all__ = ["ONE_BOX", "TOTAL", "Labels", "first_words", "has_room", "names_one"]

TOTAL = re.compile(r"^(合計|総計|小計|計|総額|収入計|支出計|収入合計|支出合計|合計額)$")
ONE_BOX = re.compile(r"[\s　]*□[^□\n]{1,30}$")
_NUMBERED = re.compile(r"^\(?[0-9①-⑳]{1,2}[.)、．]?$")


class Labels:
    """The labels of one grid; ``used`` are those that a question was named by, ``done`` the cells of a table field."""

    def __init__(self, grid: Grid, kinds: Kinds, group: str) -> None:
        self.grid, self.kinds, self.group = grid, kinds, group
        self.used: set[int] = set()
        self.done: set[int] = set()
        self.heading = ""

    def column_head(self, cell: Cell) -> Cell | None:
        """The label straight over a cell that is not the label of a value beside itself."""
        above = self.kinds.above(cell)
        while (
            above is not None
            and self.kinds.of(above) in ("blank", "unit", "fixed", "fill")
            and (id(above) in self.done or (above.column, above.columns) == (cell.column, cell.columns))
        ):
            above = self.kinds.above(above)
        if above is None or self.kinds.of(above) != "label":
            return None
        right = self.kinds.right(above)
        if self.kinds.is_value(right) and not (
            right is not None and right.row == above.row and right.bottom == cell.bottom
        ):
            return None
        if above.columns > cell.columns + 1 and above.columns >= self.grid.width - 1:
            return None
        if above.column > cell.column or above.right < cell.right:
            return None
        if is_note(above.text) and len(plain(above.text)) > 60:
            return None
        return above

    def _row_name(self, cell: Cell) -> Cell | None:
        """In a matrix the second value of a row still belongs to the row's name, behind other values."""
        left = self.kinds.left(cell)
        if not self.kinds.is_value(left) or self.column_head(cell) is None:
            return None
        while left is not None and self.kinds.is_value(left):
            if self.column_head(left) is None:
                return None
            left = self.kinds.left(left)
        head = self.column_head(cell)
        if left is None or head is None or self.kinds.of(left) != "label" or head.row >= left.row:
            return None
        return left if self._labels_up(left, head.row) or TOTAL.match(plain(left.text)) else None

    def label_cell_of(self, cell: Cell) -> Cell | None:
        """The cell that names a value: left of it, over its column, or over the whole row."""
        named = self._row_name(cell)
        if named is not None:
            return named
        left = self.kinds.left(cell)
        while (
            left is not None
            and self.kinds.of(left) in ("seal", "fixed", "note")
            and left.column > 0
            and not (self.kinds.of(left) == "note" and self._question_like(left))
        ):
            if self.kinds.of(left) == "fixed" and not _NUMBERED.match(fold(plain(left.text))):
                break
            left = self.kinds.left(left)
        if left is not None and (
            self.kinds.of(left) == "label" or (self.kinds.of(left) == "note" and self._question_like(left))
        ):
            head = self.column_head(cell)
            if head is not None and left.rows > cell.rows and head.row >= left.row:
                return head
            if head is not None and left.rows < cell.rows and self._heads_a_value(left):
                # 「店舗コード」 over its own box, beside words that stand under 「種目」 and reach over both rows.
                return head
            return left
        head = self.column_head(cell)
        if head is not None:
            return head
        above = self.kinds.above(cell)
        if above is not None and has_room(above):
            return None
        if (
            above is not None
            and self.kinds.of(above) == "label"
            and above.columns >= self.grid.width - 1
            and self.only_in_row(cell)
        ):
            return above
        if (
            above is not None
            and self.kinds.of(above) == "note"
            and self.only_in_row(cell)
            and self._question_like(above)
        ):
            return above
        return None

    def _heads_a_value(self, cell: Cell) -> bool:
        below = self.kinds.below(cell)
        return below is not None and below.right <= cell.right and self.kinds.is_value(below)

    def _question_like(self, cell: Cell) -> bool:
        first = next((line for line in cell.text.split("\n") if plain(line)), "")
        return not is_note(first) or (len(plain(first)) < 80 and not is_marked_note(first.lstrip(" 　*＊")))

    def label_of(self, cell: Cell, label_cell: Cell | None) -> tuple[str, str, str, bool]:
        """Label, help, group and whether it must be answered."""
        if label_cell is None:
            return "", "", self.heading or self.group, False
        self.used.add(id(label_cell))
        label, help_ = clean_label(first_words(label_cell.text))
        raw = label_cell.text
        if label_cell.row < cell.row and label_cell.column == cell.column and (name := self._name_of_row(cell)):
            return label, help_, name, not is_optional(raw)
        head = self.column_head(cell)
        group = self.group_of(label_cell)
        is_box = ONE_BOX.match(fold(cell.text)) is not None
        suffixed = not is_box and head is not None and head is not label_cell and label_cell.column < cell.column
        if suffixed and head is not None and TOTAL.match(plain(label)):
            return label, clean_label(head.text)[0], group, False
        if suffixed and head is not None and head.row < label_cell.row and self._labels_up(label_cell, head.row):
            over = clean_label(head.text)[0]
            self.used.add(id(head))
            if over and over != label and not re.search(r"^(内容|記入欄|回答|記載欄|項目|欄)$", over):
                label = f"{label}（{over}）" if label else over
        if not label and group:
            label, group = group, ""
        optional = is_optional(raw)
        return label, help_, group, is_required_mark(raw) or (not optional and not re.search(r"選択|チェック", raw))

    def _name_of_row(self, cell: Cell) -> str:
        """In a table of named rows (証明の種類 × 年度・通数) a value that has its heading above still belongs to its row."""
        first = self.kinds.at.get((cell.row, 0))
        if first is None or first.column == cell.column or first.rows > 1 or self.kinds.at.get((0, 0)) is first:
            return ""
        name = clean_label(first_words(re.split("[□(（]", first.text)[0]))[0]
        is_word = self.kinds.of(first) in ("label", "fill") and not is_field_word(name)
        return name if is_word and 2 <= len(name) <= 24 else ""

    def _labels_up(self, cell: Cell, row: int) -> bool:
        """Whether only labels stand over a row's label up to the heading row: a matrix, not a form."""
        above = self.kinds.above(cell)
        while above is not None and above.row >= row:
            if self.kinds.is_value(above):
                return above.row <= row and not plain(above.text)
            if above.row == row and above.rows > 1:
                # 「占用物件」 beside its headings and the values under them ends there; this row is another matter.
                return False
            above = self.kinds.above(above)
        return True

    def group_of(self, label_cell: Cell) -> str:
        """What the label belongs to: a wider label left of it or above it, or the heading of the rows."""
        left = self.kinds.left(label_cell)
        names: list[str] = []
        while left is not None and self.kinds.of(left) in ("label", "fixed"):
            if left.rows == label_cell.rows and self._is_heading_of_values(left):
                # A heading beside a heading: each has its values under it.
                left = self.kinds.left(left)
                continue
            if self.kinds.of(left) == "label" and (left.rows > label_cell.rows or left.rows >= 1):
                name = clean_label(left.text)[0]
                if name and len(name) <= 30:
                    names.insert(0, name)
                    self.used.add(id(left))
            left = self.kinds.left(left)
        if not names and left is not None:
            first = self.kinds.at.get((label_cell.row, 0))
            if first is not None and first.rows > label_cell.rows and self.kinds.of(first) == "label":
                self.used.add(id(first))
                names = [clean_label(first.text)[0]]
        if not names:
            above = self._wide_above(label_cell)
            if above:
                names = [above]
        return names[-1] if names else (self.heading or self.group)

    def _is_heading_of_values(self, cell: Cell) -> bool:
        below, right = self.kinds.below(cell), self.kinds.right(cell)
        same = below is not None and (below.column, below.right) == (cell.column, cell.right)
        return same and self.kinds.is_value(below) and self.kinds.of(right) == "label"

    def _wide_above(self, cell: Cell) -> str:
        """A heading over several columns of which this label's value is one."""
        above = self.kinds.above(cell)
        if above is None or self.kinds.of(above) != "label" or above.columns <= cell.columns:
            return ""
        if self.kinds.is_value(self.kinds.right(above)) or above.columns >= self.grid.width - 1:
            return ""
        name = clean_label(above.text)[0]
        return name if len(name) <= 30 else ""

    def only_in_row(self, cell: Cell) -> bool:
        """Whether a cell is all that its row holds."""
        return cell.columns >= self.grid.width - 1


def names_one(cell: Cell) -> bool:
    """Whether a cell holds one name of a field and nothing else."""
    return "\n" not in cell.text.strip() and is_field_word(cell.text) and not is_group_word(cell.text)


def first_words(text: str) -> str:
    """The part of a cell that names it: everything up to a line that explains."""
    lines = [line for line in text.split("\n") if plain(line)]
    while len(lines) > 1 and re.fullmatch(r"[<【(].*(対象|のみ|記入|限る)[>】)]", fold(lines[0].strip())):
        lines.pop(0)
    kept: list[str] = []
    for line in lines:
        if kept and re.search(r"か[。？?]?$", kept[-1].strip(" 　")):
            break
        if kept and (
            is_marked_note(line)
            or fold(line.strip()).startswith(("・", "→"))
            or (is_note(line) and len(plain("".join(kept))) > 1)
        ):
            break
        kept.append(line)
    if kept and len(kept) > 1 and is_field_word(kept[0]) and len(plain(kept[1])) > 14:
        kept = kept[:1]
    rest = lines[len(kept) :]
    return "\n".join(kept) + ("※" + " ".join(one.strip(" 　※") for one in rest) if rest else "")


def has_room(cell: Cell) -> bool:
    """Whether a text ends in empty lines."""
    text = cell.text.rstrip(" 　")
    trailing = len(text) - len(text.rstrip("\n 　"))
    empty_lines = text[len(text) - trailing :].count("\n")
    return empty_lines >= 2
