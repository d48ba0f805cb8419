"""Questions inside of a text: a value cell, a cell with its label inside, or a line outside of every table."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.blanks import merged, question_of
from kakehashi.eforms.domain.papers.boxes import has_boxes, read_boxes, read_circles, read_numbered_line
from kakehashi.eforms.domain.papers.details import labelled_blanks, named_rooms
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.lines import PLACE_NOUN, SHAPED, WHICH, Around, LineReader
from kakehashi.eforms.domain.papers.model import Strip
from kakehashi.eforms.domain.papers.spreading import squeezed
from kakehashi.eforms.domain.papers.tokens import UNIT, is_address_blank, tokens_of
from kakehashi.eforms.domain.papers.words import (
    OPTION_WORDS,
    clean_label,
    fold,
    is_field_word,
    plain,
)

__all__ = ["Around", "has_blank", "names_parts", "read_strip", "squeezed"]


def has_blank(strip: Strip) -> bool:
    """Whether a text holds anything to fill in or to mark, wide gaps not counted."""
    if not strip.text.strip(" 　\n\t"):
        return True
    if (
        re.search(r"[^\s　:：]{2,12}[:：][ 　]{2,}\S|[^\s　:：]{2,12}[:：][ 　]*$", strip.text)
        and len(strip.text.strip()) < 60
    ):
        return True
    return has_boxes(strip.text) or any(token.kind != "gap" for token in tokens_of(squeezed(strip).text))


def names_parts(text: str) -> bool:
    """Whether a value cell only names what goes where: 「自宅　　　携帯」, 「氏名／電話／E-mail」 line by line."""
    apart = [plain(one) for one in re.split(r"[　 ]{4,}", text.strip(" 　"))]
    if len(apart) > 1 and all(PLACE_NOUN.fullmatch(one) for one in apart):
        return True
    parts = [plain(one).strip("()") for one in re.split(r"[\n\t]|[　 ]{2,}|[:：]", text) if plain(one)]
    return (
        bool(parts)
        and all(WHICH.match(one) or is_field_word(one) for one in parts)
        and (len(parts) > 1 or bool(WHICH.match(parts[0])))
    )


def read_strip(strip: Strip, around: Around) -> list[Question]:
    """Every question in a text, in reading order."""
    strip = squeezed(strip)
    if around.is_cell and around.choices:
        return [_listed(strip, around)]
    if has_boxes(strip.text) and around.is_cell and (beside := _fields_under_boxes(strip, around)):
        return beside
    if has_boxes(strip.text):
        before, strip = _before_boxes(strip, around)
        rest = [*before, *read_boxes(strip, around.paper, around.label, around.help)]
        for one in rest:
            one.group = one.group or around.group
            if set(one.options) == {"午前", "午後"} and one.label == around.label and rest[0] is not one:
                one.label = f"{one.label}（午前・午後）"
        return rest
    if (
        around.is_cell
        and type_of_label(around.label)[0] == "phone"
        and re.fullmatch(r"[\s　①②③()\-_]*[(][\s　_]+[)][\s　\-_]*", fold(strip.text))
    ):
        marks = [Mark.of(strip.places)]
        return [Question(around.label, "phone", around.group, confidence=0.85, why="電話番号の空欄", marks=marks)]
    if around.is_cell and around.label and (place := _address_in_parts(strip, around)):
        return place
    if around.is_cell and (two := _two_in_one(strip, around)):
        return two
    if around.is_cell and around.label and (room := _room_before_options(strip, around)):
        return room
    if around.is_cell and around.label and (room := _room_before_unit(strip, around)):
        return room
    if around.is_cell and named_rooms(strip):
        return labelled_blanks(strip, around.label, around.label)
    if around.is_cell and (labelled := _labelled_lines(strip, around)):
        return labelled
    if around.is_cell and around.label and (both := _kind_and_phone(strip, around)):
        return both
    if around.is_cell and around.label:
        own, behind = _own_label(strip)
        if own and own != around.label and (circled := read_circles(behind, own, "")):
            for one in circled:
                one.group = around.label
            return circled
        circled = read_circles(strip, around.label, around.help)
        if circled:
            for one in circled:
                one.group = around.group
            return circled
    asked = re.fullmatch(r"[\s　]*[(]([^():・\s　]{2,12}):([^():□_]+[・/][^():□_]+)[)][\s　]*", fold(strip.text))
    if asked is not None and not around.is_cell:
        # 「（雨天の場合：順延　・　中止）」
        return read_circles(strip.cut(asked.start(2), asked.end(2)), asked[1], "○")
    if not around.is_cell and (numbered := read_numbered_line(strip)):
        return numbered
    found: list[Question] = []
    strip = _unbroken(strip) if around.is_cell else strip
    whole = tokens_of(strip.text)
    if around.is_cell and len([one for one in whole if one.kind == "date"]) == 1 and "\n" in strip.text:
        # 「昭和・平成」 and 「年 月 日」 often stand on two lines of one cell.
        date = next(one for one in whole if one.kind == "date")
        if "\n" in strip.text[date.start : date.end].strip("\n"):
            if not re.sub(r"[\s　]", "", strip.text[: date.start] + strip.text[date.end :]):
                return [question_of(strip, date, around.label, around.paper, around.group, "")]
        # 「明・大・昭」 over 「年　月　日（　歳）」: the break inside of the date is none.
        year = strip.text.index("年", date.start)
        text = strip.text[: date.start] + strip.text[date.start : year].replace("\n", "　") + strip.text[year:]
        strip = Strip(text, strip.places)
    for line in strip.lines():
        for part in _digit_choices(line, around):
            if isinstance(part, Question):
                found.append(part)
            else:
                found += LineReader(part, around, found).read()
    return merged(found)


def _address_in_parts(strip: Strip, around: Around) -> list[Question]:
    """「ひばり市　　町　　丁目　　番　　号」 and what the lines under it ask."""
    first, *rest = strip.lines()
    if (
        not is_address_blank(first.text)
        or re.search(r"番号", around.label)
        or type_of_label(around.label)[0] not in ("address", "text")
    ):
        return []
    question = Question(
        around.label,
        "address",
        around.group,
        help=around.help,
        confidence=0.85,
        why="町名・番地の空欄",
        marks=[Mark.of(first.places)],
    )
    found: list[Question] = []
    for line in rest:
        found += LineReader(line, around, found).read()
    return [question, *(one for one in merged(found) if one.label != around.label)]


def _two_in_one(strip: Strip, around: Around) -> list[Question]:
    """「年齢・性別」 with 「　　歳　　男・女」 beside it: two answers, each with its own half of the label."""
    labels = re.fullmatch(r"([^・]{1,10})・([^・]{1,10})", plain(around.label))
    parts = re.fullmatch(rf"([ 　]{{2,}}{UNIT})[ 　]+(\S.*)", fold(strip.text))
    if labels is None:
        return []
    own = [Around(around.paper, label=label, group=around.group, is_cell=True) for label in labels.groups()]
    dates = [one for one in tokens_of(strip.text) if one.kind == "date"]
    room = len(strip.text) - len(strip.text.lstrip(" 　"))
    if (
        len(dates) == 1
        and room >= 10
        and room >= dates[0].start
        and type_of_label(labels[2])[0] in ("date", "birth_date")
    ):
        # 「氏名・生年月日」 with 「　　　　　　　年　月　日」 beside it: the room before the day is the name's.
        type_, settings, sure = type_of_label(labels[1])
        first = Question(labels[1], type_, around.group, confidence=sure - 0.1, why="空白", settings=settings)
        first.marks = [Mark.of(strip.places[: room - 6])]
        return [first, *read_strip(strip.cut(room - 6), own[1])]
    if parts is None or dates:
        return []
    return [*read_strip(strip.cut(0, parts.end(1)), own[0]), *read_strip(strip.cut(parts.end(1)), own[1])]


def _fields_under_boxes(strip: Strip, around: Around) -> list[Question]:
    """「□使用者と同じ／住所　　　／氏名　　　　電話　　」: a box that spares writing, over the lines that ask."""
    lines = [line for line in strip.lines() if plain(line.text)]
    asking = [
        line
        for line in lines
        if not has_boxes(line.text) and is_field_word(re.split(r"[ 　:：(（〒]", line.text.strip(" 　"), maxsplit=1)[0])
    ]
    boxes = [line for line in lines if has_boxes(line.text)]
    if not asking or len(asking) + len(boxes) < len(lines):
        return []
    own = Around(around.paper, label=around.label, group=around.group, is_cell=True)
    asked = merged([one for line in asking for one in LineReader(line, own, []).read()])
    if not asked or any(one.label == around.label for one in asked):
        return []
    spares = all(re.match(r"[\s　]*□[^□]{0,16}(同じ|同上|同一)", fold(line.text)) for line in boxes)
    ticked = [] if spares else read_boxes(Strip.join(boxes, "\n"), around.paper, around.label, around.help)
    for one in ticked:
        one.group = one.group or around.group
    return [*ticked, *asked]


def _own_label(strip: Strip) -> tuple[str, Strip]:
    """「預金種別　　１ 普通　２ 当座」: the words to circle have their own label in front of them, in the same cell."""
    match = re.match(r"[\s　]*([^\s　0-9・()]{2,8})[ 　]{2,}(?=[1①])", fold(strip.text))
    if match is None or not is_field_word(match[1]) or "\n" in strip.text.strip():
        return "", strip
    return clean_label(match[1])[0], strip.cut(match.end())


def _kind_and_phone(strip: Strip, around: Around) -> list[Question]:
    """「自宅・携帯・その他（　　）／　　－　　－」 beside 「電話番号」: the number, and whose it is."""
    lines = [line for line in strip.lines() if plain(line.text)]
    if len(lines) != 2 or type_of_label(around.label)[0] != "phone":
        return []
    number = [one for one in tokens_of(lines[1].text) if one.kind == "phone"]
    kinds = read_circles(lines[0], f"{around.label}の種別", "")
    if len(number) != 1 or plain(lines[1].text).strip("-－ー―()（）") or not kinds:
        return []
    marks = [Mark.of(lines[1].places)]
    own = Question(around.label, "phone", around.group, help=around.help, confidence=0.85, marks=marks)
    own.why = "電話番号の空欄"
    for one in kinds:
        one.group = one.group or around.group
    return [own, *kinds]


def _room_before_options(strip: Strip, around: Around) -> list[Question]:
    """「　　　　　　（　男　・　女　）」 beside 「氏名」: room for the name, and a choice of its own."""
    match = re.fullmatch(r"[ 　]{6,}[(〔]?[ 　]*男性?[ 　]*[・/][ 　]*女性?[ 　]*[)〕]?[ 　]*", fold(strip.text))
    if match is None or re.search(r"性別|男女", around.label):
        return []
    type_, settings, sure = type_of_label(around.label)
    at = fold(strip.text).find("男")
    own = Question(around.label, type_, around.group, help=around.help, confidence=sure, why="空白", settings=settings)
    own.marks = [Mark.of(strip.places[: at - 1])]
    sex = Around(around.paper, label="性別", group=around.group or around.label, is_cell=True)
    return [own, *read_circles(strip.cut(at, strip.text.rfind("女") + 1), sex.label, "")]


def _room_before_unit(strip: Strip, around: Around) -> list[Question]:
    """「　　　　　　（　　級）」 beside 「障害名」: room for the words, and a number in brackets."""
    match = re.fullmatch(rf"([ 　]{{4,}})[(]([ 　]{{2,}}{UNIT})[)][ 　]*", fold(strip.text).rstrip("\n"))
    label = re.fullmatch(r"(.+?)[(（](.+)[)）]", around.label)
    if match is None:
        return []
    name, inside = (label[1], label[2]) if label else (around.label, "")
    type_, settings, sure = type_of_label(name)
    if type_ not in ("text", "name", "address"):
        return []
    marks = [Mark.of(strip.places[: match.end(1)])]
    own = Question(
        name, type_, around.group, help=around.help, confidence=sure, why="空白", settings=settings, marks=marks
    )
    unit = match[3]
    kind, settings, sure = type_of_label(inside or name, unit)
    marks = [Mark.of(strip.places[match.start(2) : match.start(3)])]
    number = Question(
        inside or f"{name}（{unit}）",
        kind,
        around.group,
        confidence=sure - 0.1,
        why="かっこの空欄",
        settings=settings,
        marks=marks,
    )
    return [own, number]


def _before_boxes(strip: Strip, around: Around) -> tuple[list[Question], Strip]:
    """「希望日　　月　　日　時間帯　□午前　□午後」 on one line: what is asked before the label of the boxes, and the rest."""
    box = fold(strip.text).find("□")
    blanks = [one for one in tokens_of(strip.text) if one.kind in SHAPED and one.end <= box]
    if around.is_cell or "\n" in strip.text or not blanks or not plain(strip.text[blanks[-1].end : box]).strip("()・"):
        return [], strip
    return merged(LineReader(strip.cut(0, blanks[-1].end), around, []).read()), strip.cut(blanks[-1].end)


def _labelled_lines(strip: Strip, around: Around) -> list[Question]:
    """「アレルギー　有・無（　　）」「平熱　　℃」「かかりつけ医（　　）」: every line of the cell begins with its own label."""
    lines = [line for line in strip.lines() if plain(line.text)]
    found: list[Question] = []
    if len(lines) < 2:
        return []
    for line in lines:
        begins = re.match(r"[\s　]*([^\s　()（）0-9０-９:：・_]{2,12})(?=[ 　:：(（])", line.text)
        if begins is None or WHICH.match(begins[1]) or _DIGITS.search(fold(line.text)):
            return []
        if begins[1] in OPTION_WORDS or not any(one.start >= begins.end() for one in tokens_of(line.text)):
            return []
        own = Around(around.paper, label=clean_label(begins[1])[0], group=around.label or around.group, is_cell=True)
        rest = line.cut(begins.end())
        asked = read_strip(rest, own)
        if not asked:
            return []
        if all(one.label != own.label for one in asked) and (room := re.match(r"[ 　]{3,}", rest.text)):
            # 「品目　　　　数量　　個」: the first blank is the line's own.
            type_, settings, sure = type_of_label(own.label)
            marks = [Mark.of(rest.places[: room.end()])]
            asked.insert(
                0,
                Question(
                    own.label, type_, own.group, confidence=sure - 0.1, why="空白", settings=settings, marks=marks
                ),
            )
        found += asked
    return found


_DIGITS = re.compile(
    r"(?P<label>[^\s　0-9・/:_()\ue000-\uf8ff]{2,12})[ 　:]+(?P<digits>1(?:[ 　・]+[2-9])+)(?![ 　]*[0-9.、)円年月日人])"
)


def _digit_choices(line: Strip, around: Around) -> list[Question | Strip]:
    """「要介護　1　2　3　4　5」: printed numbers to circle; what stands between is read on."""
    parts: list[Question | Strip] = []
    at = 0
    for match in _DIGITS.finditer(fold(line.text)):
        digits = [one for one in re.split("[ 　・]+", match["digits"]) if one]
        if not around.is_cell or digits != [str(number) for number in range(1, len(digits) + 1)]:
            continue
        parts.append(line.cut(at, match.start()))
        label, help_ = clean_label(match["label"])
        starts = [match.start("digits") + match["digits"].index(digit) for digit in digits]
        marks = [Mark.of(line.places[start : start + 1], f"option:{number}") for number, start in enumerate(starts)]
        group = around.label or around.group
        parts.append(
            Question(label, "choice", group, digits, help=help_, confidence=0.8, why="○で囲む選択肢", marks=marks)
        )
        at = match.end()
    return [*parts, line.cut(at)]


def _unbroken(strip: Strip) -> Strip:
    """A cell of a PDF may break inside of a date: lines are joined where that gives more dates than the lines have."""
    if "\n" not in strip.text:
        return strip
    parts = [sum(one.kind == "date" for one in tokens_of(line.text)) for line in strip.lines()]
    joined = Strip.join(strip.lines())
    dates = [one for one in tokens_of(joined.text) if one.kind == "date"]
    return joined if len(dates) > sum(parts) and len(dates) > 1 else strip


def _listed(strip: Strip, around: Around) -> Question:
    label = around.label or "選択"
    marks = [Mark.of(strip.places)] if strip.places else []
    return Question(
        label,
        "choice",
        around.group,
        list(around.choices),
        help=around.help,
        confidence=0.95,
        why="入力規則",
        marks=marks,
    )
