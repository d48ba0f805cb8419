"""From a paper to questions: lines and tables in reading order, then what they say together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from kakehashi.eforms.domain.papers.boxes import has_boxes, kind_of_choice
from kakehashi.eforms.domain.papers.circled import to_mark
from kakehashi.eforms.domain.papers.found import Mark, Question, Reading, Skipped
from kakehashi.eforms.domain.papers.frames import big_blank, numbered_choices
from kakehashi.eforms.domain.papers.headings import (
    ALL_BELOW,
    ATTACHED,
    CAPTION,
    ITEM,
    NOTES,
    REACHED_AT,
    TITLE,
    behind_addressee,
    certified_by_office,
    group_named,
    has_title_blank,
    is_addressee,
    level_of,
    signed_as,
    table_named,
    texts_of,
    with_boxes_together,
)
from kakehashi.eforms.domain.papers.inline import Around, has_blank, read_strip, squeezed
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Block, Cell, Grid, Line, Paper, Strip
from kakehashi.eforms.domain.papers.settle import settle
from kakehashi.eforms.domain.papers.tables import read_grid
from kakehashi.eforms.domain.papers.tokens import UNITS, tokens_of
from kakehashi.eforms.domain.papers.words import (
    FIELD_WORD,
    GROUP_WORD,
    clean_label,
    fold,
    is_field_word,
    is_group_word,
    is_marked_note,
    is_note,
    is_office,
    plain,
)

__all__ = ["recognise"]


_TITLE_IN_CELL = re.compile(
    r".{2,}(申請|請求|申込|申告|登録|届出|報告|依頼|申出|協議)(書|届|票)([(（].{1,16}[)）])?$|.{4,}届$"
)

# 「（委任する事項の□に✓を記入してください。）」: what the boxes under it are about.
_BOXES_OF = re.compile(r"[\s　(※]*([^\s　()、。□※]{2,16})の□に")
# The paper's own day, wherever it is asked.
_OWN_DAY = re.compile(r"^(申請|届出|申込|請求|記入|提出|申告|依頼)(年月)?日$")


def recognise(paper: Paper) -> Reading:
    """Every question of a paper with its type, label, options, group, places and confidence."""
    return _Recogniser(paper).read()


def _out_of_brackets(strip: Strip) -> Strip:
    """「（担当者　　　　　電話　　　　）」 on a line of its own: the brackets hold names with their room."""
    inside = re.fullmatch(r"[\s　]*[(（]([^()（）]*)[)）][\s　]*", strip.text)
    if inside is None or len(re.findall(r"\S[ 　]{4,}", inside[1])) < 2:
        return strip
    return strip.cut(inside.start(1), inside.end(1))


class _Recogniser:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.reading = Reading()
        self.group = ""
        self.caption = ""
        self.section = ""
        self.in_items = False
        self.in_notes = False
        self.in_attachments = False
        self.attached = ""
        self.all_below = False
        self.office = False
        self.signed = ""
        self.dated = False
        self.open_note = False
        self.stars = any(
            re.search(
                r"※.{0,8}(欄|箇所|部分).{0,12}(記入しな|記載しな|記入不要|何も|(市|町|村|区|県|職員|役場|事務局|担当).{0,4}[がで](記入|記載))",
                plain(text),
            )
            for text in texts_of(paper)
        )

    def read(self) -> Reading:
        blocks = self.paper.blocks
        closed = self._certificates(blocks)
        for index, block in enumerate(blocks):
            if index in closed:
                self.reading.skipped.append(Skipped("office", closed[index], block.address))
            elif isinstance(block, Line):
                following = blocks[index + 1 : index + 4]
                self._line(block, following)
            else:
                self._grid(block)
        settle(self.reading)
        return self.reading

    def _certificates(self, blocks: Sequence[Block]) -> dict[int, str]:
        """The lines with which the office answers on the paper itself, its number and day included."""
        said = [
            (index, block.text) for index, block in enumerate(blocks) if isinstance(block, Line) and plain(block.text)
        ]
        closed: dict[int, str] = {}
        for at, (first, _) in enumerate(said):
            number = certified_by_office([text for _, text in said[at : at + 5]])
            last = said[at + number - 1][0] if number else first
            if number and not any(isinstance(one, Grid) for one in blocks[first:last]):
                before = [
                    one for one in said[max(0, at - 2) : at] if re.fullmatch(r"\S{0,6}第[ 　]+号", one[1].strip(" 　"))
                ]
                closed |= {index: text.strip()[:60] for index, text in [*before, *said[at : at + number]]}
        return closed

    def _grid(self, grid: Grid) -> None:
        self.in_notes = self.in_attachments = False
        if self.office or self.all_below:
            self.reading.skipped.append(Skipped("office", self.caption, grid.address))
            self.office = False
            return
        self._title_in(grid)
        self._letters_in(grid)
        found = self._framed(grid)
        found = numbered_choices(grid, self.caption) if found is None else found
        if found is None:
            found = read_grid(
                grid,
                self.paper,
                self._group_over(),
                self.caption or self.section,
                self.reading.skipped,
                stars_are_offices=self.stars,
            )
        self.section = ""
        self.reading.questions += found
        for cell in grid.cells:
            if cell.inner:
                beside = grid.by_place().get((cell.row, cell.column - 1)) if not plain(cell.text) else None
                self.caption = beside.text if beside is not None else ""
                self._inner(cell)
            if is_note(cell.text) and not has_blank(cell.strip):
                self.reading.notes.append(cell.text.strip()[:500])
        self.caption, self.group = "", ""

    def _title_in(self, grid: Grid) -> None:
        """The paper's title may stand in the first cell of its first table."""
        for cell in grid.row(0) if not self.reading.title and len(grid.cells) > 1 else []:
            lines = [plain(line) for line in cell.text.split("\n") if plain(line)]
            if (
                any(_TITLE_IN_CELL.search(line) for line in (*lines, "".join(lines)))
                and len(lines) <= 3
                and not is_office(cell.text)
            ):
                self.reading.title = "".join(lines)[:60]
                cell.rule = "title"
                return

    def _letters_in(self, grid: Grid) -> None:
        """「…市長　様／次のとおり申請します。／　年　月　日／住所／氏名」 in one wide cell of a table is a letter, read line by line."""
        for cell in grid.cells if len(grid.cells) > 1 else []:
            lines = [line for line in cell.strip.lines() if plain(line.text)]
            dated = any(token.kind == "date" for one in lines for token in tokens_of(one.text))
            few = len(lines) < (2 if dated else 3)
            if (
                cell.columns * (4 if dated else 2) < grid.width
                or few
                or not any(is_addressee(one.text) for one in lines)
            ):
                continue
            outer = (self.group, self.caption)
            self.group = self.caption = ""
            for index, line in enumerate(lines):
                self._line(Line(line, cell.address), [Line(one, cell.address) for one in lines[index + 1 : index + 4]])
            self.group, self.caption = outer
            cell.rule = "title"

    def _group_over(self) -> str:
        """The group that the line right over a table names."""
        return self.group if plain(clean_label(self.caption)[0]) == plain(self.group) else ""

    def _framed(self, grid: Grid) -> list[Question] | None:
        """A frame around free lines (one cell) is read line by line; the office's frame not at all."""
        if len(grid.cells) != 1:
            return None
        cell = grid.cells[0]
        lines = [line for line in cell.strip.lines() if plain(line.text) or "\ue000" in line.text]
        if not plain(cell.text):
            return big_blank(grid, self.caption)
        if any(is_office(line.text) for line in lines[:1]):
            self.reading.skipped.append(Skipped("office", cell.text.strip()[:60], cell.address))
            return []
        said = [line for line in lines if plain(line.text)]
        if any(certified_by_office([line.text for line in said[at:]]) for at in range(min(2, len(said)))):
            self.reading.skipped.append(Skipped("office", cell.text.strip()[:60], cell.address))
            return []
        if len(said) < 2 or (len(said) <= 3 and cell.text.rstrip(" 　").endswith("\n\n")):
            return None
        before = len(self.reading.questions)
        said = with_boxes_together(said)
        for index, line in enumerate(said):
            self._line(Line(line, cell.address), [Line(one, cell.address) for one in said[index + 1 : index + 4]])
        if len(self.reading.questions) > before:
            return []
        return None

    def _inner(self, cell: Cell) -> None:
        for block in cell.inner:
            if isinstance(block, Grid):
                self._grid(block)

    # ------------------------------------------------------------------------------------------------ lines
    def _line(self, line: Line, following: Sequence[object]) -> None:
        strip = behind_addressee(squeezed(line.strip))
        text = strip.text.strip(" 　\n\t")
        said = plain(text)
        if said == "年月日":
            strip = Strip.join([Strip(" ", strip.places[:1]), strip])
        if not said:
            if re.search("[\ue000-\uf8ff]", text):
                self._read(strip, line)
            return
        if self._is_heading(text, said):
            return
        if ALL_BELOW.search(said) and len(said.strip(".-=")) < 50:
            self.reading.skipped.append(Skipped("office", text[:60], line.address))
            self.all_below = True
            return
        if is_office(text) and len(said) < 40:
            self.reading.skipped.append(Skipped("office", text[:60], line.address))
            self.office = bool(following) and isinstance(following[0], Grid)
            self.caption = text
            return
        self.signed = (
            signed_as(said, self.dated or any(_OWN_DAY.search(one.label) for one in self.reading.questions))
            or self.signed
        )
        self.in_attachments = self.in_attachments and not self._leaves_attachments(text)
        if self.in_attachments and self._attachment(text):
            return
        if self._circled_lines(strip, line, text):
            return
        # The end of a note that the page's width broke.
        goes_on = self.open_note and said.endswith("。") and not self._fillable(strip)
        self.open_note = False
        if goes_on or (self.in_notes and (is_note(text) or ITEM.match(text) or len(said) > 20)):
            self.reading.notes.append(text[:500])
            return
        if is_marked_note(text) or (is_note(text) and not self._fillable(strip)):
            self.reading.notes.append(text[:500])
            self.open_note = len(said) > 30 and not said.endswith(("。", ")", "」"))
            nxt = following[0] if following else None
            if told := _BOXES_OF.match(fold(text)):
                self.caption = told[1]
            if to_mark(text) and (isinstance(nxt, Grid) or (isinstance(nxt, Line) and ITEM.match(nxt.text))):
                self.caption = text
            elif isinstance(nxt, Grid) and not is_marked_note(text) and not is_note(name := table_named(text)):
                self.caption = text if 2 <= len(plain(name)) <= 24 else self.caption
            return
        if self._names_whom(text, following):
            return
        strip = _out_of_brackets(self._behind_person(strip))
        names_people = is_group_word(text) or (
            len(said) <= 14 and not re.search("[ 　]{2}", text) and re.search(r"(連絡先|者|人|先|家族|世帯員)$", said)
        )
        if names_people and following and isinstance(following[0], Grid) and len(following[0].cells) > 2:
            self.caption = text
            return
        nxt = next((one for one in following if plain(getattr(one, "text", "x"))), None)
        own, other = ITEM.match(text), ITEM.match(nxt.text) if isinstance(nxt, Line) else None
        if own and other and level_of(other[1]) > level_of(own[1]) and not has_blank(strip) and is_field_word(text):
            # 「３　開催場所」 over 「（１）会場名」 heads what is asked there.
            self.caption = text
            return
        found = self._read(strip, line)
        if found and found[-1].why not in ("チェック欄", "チェック欄の行", "選択肢の補足"):
            self.caption = ""
        if not found:
            self.open_note = len(said) > 35 and "、" in said and not said.endswith(("。", ")", "」"))
            self._item_or_caption(strip, line, text, following)

    def _names_whom(self, text: str, following: Sequence[object]) -> bool:
        """「委任者（頼む方）」 on a line of its own, over 「住所」 and 「氏名」: whom the next lines are about."""
        own = ITEM.match(text)
        name = group_named(text[own.end() :] if own else text)
        if own and following and isinstance(following[0], Line) and not following[0].text.startswith(("　　", "    ")):
            name = ""
        nxt = next((one for one in following if isinstance(one, Line) and plain(one.text)), None)
        bare = plain(text.strip(" 　"))
        if own and not name and isinstance(nxt, Line) and nxt.text.startswith(("　　", "    ")):
            # 「12　連絡先」 over lines that stand further in.
            name = name_ if (name_ := clean_label(text)[0]) in ("連絡先", "担当者", "事務担当者", "問合せ先") else ""
        if not name or (bare in FIELD_WORD and not own) or nxt is None or isinstance(following[0], Grid):
            return False
        words = re.split(r"[　 \t:：]+", squeezed(nxt.strip).text.strip(" 　\t"))
        if not is_field_word(words[0]) or is_group_word(words[0]):
            return False
        self.group, self.caption = name, text
        return True

    def _behind_person(self, strip: Strip) -> Strip:
        """「（申込者）住所」: the person in brackets is whom the line is about; the rest asks."""
        match = re.match(r"[\s　]*[(（【〔]([^()（）【】〔〕]{2,14})[)）】〕][\s　]*(?=\S)", strip.text)
        if match is None or not is_group_word(match[1]):
            return strip
        words = re.split(r"[　 \t:：]+", strip.text[match.end() :].strip(" 　\t"))
        if not is_field_word(words[0]):
            return strip
        self.group = clean_label(match[1])[0]
        return strip.cut(match.end())

    def _circled_lines(self, strip: Strip, line: Line, text: str) -> bool:
        """「該当する番号を○で囲む」 over numbered lines: each line is an option of one question."""
        asks = re.search(r"(番号|項目|もの).{0,6}(○|丸|マル)|○を?(付|つけ|で囲)", fold(self.caption))
        match = re.match(r"^[\s　]*(?:[(（]?([0-9０-９]{1,2})[)）.．、]?|([①-⑳]))[\s　]*(?=\S)", text)
        if not asks or match is None:
            return False
        number = int(unicodedata.normalize("NFKC", match[1] or match[2]))
        last = self.reading.questions[-1] if self.reading.questions else None
        begun = last is not None and last.why == "番号の行" and len(last.options) == number - 1
        if number != 1 and not begun:
            return False
        word = re.split(r"[　 ]{3,}|[(（][^()（）]*[ 　_]{2,}", text[match.end() :])[0].strip(" 　:：")[:100]
        word = re.sub(r"[(（][^()（）]*$", "", word)
        mark = Mark.of(strip.places[:1], f"option:{number - 1}")
        if number == 1 or last is None:
            label, help_ = clean_label(self.caption)
            last = Question(
                label, "choice", self.group, help=help_, confidence=0.75, why="番号の行", source=line.address
            )
            self.reading.questions.append(last)
        last.options.append(word)
        last.marks.append(mark)
        last.type, last.confidence = kind_of_choice(last.label, last.help, last.options, boxes=False)
        for token in tokens_of(strip.text):
            unit = UNITS.match(fold(strip.text[token.end :])) if token.kind == "gap" else None
            if token.kind in ("bracket", "line") or unit:
                detail = Question(
                    f"{word}（{unit[1] if unit else '内容'}）",
                    type_of_label(word, unit[1])[0] if unit else "text",
                    last.label,
                    confidence=0.6,
                    why="選択肢の補足",
                    source=line.address,
                )
                detail.marks = [Mark.of(strip.places[token.start : token.end])]
                self.reading.questions.insert(len(self.reading.questions) - 1, detail)
                break
        return True

    def _is_heading(self, text: str, said: str) -> bool:
        if (
            not self.reading.title
            and TITLE.search(said)
            and len(said) <= 60
            and not has_title_blank(text)
            and not CAPTION.match(said)
        ):
            self.reading.title = re.sub(r"[\s　]+", "", text)
            return True
        if (
            self.reading.title
            and re.search(r"(名簿|一覧表?|明細書?)$", said)
            and len(said) <= 16
            and not has_title_blank(text)
        ):
            # The heading of a further page, over a table that has no line of its own.
            self.caption = self.section = re.sub(r"[\s　]+", "", text)
            return True
        if REACHED_AT.match(fold(text)):
            self.reading.notes.append(text[:500])
            return True
        if CAPTION.match(said) and len(said) < 40 and not re.search(r"[_＿]{2}", text):
            return True
        if said == "記":
            self.in_items = True
            self.group = ""
            return True
        if is_addressee(text):
            return True
        if NOTES.match(text) and not self._fillable_text(text):
            self.in_notes = True
            self.reading.notes.append(text[:500])
            return True
        if ATTACHED.search(said) and len(said) < 30 and not re.search(r"□|有・無|有無", fold(text)):
            self.in_attachments = True
            self.caption = self.attached = text
            rest = re.split(r"[　 ]{2,}|[:：]", text, maxsplit=1)
            if len(rest) > 1 and plain(rest[1]):
                self._attachment(rest[1])
            return True
        return False

    def _fillable_text(self, text: str) -> bool:
        return any(token.kind in ("line", "date", "bracket") for token in tokens_of(text))

    def _fillable(self, strip: Strip) -> bool:
        text = strip.text
        return (
            any(token.kind in ("date", "line", "phone", "post") for token in tokens_of(text))
            or has_boxes(text)
            or bool(re.search(r"同意(する|します)[ 　]*[・/]", text))
        )

    def _leaves_attachments(self, text: str) -> bool:
        """「６　連絡先」 after 「５　添付書類（１）…」 is the next item, no paper to attach."""
        own, other = ITEM.match(self.attached), ITEM.match(text)
        return own is not None and other is not None and level_of(other[1]) <= level_of(own[1])

    def _attachment(self, text: str) -> bool:
        if "□" in fold(text) or any(token.kind in ("line", "date") for token in tokens_of(text)):
            return False
        if re.search(r"(か|ですか|ましたか)[。？?]|回答", text):
            self.in_attachments = False
            return False
        match = ITEM.match(text) or re.match(r"^[\s　]*[・●○◦◇]", text)
        if match is None and not re.search(r"(書|写し|図|証|票|資料|もの|表|簿|写真)([(（].*)?$", text):
            self.in_attachments = False
            return False
        name = clean_label(text)[0]
        if name:
            self.reading.attachments.append(name[:200])
        return True

    def _read(self, strip: Strip, line: Line) -> list[Question]:
        around = Around(self.paper, group=self.group)
        found = read_strip(strip, around)
        text = strip.text
        self._end_of_period(found, text)
        if found and found[0].label == "あてはまるもの" and ATTACHED.search(plain(text.partition("□")[0])):
            found[0].label = "添付書類"
        first = re.split(r"[　 \t]{1,}", text.strip(" 　\t"))[0]
        named = plain(first) in GROUP_WORD or (found and found[0].group == clean_label(first)[0])
        if named and found and found[0].label != clean_label(first)[0]:
            self.group = clean_label(first)[0]
        for one in found:
            if not one.group:
                one.group = self.group
            one.source = one.marks[0].at if one.marks else line.address
            one.required = one.type not in ("choices", "consent") and one.why != "選択肢の補足"
        if found and not self.caption.startswith("\0"):
            self._name_unnamed(found)
        self._add(found)
        return found

    def _add(self, found: list[Question]) -> None:
        """Boxes line under line, one a line, are the options of one question."""
        for one in found:
            last = self.reading.questions[-1] if self.reading.questions else None
            own = bool(one.options) and one.label not in ("", "あてはまるもの", one.options[0])
            one_box = one.why == "チェック欄" and len(one.marks) == 1 and not own
            if one_box and last is not None and last.why == "チェック欄の行" and last.source:
                number = len(last.options)
                last.options.append(one.options[0] if one.options else one.label)
                last.marks += [replace(mark, part=f"option:{number}") for mark in one.marks]
                last.type, last.confidence = kind_of_choice(last.label, "", last.options, boxes=True)
                continue
            if one_box and one.type != "consent":
                caption = clean_label(self.caption)[0] if len(plain(self.caption)) < 40 else ""
                one.why, one.label = "チェック欄の行", caption or "あてはまるもの"
            elif one.why == "選択肢の補足" and last is not None and last.why == "チェック欄の行":
                self.reading.questions.insert(len(self.reading.questions) - 1, one)
                continue
            self.reading.questions.append(one)

    def _end_of_period(self, found: list[Question], text: str) -> None:
        """「　　　年　月　日まで」 on the line under 「期間　　年　月　日から」 ends that period; so does 「至　年　月　日」 under 「自　年　月　日」."""
        last = self.reading.questions[-1] if self.reading.questions else None
        if last is None or last.type != "date" or last.settings.get("_period") != "start":
            return
        if not found or found[0].label != "日付" or not re.search("日[^年月日]{0,14}まで|^[\\s　]*至", text):
            return
        found[0].label, last.label = f"{last.label}（終了）", f"{last.label}（開始）"

    def _name_unnamed(self, found: list[Question]) -> None:
        caption = clean_label(self.caption)[0] if self.caption and len(plain(self.caption)) < 40 else ""
        for one in found:
            if one.label == "日付":
                # Under 「…を代理人と定め、…を委任します」 the date is the day of that letter.
                one.label, self.signed = self.signed or one.label, ""
                self.dated = True
            is_item = self.in_items and ITEM.match(self.caption)
            if caption and (one.label == "あてはまるもの" or (one.label in ("日付", "区分") and is_item)):
                one.label = caption

    def _item_or_caption(self, strip: Strip, line: Line, text: str, following: Sequence[object]) -> None:
        """A numbered item with nothing behind it asks, when neither items nor a table follow it."""
        said = plain(text)
        self.caption = text
        if group := group_named(text):
            self.group = group
            return
        match = ITEM.match(text)
        if not (self.in_items and match) or len(said) > 32 or is_note(text):
            if match and self.group:
                self.group = ""
            return
        rest = re.split(r"[　 ]{2,}", text[match.end() :])
        if len(rest) > 1 and plain(rest[-1]) and plain(rest[-1]) != plain(text[match.end() :]):
            return
        nxt = next(
            (one for one in following if isinstance(one, Grid) or (isinstance(one, Line) and plain(one.text))), None
        )
        if isinstance(nxt, Grid) or (isinstance(nxt, Line) and self._is_below(nxt, line, match[1])):
            return
        label, help_ = clean_label(text)
        if not label:
            return
        type_, settings, sure = type_of_label(label)
        place = strip.places[-1]
        mark = Mark(place.at, place.offset + 1 if place.offset >= 0 else -1, -1)
        self.reading.questions.append(
            Question(
                label,
                type_,
                "",
                help=help_,
                confidence=sure - 0.2,
                why="記の項目",
                settings=settings,
                marks=[mark],
                source=line.address,
                required=True,
            )
        )

    def _is_below(self, nxt: Line, line: Line, mark: str) -> bool:
        """Whether the next line belongs under this item."""
        other = ITEM.match(nxt.text)
        if other is None:
            return nxt.indent > line.indent + 1 or nxt.text.startswith(("　　", "   ", "\t")) or has_blank(nxt.strip)
        return level_of(other[1]) > level_of(mark)
