"""Questions of a table: labels left or above, values right or below, groups, digit boxes, ticks in a column."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.banks import part_of_account
from kakehashi.eforms.domain.papers.boxes import kind_of_choice, only_boxes
from kakehashi.eforms.domain.papers.circled import circled_cells
from kakehashi.eforms.domain.papers.found import Mark, Question, Skipped
from kakehashi.eforms.domain.papers.headings import table_named
from kakehashi.eforms.domain.papers.inline import Around, read_strip
from kakehashi.eforms.domain.papers.inside import Inside
from kakehashi.eforms.domain.papers.kinds import Kinds
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.labels import ONE_BOX, TOTAL, first_words
from kakehashi.eforms.domain.papers.lines import ASKED_FOR
from kakehashi.eforms.domain.papers.model import EMPTY, Cell, Grid, Paper, Strip
from kakehashi.eforms.domain.papers.rows import Repeated, find_repeated, question_of_rows
from kakehashi.eforms.domain.papers.ticks import ticked
from kakehashi.eforms.domain.papers.tokens import UNITS, is_room_between, tokens_of
from kakehashi.eforms.domain.papers.turned import turned_tables
from kakehashi.eforms.domain.papers.words import (
    clean_label,
    fold,
    is_field_word,
    is_note,
    plain,
)

__all__ = ["read_grid"]

_TOWN = re.compile(r"(\S{2,3}[都道府県])?[^\s　]{1,8}[市区町村郡](大?字)?")
_SUM = re.compile(r"[\s　]*(合[ 　]*|小[ 　]*|総[ 　]*)?計(?=[\s　(（])")
_IN_LABEL = re.compile(
    r"[(（](?P<inside>[^\s　()（）・□]{2,10})(?P<room>[ 　]{3,})[)）]|\n[ 　]*(?P<before>[^\s　()（）・□]{2,12})[ 　]*[(（](?P<room2>[ 　]{3,})[)）]"
)
# The rows under records that follow from them: 「小計」, 「消費税（10％）」, 「合計」.
_FOLLOWS = re.compile(rf"{TOTAL.pattern}|^消費税(額|相当額)?([(].*[)])?$")
_ROW_HEADS = frozenset({"区分・種別", "順位・順番", "優先順位", "希望順位"})


def read_grid(
    grid: Grid, paper: Paper, group: str, caption: str, skipped: list[Skipped], *, stars_are_offices: bool = False
) -> list[Question]:
    """Every question of a grid in reading order; ``caption`` is the line over it, ``group`` what it is about."""
    return _GridReader(grid, paper, group, caption, skipped, stars_are_offices).read()


class _GridReader(Inside):
    def __init__(self, grid: Grid, paper: Paper, group: str, caption: str, skipped: list[Skipped], stars: bool) -> None:
        super().__init__(grid, Kinds(grid, stars_are_offices=stars), group)
        self.paper, self.caption, self.skipped = paper, caption, skipped
        self.placed: list[tuple[tuple[int, int], Question]] = []
        self.boxes: dict[int, Question] = {}
        self.over_tables: set[int] = set()
        self.asked: set[int] = set()
        self.own_names: set[int] = set()
        self.ticks: list[tuple[Cell, str, Cell]] = []

    def read(self) -> list[Question]:
        for cell in self.grid.cells:
            kind = self.kinds.of(cell)
            if kind in ("office", "seal") and (plain(cell.text) or kind == "office"):
                self.skipped.append(Skipped(kind, cell.text.strip()[:60], cell.address))
            elif kind == "fixed" and cell.rule == "formula":
                self.skipped.append(Skipped("computed", "", cell.address))
        for question, cells in [
            *circled_cells(self.kinds, self.caption),
            *turned_tables(self.kinds, self.paper, self.caption),
        ]:
            first = cells[0]
            self.placed.append(((first.row, first.column), question))
            self.used |= set(map(id, cells))
            self.done |= set(map(id, cells))
            self.kinds.kind |= dict.fromkeys(map(id, cells), "fixed")
        for run in find_repeated(self.kinds):
            self._table(run)
        for row in range(self.grid.height):
            self._row(row)
        self.placed += ticked(self.kinds, self.ticks, self.caption, self.group_of)
        for cell in self.grid.cells:
            if (inside := self.label_inside(cell)) is not None:
                self.placed.append(((cell.row, cell.column), inside))
        return [question for _, question in sorted(self.placed, key=lambda one: one[0])]

    # ------------------------------------------------------------------------------------------------ repeated rows
    def _table(self, run: Repeated) -> None:
        top = run.first_head_row
        label = self._table_label(run)
        question = question_of_rows(self.kinds, run, self.paper, label)
        for record in run.records:
            self.done |= {id(cell) for cell in record}
        for chain in run.heads:
            self.used |= {id(cell) for cell in chain}
        self.done |= {id(cell) for chain in run.heads for cell in chain if not cell.choices}
        # 「うち補助対象経費」 under a frame left empty, between headings of two rows: nothing is written over a heading.
        self.done |= {
            id(cell)
            for cell in self.grid.cells
            if top <= cell.row and cell.bottom <= run.top and self.kinds.of(cell) == "blank"
        }
        self._sums_under(run)
        columns = [one for one in question.columns if one.why != "行の見出し"]
        if columns:
            question.required = False
            self.placed.append(((top, run.records[0][0].column), question))

    def _sums_under(self, run: Repeated) -> None:
        """「計」 right under the records follows from them: nobody is asked for it."""
        for number in range(run.bottom, self.grid.height):
            row = self.grid.row(number)
            name = next((cell for cell in row if plain(cell.text)), None)
            if name is None or self.kinds.of(name) != "label" or not _FOLLOWS.match(plain(name.text)):
                return
            self.skipped.append(Skipped("computed", name.text.strip()[:60], name.address))
            self.used.add(id(name))
            self.done |= {id(cell) for cell in row if self.kinds.is_value(cell)}

    def _table_label(self, run: Repeated) -> str:
        first = run.records[0][0]
        side = self.kinds.at.get((run.top, first.column - 1))
        if side is not None and self.kinds.of(side) == "label" and side.rows > 1:
            self.used.add(id(side))
            self.over_tables.add(id(side))
            return clean_label(side.text)[0]
        over = self.kinds.at.get((run.first_head_row - 1, first.column))
        if over is not None and self.kinds.of(over) == "label" and not self.kinds.is_value(self.kinds.right(over)):
            self.used.add(id(over))
            return clean_label(over.text)[0]
        said = table_named(self.caption.strip(" 　").partition("※")[0])
        caption = clean_label(said)[0]
        if caption and len(caption) <= 40 and not is_note(said) and run.first_head_row <= 1:
            return caption
        if run.names and len(run.name_head) > 2 and run.name_head not in _ROW_HEADS:
            return run.name_head
        heads = [clean_label(chain[-1].text)[0] for chain in run.heads]
        return "・".join(one for one in heads[:2] if one) + "の一覧"

    # ------------------------------------------------------------------------------------------------ rows of a form
    def _row(self, row: int) -> None:
        cells = self.grid.row(row)
        if len(cells) == 1 and self.kinds.of(cells[0]) == "label" and cells[0].columns >= self.grid.width - 1:
            below = self.kinds.below(cells[0])
            if len(plain(cells[0].text)) <= 40 and not (
                below is not None and self.only_in_row(below) and self.kinds.is_value(below)
            ):
                self.heading = clean_label(cells[0].text)[0]
        run: list[Cell] = []
        for cell in cells:
            joins = self.kinds.is_value(cell) and id(cell) not in self.done
            if joins and (not run or (run[-1].right == cell.column and self._same_value(run, cell))):
                run.append(cell)
                continue
            self._value(run)
            run = [cell] if joins else []
        self._value(run)

    def _same_value(self, run: list[Cell], cell: Cell) -> bool:
        """Whether a cell continues the value before it, rather than being a value with a label of its own above."""
        if ONE_BOX.match(fold(cell.text)) and ONE_BOX.match(fold(run[-1].text)):
            # 「□誓約する」「□誓約しない」 side by side are one question, whatever stands over them.
            return True
        if re.fullmatch(r"男・?女", plain(cell.text)):
            return False
        head, before = self.column_head(cell), self.column_head(run[-1])
        if head is not None and head is not before:
            return False
        kinds = {self.kinds.of(one) for one in (*run, cell)}
        if self.kinds.choices_behind(cell):
            return False
        if kinds == {"fill"}:
            return "□" in fold(cell.text) and "□" in fold(run[-1].text) and not only_boxes(cell.text)
        own = self.kinds.of(cell) == "fill" and re.match(r"^[ 　]*[^\s　_()（）□0-9]{2,8}[ 　:：]", cell.text)
        return not own

    def _value(self, run: list[Cell]) -> None:
        if not run:
            return
        if all(self.kinds.of(cell) == "unit" for cell in run) and self.label_cell_of(run[0]) is None:
            return
        if len(run) == 1 and (self._ticked(run[0]) or self._named_in_brackets(run[0])):
            return
        label_cell = self.label_cell_of(run[0])
        label, help_, group, required = self.label_of(run[0], label_cell)
        if re.match(r"(添付|提出|必要)(書類|図書|図面|資料)", plain(label)) and not any(
            "□" in fold(c.text) for c in run
        ):
            # What goes with the paper is handed in, not written down.
            self.skipped.append(Skipped("note", f"{label}　{run[0].text.strip()}"[:60], run[0].address))
            return
        if len(run) == 1 and (part := part_of_account(run[0].text)):
            # 「　　　銀行／　　　信金」, 「　　　支店」 and 「普通／当座」 say themselves what they ask.
            named = re.search(r"金融|銀行|支店|店名|種", label)
            label, group = (label, group) if named else (part, label or group or self._behind(run[0]))
            if part != "口座種別":
                mark = Mark.of(run[0].strip.places)
                one = Question(label, "text", group, help=help_, confidence=0.75, why="金融機関の欄", marks=[mark])
                one.source, one.required = run[0].address, required
                self.placed.append(((run[0].row, run[0].column), one))
                return
        if not label and self.kinds.of(run[0]) == "fill":
            label, group = self._behind(run[0]), ""
        if label_cell is not None and id(label_cell) in self.over_tables and _SUM.match(run[0].text):
            label, group = "合計", label
        self._asked_in_label(label_cell, label)
        if len(run) == 1 and (halves := self._line_by_line(run[0], label_cell, group)):
            for one in halves:
                one.source, one.required = one.source or run[0].address, required
                self.placed.append(((run[0].row, run[0].column), one))
            return
        strip = self._strip(run)
        listed = next((cell for cell in run if cell.choices), None)
        around = Around(
            self.paper, label=label, help=help_, group=group, is_cell=True,
            choices=listed.choices if listed is not None else (), rule=run[0].rule,
        )  # fmt: skip
        if any("□" in fold(cell.text) for cell in run):
            run = [cell for cell in run if self.kinds.of(cell) != "blank"]
            strip = self._strip(run)
        blanks = [cell for cell in run if self.kinds.of(cell) == "blank"]
        if len(blanks) == len(run):
            found = self._empty(run, around)
        else:
            alone = len(run) == 1 and self.kinds.of(run[0]) == "unit" and UNITS.match(fold(run[0].text)) and label
            found = self._by_unit(strip, around) if alone else read_strip(strip, around)
            if not found and label and any(self.kinds.of(cell) != "fill" for cell in run):
                found = self._by_unit(strip, around)
        if not found and re.search(r"振込|金融機関|口座", label) and re.search(r"銀行|金庫|農協", strip.text):
            mark = Mark.of(strip.places)
            found = [Question(label, "text", group, confidence=0.6, why="金融機関の欄", marks=[mark])]
        if not found and label and len(run) == 1 and is_room_between(strip.text):
            type_, settings, sure = type_of_label(label)
            mark = Mark.of(strip.places)
            found = [
                Question(
                    label, type_, group, confidence=sure - 0.1, why="語の間の空き", settings=settings, marks=[mark]
                )
            ]
        found = self._joined(self._with_place(found, strip, around), label_cell)
        for one in found:
            one.source = one.source or (one.marks[0].at if one.marks else run[0].address)
            one.required = required
            one.help = one.help or ("" if TOTAL.match(plain(label)) else help_)
            self.placed.append(((run[0].row, run[0].column), one))

    def _named_in_brackets(self, cell: Cell) -> bool:
        """「（生年月日）／　年　月　日」: a value that names itself in its first line, whatever stands left of it."""
        first, *rest = [line for line in cell.strip.lines() if plain(line.text)] or [Strip()]
        inside = re.fullmatch(r"[\s　]*[(（]([^()（）]{2,10})[)）][\s　]*", first.text)
        if inside is None or not rest or not is_field_word(inside[1]) or type_of_label(inside[1])[0] == "text":
            return False
        around = Around(self.paper, label=clean_label(inside[1])[0], group=self.group, is_cell=True)
        found = read_strip(Strip.join(rest, "\n"), around)
        if not found or any(one.label != around.label for one in found):
            return False
        self.own_names.add(id(cell))
        for one in found:
            one.source, one.required = cell.address, True
            self.placed.append(((cell.row, cell.column), one))
        return True

    def _asked_in_label(self, label_cell: Cell | None, label: str) -> None:
        """「印鑑登録証明書（登録番号　　　　）」, 「…ですか／病名（　　　）」: a label that asks something itself, beside its value."""
        if label_cell is None or id(label_cell) in self.asked:
            return
        self.asked.add(id(label_cell))
        for match in _IN_LABEL.finditer(label_cell.text):
            name = clean_label(match["inside"] or match["before"])[0]
            if name and name != label and not is_note(name):
                mark = Mark.of(label_cell.strip.places[slice(*match.span("room" if match["room"] else "room2"))])
                one = Question(
                    name, type_of_label(name)[0], label, confidence=0.6, why="見出しの中の空欄", marks=[mark]
                )
                one.source = label_cell.address
                self.placed.append(((label_cell.row, label_cell.column), one))

    def _line_by_line(self, cell: Cell, label_cell: Cell | None, group: str) -> list[Question]:
        """「生年月日／性　　別」 beside 「　年　月　日／男・女」: as many labels as lines, each with its own."""
        if label_cell is None or label_cell.row != cell.row or "□" in fold(cell.text):
            return []
        labels = [clean_label(line)[0] for line in label_cell.text.split("\n") if plain(line)]
        lines = [line for line in cell.strip.lines() if plain(line.text)]
        whole = cell.strip.lines()
        if (
            len(labels) == 2
            and len(whole) == 2
            and len(lines) == 1
            and not plain(whole[0].text)
            and len(plain(labels[0])) > 2
        ):
            # The first line is left empty, the second holds 「　年　月　日」.
            if type_of_label(labels[1])[0] == "date" and any(one.kind == "date" for one in tokens_of(lines[0].text)):
                asked = read_strip(lines[0], Around(self.paper, label=labels[1], group=group, is_cell=True))
                type_, settings, sure = type_of_label(labels[0])
                mark = Mark(cell.strip.places[0].at, 0, 0)
                first = Question(
                    labels[0], type_, group, confidence=sure - 0.1, why="欄の一行目", settings=settings, marks=[mark]
                )
                return [first, *asked]
        kana = re.search(r"[がガ]な|カナ|ナ$|かな", plain(labels[0])) if labels else None
        if len(labels) != 2 or len(lines) != 2 or kana or not all(map(is_field_word, labels)):
            return []
        found: list[Question] = []
        for label, line in zip(labels, lines, strict=True):
            asked = read_strip(line, Around(self.paper, label=label, group=group, is_cell=True))
            if not asked or any(one.label != label for one in asked):
                return []
            found += asked
        return found

    def _behind(self, cell: Cell) -> str:
        """What choices without a label of their own are about: the name at the head of the row, or over the table."""
        left = self.kinds.left(cell)
        if left is not None and self.kinds.of(left) == "fill" and self.column_head(cell) is None:
            before = self.label_cell_of(left)
            tokens = tokens_of(cell.text)
            dated = bool(tokens) and tokens[0].kind == "date" and not plain(cell.text[: tokens[0].start])
            if before is not None and before.row == cell.row and (dated or re.match(r"[ 　]*[②2２(（]", cell.text)):
                return clean_label(first_words(before.text))[0]
        if re.fullmatch(r"男性?・?女性?", plain(cell.text)):
            return "性別"
        words = [one for one in re.split(r"[\s　・/]+", cell.text.strip("（()） 　\n")) if one]
        if len(words) > 1 and ASKED_FOR.issuperset(words):
            return "区分"
        first = self.kinds.at.get((cell.row, 0))
        is_choice = "□" in fold(cell.text) or self.kinds.choices_behind(cell)
        if is_choice and first is not None and first.column < cell.column and self.kinds.of(first) == "label":
            return clean_label(first.text)[0]
        said = clean_label(self.heading or self.caption)[0]
        is_first = not any(plain(one.text) for one in self.grid.cells if one.row < cell.row)
        asks = "□" in fold(cell.text) and is_first and 0 < len(said) <= 24 and not is_note(self.caption)
        return said if asks else ""

    def _with_place(self, found: list[Question], strip: Strip, around: Around) -> list[Question]:
        """「ひばり町　　（アパート名：　　）」 beside 「使用場所」 asks for the place as well as for what stands in brackets."""
        first = strip.text.strip("\n").split("\n")[0]
        begins = re.match(
            r"[ 　]*[一-龥ヶケぁ-んァ-ン]{1,8}[都道府県市区町村郡](大字|字)?[ 　]*$", first
        ) and type_of_label(around.label)[0] in ("address", "text")
        if begins and not found and around.label and not re.search(r"番号", around.label):
            # Only the town is printed, and perhaps where the name of the house goes.
            return [
                Question(
                    around.label,
                    "address",
                    around.group,
                    confidence=0.7,
                    why="町名のある欄",
                    marks=[Mark.of(strip.places)],
                )
            ]
        if not begins or not found or any(one.label == around.label or one.type == "address" for one in found):
            return found
        if plain(found[0].label) == plain(first):
            found[0].label, found[0].type, found[0].group, found[0].settings = around.label, "address", around.group, {}
            return found
        mark = Mark.of(strip.places[: len(first)][-1:])
        place = Question(
            around.label,
            "address",
            around.group,
            confidence=0.7,
            why="町名のある欄",
            marks=[Mark(mark.at, mark.end, -1)],
        )
        return [place, *found]

    def _joined(self, found: list[Question], label_cell: Cell | None) -> list[Question]:
        """One box a row under one label are the options of one question."""
        if label_cell is None or label_cell.rows < 2:
            return found
        kept = []
        for one in found:
            first = self.boxes.get(id(label_cell))
            single = (
                one.why == "チェック欄"
                and len(one.options) == 1
                and one.label == clean_label(first_words(label_cell.text))[0]
            )
            if single and first is not None:
                first.marks += [
                    Mark(mark.at, mark.start, mark.end, f"option:{len(first.options)}") for mark in one.marks
                ]
                first.options.append(one.options[0])
                first.type, first.confidence = kind_of_choice(first.label, first.help, first.options, boxes=True)
                continue
            if single:
                self.boxes[id(label_cell)] = one
            kept.append(one)
        return kept

    def _strip(self, run: list[Cell]) -> Strip:
        between = "　" if any("□" in fold(cell.text) for cell in run) else ""
        return Strip.join([cell.strip for cell in run], between)

    def _by_unit(self, strip: Strip, around: Around) -> list[Question]:
        """A cell with only 「円」 in it: the room before the unit is the blank."""
        unit = strip.text.strip(" 　\n" + EMPTY).split("\n")[0]
        type_, settings, sure = type_of_label(around.label, unit)
        if type_ == "text" and re.search(r"場所|所在|位置", around.label) and _TOWN.fullmatch(unit):
            # 「みさき市」 is printed before the rest of the address.
            type_, settings = "address", {}
        at = strip.places[0].at
        mark = Mark(at, 0, 0) if strip.text != EMPTY else Mark(at)
        return [
            Question(
                around.label, type_, around.group, confidence=sure, why="単位のある欄", settings=settings, marks=[mark]
            )
        ]

    def _empty(self, run: list[Cell], around: Around) -> list[Question]:
        if around.choices:
            return read_strip(run[0].strip, around)
        if not around.label:
            return []
        type_, settings, sure = type_of_label(around.label)
        if TOTAL.match(plain(around.label)):
            type_, settings, sure = type_of_label(around.help) if around.help else ("money", {}, 0.6)
            around.help = ""
            if type_ not in ("money", "number"):
                return []
        why, marks = "見出しの隣の空欄", [Mark.of(run[0].strip.places)]
        boxes = run[0].digits if len(run) == 1 else run
        if len(boxes) >= (3 if boxes is not run else 4):
            why = "1文字ずつのます"
            marks = [
                Mark(cell.strip.places[0].at, -1, -1, f"digit:{number}")
                for number, cell in enumerate(boxes)
                if cell.strip.places
            ]
            if type_ in ("number", "money"):
                sure -= 0.05
        cell = run[0]
        control = next((c for letter in cell.text if (c := self.paper.control_of(letter)) is not None), None)
        if control is not None:
            return read_strip(cell.strip, around)
        if (
            type_ == "text"
            and (cell.text.count("\n") >= 2 or cell.height > 60)
            and not re.search(r"番号|名$", around.label)
        ):
            settings = {"multiline": True}
        return [
            Question(
                around.label,
                type_,
                around.group,
                confidence=sure,
                why=why,
                settings=settings,
                marks=marks,
                source=cell.address,
            )
        ]

    # ------------------------------------------------------------------------------------------------ ticks in a column
    def _ticked(self, cell: Cell) -> bool:
        """Whether a cell is one box to tick, which its column takes."""
        if only_boxes(cell.text):
            self._tick(cell)
        return only_boxes(cell.text)

    def _tick(self, cell: Cell) -> None:
        label_cell = self.label_cell_of(cell)
        option = None
        left, right = self.kinds.left(cell), self.kinds.right(cell)
        if left is not None and self.kinds.of(left) == "label":
            option = left
        elif right is not None and self.kinds.of(right) in ("label", "note"):
            option = right
        if option is None:
            option = label_cell
        if option is None:
            return
        self.used.add(id(option))
        self.ticks.append((cell, clean_label(first_words(option.text))[0], option))
