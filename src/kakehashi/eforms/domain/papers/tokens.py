"""Blanks inside of text: date blanks, brackets, underlines, dotted leaders, telephone hyphens, units, circled choices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kakehashi.eforms.domain.papers.words import OPTION_WORDS, fold

__all__ = ["BOX", "CONNECTORS", "UNIT", "UNITS", "Token", "is_address_blank", "is_room_between", "tokens_of"]

CONTROL = "[\ue000-\uf8ff]"
BOX = "□"
_F = "[ 　\t_\ue000-\uf8ff…‥○●]"  # what may fill a blank
_FB = "[ 　\t_\ue000-\uf8ff…‥()○●\n]"
_ERA = r"(?:(?:令和|平成|昭和|大正|明治|西暦|[令平昭大明](?=[ 　]*[・/、,年\n令平昭大明]|[ 　]{2})|[RHSTM](?=[ 　]*[・/.、,]|[ 　]+年|[ 　]{2}))[ 　\n]*[・/、,.]?[ 　\n]*)"
_DATE = (
    rf"\(?{_ERA}*\)?{_FB}*(?P<year>年)(?P<m>{_FB}+)(?P<month>月)(?P<d>{_FB}*)(?P<day>日)生?(?:[ 　]*\({_F}*曜?日?\))?"
)
_YEARMONTH = rf"(?P<ym>(?:{_ERA}+{_FB}*|{_FB}+)年{_FB}+月(?!日)(?:分)?)"
_MONTHDAY = rf"(?P<md>{_F}+月{_F}+日(?:[ 　]*\({_F}*曜?日?\))?)"
_YEAR = rf"(?P<year_only>{_ERA}+{_F}+年度?(?!{_FB}*月))"
_TIME = rf"(?P<time>(?:\(?(?:午前|午後|AM|PM)(?:[ 　]*[・/][ 　]*(?:午前|午後|AM|PM))?\)?)?{_FB}+(?:時(?!間)(?:{_F}+分)?|:{_F}+))"
_PHONE = rf"(?P<phone>{_F}*\({_F}*\){_F}*-{_F}*|{_F}+\({_F}*\){_F}+-?{_F}*|{_F}+-{_F}+-{_F}*|-[ 　]{{1,}}-|\({_F}*-{_F}*-{_F}*\))"
_POST = rf"(?P<post>〒{_F}*+(?:-{_F}*)?(?![0-9])|\(〒{_F}*-?{_F}*\))"
_UNIT = r"(?:級|円|百万円|千円|万円|人|名|㎡|m2|台|部|通|枚|件|歳|回|日間|時間|箇所|本|個|冊|匹|頭|戸|室|%|張|脚|組|式|点|L|kg)"
_BRACKET = rf"(?P<bracket>[(〔\[「『【<](?:約|金|満|延べ|第)?{_F}{{1,}}{_UNIT}?[)〕\]」』】>])"
_LINE = rf"(?P<line>[ 　_]{{2,}}@[ 　_]*|(?:_{{2,}}|[…‥]{{2,}}|[・.]{{5,}}|{CONTROL})(?:[ 　]*(?:_{{2,}}|[…‥]+|[・.]{{4,}}|{CONTROL}))*)"
_WORDS = "|".join(sorted(map(re.escape, OPTION_WORDS), key=len, reverse=True))
_DETAIL = rf"(?:\((?:[^()□]*?{_F}[^()□]*?)\))?"
_OPTIONS = rf"(?P<options>(?:{_WORDS}){_DETAIL}(?:[ 　]*[・/|][ 　]*(?:{_WORDS}){_DETAIL})+)"
_IN = r"[^〔〕\[\]・/()_\ue000-\uf8ff\n]{1,14}"
_SAID = r"[^\s　〔〕\[\]・/()_、。\ue000-\uf8ff]{1,12}"
_CHOSEN = rf"(?P<chosen>[〔\[]{_IN}{_DETAIL}[ 　]*(?:[・/]{_IN}{_DETAIL}[ 　]*)+[〕\]]|\([ 　]+{_SAID}(?:[ 　]*[・/][ 　]*{_SAID})+[ 　]+\)|\([ 　]*(?:{_WORDS})(?:[ 　]+(?:{_WORDS}))+[ 　]*\))"
# 「身長　　　．　cm」: the point of a decimal is printed.
_GAP = r"(?P<gap>[ 　\t]*(?:　{2,}|[ ]{4,}|\t)[ 　\t]*(?:\.[ 　]+(?=cm|mm|m(?![a-z])|kg|g(?![a-z])|℃|%))?)"
_TOKEN = re.compile(
    "|".join(
        (
            rf"(?P<date>{_DATE})",
            _YEARMONTH,
            _MONTHDAY,
            _YEAR,
            _POST,
            _TIME,
            _CHOSEN,
            _OPTIONS,
            _PHONE,
            _BRACKET,
            _LINE,
            _GAP,
        )
    )
)
CONNECTORS = re.compile(
    r"^[\s　()\[\]〔〕・,、:/~\-.]*(?:金|第|約|計|から|より|まで|〒|あと|延べ?|のべ|自|至|令和|平成|昭和|No\.?|¥|他|外)?[\s　()\[\]〔〕・,、:/~\-.]*$"
)
UNIT = r"(百万円|cc|㎜|㎝|㎏|脚|張|足|着|膳|双|缶|袋|束|曲|kW|円|千円|万円|億円|人|名|㎡|m2|m²|平方メートル|平米|km|㎞|cm|mm|m|台|部|通|枚|件|歳|才|回|日間|時間|分間|箇所|か所|ヶ所|カ所|頭|匹|羽|kg|g(?![a-z])|t(?![a-z])|%|パーセント|戸|室|か月|ヶ月|カ月|週間|週|本(?![人籍店社庁町村市年会校来])|個(?!人)|冊|世帯|番地|階|坪|ha|L|リットル|立方メートル|m3|㎥|年間|年度|造(?![^ 　])|学年|年生|年(?!月)|日(?!中)|組|号室|号|畳|区画|基|棟|事業所|店舗|店(?!名)|期|泊|口|点|級|℃|度|階(?!数)|年頃|頃|年生|小学校|中学校|高等学校|高校|保育[所園]|幼稚園|こども園|病院|医院|クリニック|自治会|町内会|地区|団地)"
UNITS = re.compile(rf"^[ 　]*{UNIT}")


_PLACE = r"(?:大字|字|町|丁目|番地の|番地先|番地|番|号室|号|地先|地内|町内|街区|区|の|-)"
# Nothing is tried a second way: papers come from anybody, and a line of three thousand blanks must cost nothing.
_ADDRESS = re.compile(
    rf"[ 　]*+(?>[一-龥ぁ-んァ-ヶ]{{1,8}}[都道府県市区町村郡])*+(?:[ 　_]*+(?>{_PLACE}))++[ 　_]*+(?:外[ 　]*+筆)?[ 　]*+"
)
_ROOM_BEFORE_PLACE = re.compile(rf"[ 　_]{{2}}{_PLACE}")


def is_address_blank(line: str) -> bool:
    """「ひばり市　　　町　　丁目　　番　　号」: an address in parts."""
    text = fold(line)
    if _ADDRESS.fullmatch(text) is None or _ROOM_BEFORE_PLACE.search(text) is None:
        return False
    return bool(set(re.findall(_PLACE, text)) - {"の", "-", "号", "区"})


_BETWEEN = re.compile(r"[^\s　()0-9・:]{0,8}[ 　]{3,}+[^\s　()・:]{1,6}[ 　]*")

# 「　　　　区　　　　班」: room before each of the words.
_ROOMS = re.compile(r"(?:[ 　]{2,}+[^\s　()・:0-9]{1,4}){2,}[ 　]*")


def is_room_between(text: str) -> bool:
    """「みさき市　　　　墓地」 alone in a cell: what belongs into the room is the answer."""
    if "\n" in text.strip() or re.fullmatch(r"[ 　]{0,2}[^\s　第約満][ 　]+[^\s　][ 　]*", text.rstrip("\n")):
        # 「規　　　模」 is one stretched word.
        return False
    return any(one.fullmatch(text.rstrip("\n")) for one in (_BETWEEN, _ROOMS))


@dataclass(frozen=True)
class Token:
    """One blank: its kind and where it stands."""

    kind: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The blanks of one line (or of a cell), from left to right; a birthday's word 「生年月日」 is none."""
    folded, found, at = fold(text), [], 0
    while match := _TOKEN.search(folded, at):
        kind = next(name for name in _KINDS if match[name] is not None)
        start, end = match.span()
        if kind == "date" and not _is_date_blank(match):
            # Only the word 年月日: look on behind it.
            at = match.start("year") + 1
            continue
        if start == end:
            at = end + 1
            continue
        found.append(Token("options" if kind == "chosen" else kind, start, end))
        at = end
    return found


_KINDS = ("date", "ym", "md", "year_only", "time", "phone", "post", "bracket", "line", "options", "chosen", "gap")


def _is_date_blank(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 1) : match.start()]
    inside = match[0]
    if re.match(r"\(?[ 　]*(?:[明大昭平令][ 　]*[・/、,][ 　]*)+[明大昭平令]", inside):
        # 「大・昭・平　年　月　日」: eras to circle stand before a blank only.
        return True
    if before == "生" or (
        re.search(r"年[ 　]?月[ 　]?日", inside) and not re.search(r"令和|平成|昭和|西暦|[ 　]{2}", inside)
    ):
        # 「年 月 日」 with single spaces alone in its place is a blank, after a word it is a label.
        return not before.strip() and (" " in inside.strip() or (inside[:1] in (" ", "　") and "　" in inside.strip()))
    return True
