"""What each cell of a table is: a blank, something to fill in, a unit, a label, a note, a seal or the office's."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.boxes import has_boxes, read_circles
from kakehashi.eforms.domain.papers.details import named_rooms
from kakehashi.eforms.domain.papers.inline import has_blank, names_parts, squeezed
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Cell, Grid
from kakehashi.eforms.domain.papers.offices import close_offices
from kakehashi.eforms.domain.papers.spreading import squeezed_text
from kakehashi.eforms.domain.papers.tokens import UNIT, is_address_blank, is_room_between, tokens_of
from kakehashi.eforms.domain.papers.words import (
    FIELD_WORD,
    all_options,
    clean_label,
    fold,
    is_field_word,
    is_note,
    is_office,
    is_seal,
    plain,
)

__all__ = ["Kinds"]

_UNIT = re.compile(
    r"^(mm|㎜|㎝|㎏|店|脚|張|足|着|膳|双|缶|袋|束|曲|階建て?|円|千円|万円|人|名|㎡|m2|m²|平方メートル|m|km|cm|台|部|通|枚|件|歳|才|回|日間|時間|箇所|か所|頭|匹|kg|%|戸|室|か月|ヶ月|年|月|日|時|分|年度|から|まで|~|-|/|〒|\(|\)|様|号|番|番地|個|冊|世帯|第|金|¥|年生|月分|事業所|満|日生|北海道|.{1,8}(都|府|県|市|区|町|村|郡)(大字|字)?)$"
)
# Room, and then the word that it belongs to: 「　　　小学校」, 「　　　年頃」, 「新　　年生」.
_ROOM = re.compile(rf"^(?:新|第|約|満)?[ 　]{{2,}}(?:\.[ 　]+)?{UNIT}(?:頃|ごろ|程度|以上|以下)?[ 　]*$")
# A run of blanks is tried once, from its beginning, and never given back: a cell of nothing but blanks takes no time.
_FROM_TO = re.compile(r"(?<![ 　])[ 　]{3,}+[^\s　]{0,6}(?:から|まで)")
_ROOMS = re.compile(rf"\S[ 　]{{2,}}(?:\.[ 　]+)?{UNIT}")
_ROOM_FIRST = re.compile(rf"^(?:第|約|満)?[ 　]{{3,}}{UNIT}[ 　(]")
# 「　・　・　」 is how a narrow column asks for year, month and day. Only for a text whose runs of blanks were shortened to one:
# with longer ones it tries every way to share them out.
_RUN = re.compile(r"([\s　])\1+")
_DOTTED_DATE = re.compile(
    r"[\s　]*(?:[令平昭大明RHST][ 　]*(?:[・/、][ 　]*(?=[令平昭大明RHST]))?)*(?:[ 　]+[・.,/][ 　]*){2}\s*|[\s　]*[・.][ 　]+[・.][\s　]*"
)
_DONE = re.compile(r"^(別紙(の)?(とおり|参照)?|別添(の)?(とおり)?|省略|[-―—–─ー/×＼／]+|同上|同左)")


def _is_dotted_date(text: str) -> bool:
    return _DOTTED_DATE.fullmatch(_RUN.sub(r"\1", text)) is not None


# 「　　　学校」 and 「　年　組」, when the next row says the same.
_ROOM_AGAIN = re.compile(r"[ 　]{3,}+[^\s　]{1,5}[ 　]*|[ 　]++[^\s　]{1,2}(?:[ 　]++[^\s　]{1,2}){1,3}[ 　]*")
# 「様式第１号（第６条関係）」 names the form.
_FORM_NUMBER = re.compile(
    r"^[(（]?(別記|別紙)?(第?[0-9一二三四五六七八九十]+号様式|様式第[0-9一二三四五六七八九十]+号)"
)
_PERSON = re.compile(r".{1,6}[者人主]")


def _unstretched(line: str) -> str:
    """「清　掃　業　者　名」 as 「清掃業者名」."""
    return (
        re.sub(r"[ 　]", "", line)
        if re.fullmatch(r"[ 　]*[^\s　□](?:[ 　]{1,4}[^\s　□])+[ 　]*", line)
        else squeezed_text(line)
    )


def _lists_fields(text: str) -> bool:
    """「住所　ひばり町」「氏名」「電話　（自宅）　（携帯）」 line under line in one cell."""
    lines = [_unstretched(line) for line in text.split("\n") if plain(line)]
    first = [re.split(r"[ 　:：(（]", line.strip(" 　"), maxsplit=1)[0] for line in lines]
    if len(lines) == 2 and re.search(r"[がガ]な|カナ|ナ$|かな", first[0]):
        # フリガナ over 氏名 is the heading of one column.
        return False
    if len(lines) == 2 and _PERSON.fullmatch(plain(lines[0])):
        # 「代表者」 over 「住所」 is one label: whose address it is.
        return False
    return len(lines) > 1 and sum(is_field_word(one) for one in first) * 3 >= len(lines) * 2 and is_field_word(first[0])


class Kinds:
    """The cells of one grid with their kinds: blank, fill, unit, label, note, seal, office, fixed."""

    def __init__(self, grid: Grid, *, stars_are_offices: bool = False) -> None:
        self.grid, self.stars = grid, stars_are_offices
        self.at = grid.by_place()
        self.kind: dict[int, str] = {id(cell): self._kind(cell) for cell in grid.cells}
        for cell in grid.cells:
            if self.kind[id(cell)] in ("label", "fixed", "note") and self._repeated_choices(cell):
                self.kind[id(cell)] = "fill"
            elif self.kind[id(cell)] == "label" and _ROOM_AGAIN.fullmatch(cell.text) and self._repeated(cell):
                # 「　　　　学校」 in one row after the other: room for a name before the word.
                self.kind[id(cell)] = "unit"
        for cell in grid.cells:
            if self.kind[id(cell)] == "label" and plain(cell.text) in ("組", "班", "級", "番") and self._counts(cell):
                self.kind[id(cell)] = "unit"
        for cell in grid.cells:
            if self.kind[id(cell)] in ("label", "fill", "note"):
                self._printed_choices(cell)
        for cell in grid.cells:
            if self.kind[id(cell)] == "fill":
                self._label_with_options(cell)
            elif self.kind[id(cell)] == "label" and self.choices_behind(cell):
                self.kind[id(cell)] = "fill"
        for cell in grid.cells:
            if re.fullmatch(r"(TEL|℡|FAX|電話):?", plain(cell.text)) and not self._ends_in_a_name(cell):
                left, right = self.left(cell), self.of(self.right(cell))
                beside = self.of(left) == "label" and right not in ("blank", "unit", "fill")
                own = left is not None and is_field_word(left.text) and type_of_label(plain(left.text))[0] != "phone"
                self.kind[id(cell)] = "unit" if beside and not own else "label"
        self._unit_headings()
        close_offices(self)

    def _unit_headings(self) -> None:
        """「年度」 among other headings of a row is a heading, not a unit."""
        for row in range(self.grid.height):
            cells = [cell for cell in self.grid.cells if cell.row <= row < cell.bottom]
            days = [cell for cell in cells if re.fullmatch(r"[月火水木金土日](曜日?)?", plain(cell.text))]
            if len(days) >= 3:
                self.kind |= dict.fromkeys(map(id, days), "label")
            kinds = [self.kind[id(cell)] for cell in cells]
            if kinds.count("label") < 2 or {"blank", "fill"} & set(kinds):
                continue
            for cell in cells:
                heads = (under := self.below(cell)) is not None and self.is_value(under)
                if heads and plain(cell.text) in ("年度", "世帯", "事業所") and not cell.text.startswith((" ", "　")):
                    self.kind[id(cell)] = "label"

    def of(self, cell: Cell | None) -> str:
        """The kind of a cell, "" outside."""
        return "" if cell is None else self.kind[id(cell)]

    def is_value(self, cell: Cell | None) -> bool:
        """Whether something is written or marked in a cell."""
        return self.of(cell) in ("blank", "fill", "unit")

    def left(self, cell: Cell) -> Cell | None:
        """The cell that touches it on the left, in its first row."""
        return self.at.get((cell.row, cell.column - 1))

    def right(self, cell: Cell) -> Cell | None:
        """The cell that touches it on the right."""
        return self.at.get((cell.row, cell.right))

    def above(self, cell: Cell) -> Cell | None:
        """The cell that touches it from above."""
        return self.at.get((cell.row - 1, cell.column))

    def below(self, cell: Cell) -> Cell | None:
        """The cell that touches it from below."""
        return self.at.get((cell.bottom, cell.column))

    def _kind(self, cell: Cell) -> str:
        said = plain(cell.text)
        if cell.rule in ("formula", "title") or _FORM_NUMBER.match(said):
            return "fixed"
        if cell.digits:
            return "blank"
        if cell.inner and not said:
            return "note"
        if cell.choices or cell.rule in ("unlocked", "list"):
            return "fill" if said else "blank"
        if (re.match(r"写真", said) and re.search(r"cm|センチ|貼|はり|枚", said)) or re.fullmatch(
            r"[(]?(縦|たて)[0-9.]+(cm|センチ|mm).{1,3}(横|よこ)[0-9.]+(cm|センチ|mm).{0,4}", said
        ):
            return "seal"
        if self._label_left(cell) and re.fullmatch(r"[(（][^()（）]{2,12}(含む|除く|のみ|可)[)）]", said):
            return "blank"
        if self._only_hinted(cell, said) or ("\n" in cell.text.strip() and re.fullmatch(r"[\s　①-⑳]+", cell.text)):
            return "blank"
        if _lists_fields(cell.text) and self._label_left(cell):
            return "fill"
        if re.match(r"[\s　]*(住所|所在地)[ 　]+\S{1,8}[都道府県市区町村][ 　]*$", cell.text):
            return "fill"
        if not said:
            return "fill" if re.search("[\ue001-\uf8ff]", cell.text) else "blank"
        if re.fullmatch(r"[^\s　]{1,16}[長者会][ 　]*(様|殿|宛て?|あて)", cell.text.strip()):
            return "note"
        if is_seal(cell.text):
            return "blank" if re.match(r"^[ 　]{4,}", cell.text) else "seal"
        if self.stars and said.startswith("※") and len(said) < 20:
            return "office"
        if is_office(cell.text) and not has_boxes(cell.text):
            return "fill" if self._only_ends_in_office(cell) else "office"
        if (
            _DONE.match(said) and len(said) <= 12 and not re.search(r"[ 　]{2}", cell.text.strip("\n"))
        ) or re.fullmatch(r"[0-9]{1,14}|[①-⑳]|No\.?\d*|\(\d+\)", said):
            return "fixed"
        if re.fullmatch(r"[0-9,]+(円|人|枚|通|件|%)", said):
            return "fixed"
        if _is_dotted_date(fold(cell.text)):
            return "blank"
        if _UNIT.match(fold(said)):
            return "unit"
        if self._ends_open(cell) or self._ends_in_a_name(cell):
            return "fill"
        if (
            names_parts(cell.text)
            and self._label_left(cell)
            and not self._opens(cell)
            and not self._one_of_persons(cell)
            and not self._names_whose(cell)
        ):
            return "fill"
        return self._kind_of_words(cell, said)

    def _kind_of_words(self, cell: Cell, said: str) -> str:
        """The kind of a cell in which something is printed that is no seal, no unit and not the office's."""
        if self._label_left(cell) and is_address_blank(cell.text.strip("\n").split("\n")[0]):
            return "fill"
        if re.search(r"..の(有無|要否|可否)$", said) and "\n" in cell.text.strip() and not has_boxes(cell.text):
            return "label"
        if all_options([one for one in re.split(r"[\s　・]+", cell.text.strip()) if one]):
            return "fill"
        if said in FIELD_WORD and "\n" not in cell.text.strip():
            # 「氏　　名」 is stretched, no room before a unit.
            return "label"
        if re.match(r"^(円|人|名|万円|千円|事業所|歳|㎡|台)\n", cell.text.strip(" 　")):
            return "unit"
        if (
            re.search(
                r"\S[ 　]{2,}(円|億円|万円|千円|人|名|㎡|部|通|枚|台|番地|番|号|地内|地先)[ 　]*([(（][^()（）]*[)）])?[ 　]*$",
                cell.text,
            )
            and "\n" not in cell.text.strip()
        ):
            return "fill"
        if self._label_left(cell) and len(_FROM_TO.findall(cell.text)) >= 2:
            return "fill"
        if self._label_left(cell) and len(said) <= 40 and len(_ROOMS.findall(fold(cell.text))) >= 2:
            return "fill"
        if self._label_left(cell) and len(said) <= 40 and _ROOM_FIRST.match(fold(cell.text)):
            return "fill"
        if self._label_left(cell) and all(_ROOM.match(fold(line)) for line in cell.text.split("\n") if plain(line)):
            return "fill"
        if self._label_left(cell) and (is_room_between(cell.text) or named_rooms(cell.strip)):
            return "fill"
        if re.search(r"(の別|の有無|の区分|の可否)(\(.*\))?$", said) and not has_boxes(cell.text):
            return "label"
        if self._is_question(cell):
            return "label"
        if has_blank(cell.strip):
            return "note" if self._sentence(cell) else "fill"
        if re.fullmatch(r".{0,3}(円|人|名|㎡|歳)", said) and cell.text[:1] in " 　":
            return "unit"
        if is_note(cell.text) and not self._asks(cell):
            return "note"
        return "label"

    def _only_ends_in_office(self, cell: Cell) -> bool:
        """「甲・乙　種　類／交付番号　　　」 right of a label: the second line names a number, the cell is no office's."""
        lines = [line for line in cell.text.split("\n") if plain(line)]
        return len(lines) > 1 and self._label_left(cell) and not is_office(lines[0]) and "　　　" in cell.text

    def _opens(self, cell: Cell) -> bool:
        """Whether the cell right of a label is one to write into, whatever is printed in it: 「〒」, 「年　月　日」, 「□同上」."""
        right = self.at.get((cell.row, cell.right))
        if right is None or not plain(right.text):
            return right is not None
        return plain(right.text).startswith(("〒", "□")) or any(
            one.kind in ("date", "phone") for one in tokens_of(right.text)
        )

    def _ends_open(self, cell: Cell) -> bool:
        """「フリガナ／氏　　名」 in a wide cell at the table's edge, behind the person it is about: the room is in the cell."""
        lines = [squeezed_text(line).strip(" 　") for line in cell.text.split("\n") if plain(line)]
        left, under = self.at.get((cell.row, cell.column - 1)), self.at.get((cell.bottom, cell.column))
        if cell.right < self.grid.width or cell.columns * 2 < self.grid.width or not 1 < len(lines) < 4:
            return False
        heads = under is not None and not plain(under.text) and under.columns == cell.columns
        return left is not None and bool(plain(left.text)) and not heads and all(map(is_field_word, lines))

    def _ends_in_a_name(self, cell: Cell) -> bool:
        """「　　　　　　　　電話番号」 in the last cell of a row, under the lines of an address: the room is behind the name."""
        left = self.at.get((cell.row, cell.column - 1))
        return (
            cell.right >= self.grid.width
            and left is not None
            and bool(plain(left.text))
            and re.match(r"[ 　]{6,}\S", cell.text) is not None
            and "\n" not in cell.text.strip("\n")
            and is_field_word(cell.text)
        )

    def _is_question(self, cell: Cell) -> bool:
        """「…病気でかかっていますか／病名（　　　）」 with はい・いいえ beside it: a label, whatever it asks on its own."""
        first = cell.text.strip("\n").split("\n")[0].strip(" 　")
        right = self.at.get((cell.row, cell.right))
        words = [one for one in re.split(r"[\s　・]+", right.text.strip()) if one] if right is not None else []
        return bool(re.search(r"か[。？?]?$", first)) and not has_boxes(cell.text) and all_options(words)

    def _only_hinted(self, cell: Cell, said: str) -> bool:
        """「（自署）」「（昼間に連絡のとれる番号）」 right of its label: a blank that says how to fill it in."""
        under = self.at.get((cell.bottom, cell.column))
        heads = under is not None and not plain(under.text) and under.columns == cell.columns
        inside = re.fullmatch(r"[(][^()0-9・□]{2,24}[)]", fold(said))
        if inside is None or heads or not self._label_left(cell) or is_seal(said) or has_blank(cell.strip):
            return False
        return not names_parts(cell.text) or bool(re.search(r"自署|署名", said))

    def _names_whose(self, cell: Cell) -> bool:
        """「代表者」 over 「住所」 with room right of it is one label, no list of two things to write."""
        lines = [line for line in cell.text.split("\n") if plain(line)]
        right = self.at.get((cell.row, cell.right))
        is_open = right is not None and (not plain(right.text) or plain(right.text).startswith("〒"))
        return (
            len(lines) == 2 and _PERSON.fullmatch(plain(lines[0])) is not None and is_field_word(lines[1]) and is_open
        )

    def _one_of_persons(self, cell: Cell) -> bool:
        """「父」「母」 side by side head two columns; 「自宅」 right of 「電話」 does not."""
        left = self.at.get((cell.row, cell.column - 1))
        return left is not None and names_parts(left.text) and "\n" not in left.text

    def _label_left(self, cell: Cell) -> bool:
        left = self.at.get((cell.row, cell.column - 1))
        under = self.at.get((cell.row, cell.right))
        return left is not None and bool(plain(left.text)) and (under is None or bool(plain(under.text)))

    def _sentence(self, cell: Cell) -> bool:
        tokens = [one for one in tokens_of(squeezed(cell.strip).text) if one.kind != "gap"]
        if len(re.findall(r"(?m)^[\s　]*(?:[0-9０-９]|[①-⑳]|[ア-コ])[\s.．、　)）]", cell.text)) >= 2:
            return False
        if len(re.findall(r"(?m)^[①-⑳0-9]{0,2}[.．]?[ 　]*[(（][ 　]+[)）]", cell.text)) >= 2:
            return False
        return (
            is_note(cell.text)
            and all(one.kind in ("bracket", "options") for one in tokens)
            and not has_boxes(cell.text)
        )

    def _asks(self, cell: Cell) -> bool:
        """A long text that still is a question: its first line is a label, or a blank stands right beside it."""
        first = next((line for line in cell.text.split("\n") if plain(line)), "")
        beside = self.at.get((cell.row, cell.right))
        under = self.at.get((cell.bottom, cell.column))
        open_beside = any(one is not None and (not plain(one.text) or has_boxes(one.text)) for one in (beside, under))
        return (not is_note(first) and "\n" in cell.text.strip()) or open_beside

    def _printed_choices(self, cell: Cell) -> None:
        """Printed words right of a label that are choices to circle: 「1 普通 2 当座」."""
        left, right = self.left(cell), self.right(cell)
        if self._choices_under(cell) or self._numbered_under(cell):
            self.kind[id(cell)] = "fill"
            return
        if cell.text.rstrip(" 　").endswith("\n\n") and not re.search(r"[・/]|[1①]\D+[2②]\D", fold(cell.text)):
            # 「施設の名称、屋号又は商号」 over empty lines: a name with room under it.
            return
        if self.of(left) != "label" or left is None or self.of(right) in ("blank", "unit") or is_field_word(cell.text):
            return
        if right is not None and not plain(right.text):
            # A field of the file itself: this is its name.
            return
        if self.kind[id(cell)] == "fill" or (self.of(right) == "label" and right is not None and self._heads(right)):
            return
        if (
            left.rows > cell.rows
            and right is None
            and re.fullmatch(r"[^・/0-9①-⑳ア-コ□○]*、[^・/□○]*", plain(cell.text))
        ):
            # 「施設の名称、屋号又は商号」 behind the heading of a whole section names what goes into its own cell.
            return
        if read_circles(squeezed(cell.strip), clean_label(left.text)[0], clean_label(left.text)[1]):
            self.kind[id(cell)] = "fill"

    def _repeated_choices(self, cell: Cell) -> bool:
        """「同・別」 in one row after the other: words to circle in each."""
        said = plain(cell.text)
        if not re.search("[・/]", said) or max(map(len, re.split("[・/]", said))) > 8:
            return False
        return self._repeated(cell)

    def _repeated(self, cell: Cell) -> bool:
        """Whether the same words stand right over or under a cell."""
        said = plain(cell.text)
        near = (self.above(cell), self.below(cell))
        return any(
            one is not None and plain(one.text) == said and (one.column, one.columns) == (cell.column, cell.columns)
            for one in near
        )

    def _counts(self, cell: Cell) -> bool:
        """「組」 in every row under a heading is what stands behind the number."""
        above, below = self.above(cell), self.below(cell)
        over = above is not None and self.of(above) in ("label", "unit")
        again = below is not None and plain(below.text) == plain(cell.text)
        return over and above is not None and (plain(above.text) == plain(cell.text) or again)

    def _choices_under(self, cell: Cell) -> bool:
        """「取壊・焼失・その他」 in every row under one heading: a column of words to circle."""
        above = self.above(cell)
        if above is None or self.is_value(self.right(cell)) or not self.is_value(self.left(cell)):
            return False
        if plain(above.text) != plain(cell.text) and self.of(above) != "label":
            return False
        words = [plain(one) for one in fold(cell.text).split("・")]
        below = self.below(cell)
        same = any(one is not None and plain(one.text) == plain(cell.text) for one in (above, below))
        short = len(words) >= 3 and max(map(len, words)) <= 5 and same
        return all_options(words) or short or (len(words) >= 3 and words[-1] == "その他")

    def _numbered_under(self, cell: Cell) -> bool:
        """「１普通預金／２当座預金／３その他」 under 「種目」: lines with rising numbers to circle."""
        above = self.above(cell)
        lines = [plain(line) for line in cell.text.split("\n") if plain(line)]
        if above is None or self.of(above) != "label" or (above.column, above.columns) != (cell.column, cell.columns):
            return False
        numbers = [re.match(r"[(]?([1-9])[).]?[^0-9年月日]{2,10}$", line) for line in lines]
        return len(lines) >= 2 and [one and int(one[1]) for one in numbers] == list(range(1, len(lines) + 1))

    def choices_behind(self, cell: Cell) -> bool:
        """「車道・歩道・その他」 right of a blank that has its label: words to circle, about what the row is about."""
        left = self.left(cell)
        if self.of(left) != "blank" or left is None or self.is_value(self.right(cell)) or "\n" in cell.text.strip():
            return False
        under = self.below(cell)
        heads = under is not None and self.is_value(under) and (under.column, under.right) == (cell.column, cell.right)
        if self.of(self.left(left)) != "label" or heads:
            return False
        words = [plain(one) for one in fold(cell.text).strip("() 　").split("・")]
        return all_options(words) or (len(words) >= 3 and words[-1] == "その他" and max(map(len, words)) <= 8)

    def _heads(self, cell: Cell) -> bool:
        under = self.below(cell)
        return under is not None and not plain(under.text) and self.right(cell) is None

    def _label_with_options(self, cell: Cell) -> None:
        """「障害の有・無」 with a blank beside it is a label."""
        tokens = [one for one in tokens_of(squeezed(cell.strip).text) if one.kind != "gap"]
        beside = self.right(cell)
        first, _, rest = cell.text.strip().partition("\n")
        spares = r"[\s　]*[(（][ 　]*□[^□]*[)）][\s　]*|[\s　]*□[^□\n]{1,12}(同じ|同上|同一)[\s　]*"
        if plain(first) and not has_boxes(first) and re.fullmatch(spares, fold(rest)):
            # 「届出人（□所有者と同じ）」 names who is meant; the box only spares writing.
            self.kind[id(cell)] = "label"
            return
        if not tokens or any(one.kind not in ("options", "bracket") for one in tokens) or has_boxes(cell.text):
            return
        words = plain(cell.text[: tokens[0].start])
        if beside is not None and not plain(beside.text) and len(words) >= 2 and self.of(self.left(cell)) != "label":
            self.kind[id(cell)] = "label"
