"""One line of a text, or of a cell: its blanks with the words before them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kakehashi.eforms.domain.papers.banks import HOUSES_AND_BRANCHES
from kakehashi.eforms.domain.papers.blanks import marks_of, name_period, question_of
from kakehashi.eforms.domain.papers.details import labelled_blanks
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Control, Paper, Strip
from kakehashi.eforms.domain.papers.tokens import CONNECTORS, UNIT, UNITS, Token, tokens_of
from kakehashi.eforms.domain.papers.words import (
    OPTION_WORDS,
    clean_label,
    fold,
    is_field_word,
    is_group_word,
    is_note,
    is_office,
    is_seal,
    plain,
)

__all__ = ["ASKED_FOR", "PLACE_NOUN", "SHAPED", "WHICH", "Around", "LineReader"]

_SEAL_END = re.compile(r"^[ 　\t]*[(（]?(印|㊞|実印)[)）]?")


WHICH = re.compile(
    r"^(自宅|携帯|勤務先|勤務|日中|昼間|夜間|昼|夜|父|母|会社|本人|緊急|固定|職場|事務所|ファックス|FAX|(父|母|本人|保護者)の?(自宅|携帯|勤務先|職場))$"
)
_FROM_OR_TO = re.compile(r"[^\s　・()]{0,6}(から|まで)(?=[ 　\n]|$)")
PLACE_NOUN = re.compile(r"[一-龥ぁ-んァ-ヶー]{1,5}[地先名者所号日額]")


_ORDINAL = re.compile(r"第[1-9一二三四五](希望|候補|順位|志望)")


def _lone_noun(before: str, after: str) -> bool:
    """「主な行き先　　　　　　」: a short name and room to the end of the line."""
    said = plain(before)
    return (
        not plain(after)
        and 2 <= len(said) <= 12
        and not re.search(r"[0-9。、:()をはがにで※]|[書欄表記様殿名簿]$|式第", said)
    )


# 「　年　月　日付け第　　号で交付決定のあった」: the day and the number of an earlier paper.
_DATED_PAPER = re.compile(
    r"付け?(?:.{0,8}第[ 　]*号)?(?:により|で|をもって|の)?(交付決定|許可|承認|認定|通知|指令|決定|届出|確認)"
)
_NUMBERED_PAPER = re.compile(r"号(?:により|で|をもって|の)?(交付決定|許可|承認|認定|通知|指令|決定|届出|確認)")
_ERAS = frozenset({"西暦", "令和", "平成", "昭和", "大正", "明治"})
_TOWN = re.compile(r"(\S{2,3}[都道府県])?\S{1,8}[市区町村郡](大?字)?")


@dataclass
class Around:
    """What is known where a text stands: the label left or above of its cell, and what group it belongs to."""

    paper: Paper
    label: str = ""
    help: str = ""
    group: str = ""
    is_cell: bool = False
    choices: tuple[str, ...] = ()
    rule: str = ""
    seen_groups: list[str] = field(default_factory=list)


# What a request can be about a thing that is there already, or not yet.
ASKED_FOR = {"新規", "更新", "変更", "継続", "再交付", "廃止", "追加", "中止", "再開", "開始", "休止"}
SHAPED = ("date", "ym", "md", "year_only", "time", "post", "phone", "line")


def _is_short(after: str) -> bool:
    """「円」 and 「円（購入価格の２分の１）」: a unit, however long the note behind it."""
    return len(plain(re.sub(r"[(（][^()（）]*[)）]", "", after))) <= 8


def _words(text: str) -> set[str]:
    return {plain(word).strip("()") for word in re.split(r"[・/|]", fold(text))}


class LineReader:
    """Reads one line; ``before`` are the questions that were found in the lines over it."""

    def __init__(self, line: Strip, around: Around, before: list[Question]) -> None:
        self.line, self.around, self.before = line, around, before
        self.text = line.text
        self.tokens = tokens_of(line.text)
        self.found: list[Question] = []
        self.last_end = 0
        self.group = around.group

    def read(self) -> list[Question]:
        """The questions of the line."""
        cursor = self._leading_group()
        for index, token in enumerate(self.tokens):
            following = self.tokens[index + 1].start if index + 1 < len(self.tokens) else len(self.text)
            if token.kind == "gap" and not self._gap_is_blank(token, cursor, following):
                self._note_group(self.text[cursor : token.start])
                directly = (
                    index + 1 < len(self.tokens) and self.tokens[index + 1].kind == "line" and following == token.end
                )
                if is_group_word(self.text[cursor : token.start]) and not directly:
                    cursor = token.end
                continue
            label = self._label(self.text[cursor : token.start], token)
            after = self.text[token.end : following]
            if label is None:
                cursor = token.end
                continue
            self._add(token, label, after, self.text[cursor : token.start])
            unit = (token.kind == "gap" and _FROM_OR_TO.match(after)) or UNITS.match(fold(after))
            cursor = token.end + (unit.end() if unit else 0)
        self._tail(self.text[cursor:], cursor)
        return self.found

    def _leading_group(self) -> int:
        """「申請者　住所」: the person first, then what is asked of him."""
        match = re.match(r"^[ 　\t]*([^ 　\t_\ue000-\uf8ff]{1,14})[ 　\t]+(?=\S)", self.text)
        if match is None or (self.around.is_cell and self.around.label):
            return 0
        if not is_group_word(match[1]) and not re.fullmatch(r"[一-龥]{2,8}者", match[1]):
            return 0
        following = [one for one in self.tokens if one.start < match.end()]
        if following and following[0].kind != "gap":
            return 0
        rest = re.split(r"[ 　\t]{2,}", self.text[match.end() :].strip(" 　\t"))[0]
        if match.end() - match.end(1) >= 6 and is_field_word(match[1]) and type_of_label(rest)[0] in ("phone", "email"):
            # 「担当者　　　　　　　　電話　　　」: the room is for his name.
            return 0
        if not (
            is_field_word(rest)
            or any(is_field_word(one) for one in re.split(r"[ 　\t:_\ue000]", rest)[:1])
            or rest[:1] in "〒("
        ):
            return 0
        self.group = clean_label(match[1])[0]
        return match.end()

    def _note_group(self, text: str) -> None:
        if is_group_word(text):
            self.group = clean_label(text)[0]

    def _gap_is_blank(self, token: Token, cursor: int, following: int) -> bool:
        before = self.text[cursor : token.start]
        after = self.text[token.end : following]
        last = re.split(r"[　 ]{2,}|[。、]", before)[-1]
        if self._keeps_apart(token, last, after, following):
            return False
        if self.around.is_cell and self.around.label and not plain(before) and _FROM_OR_TO.match(after):
            return True
        if self._is_room_before_a_name(token) or (before.endswith("第") and _NUMBERED_PAPER.match(after)):
            return True
        if is_note(before.strip()) or not plain(before):
            return self._is_room_before_a_unit(token, before, after)
        ends = not plain(after) or _SEAL_END.match(after) is not None
        if self.found and re.match(r"[ 　]*(による|により|のため)", after):
            return True
        if (
            re.match(r"[(（]\S{2,6}$", after)
            and re.fullmatch(r"[一-龥ァ-ヶー]{2,8}[者人名員]", plain(last))
            and token.end - token.start >= 4
        ):
            # 「発行責任者　　　　　（連絡先　　　　）」
            return True
        if self.around.is_cell and token.end - token.start >= 4 and PLACE_NOUN.fullmatch(plain(last)):
            return True
        if self.around.is_cell and token.end - token.start >= 4 and _ORDINAL.fullmatch(plain(last)):
            return True
        if self.found and _SEAL_END.match(after) and 2 <= len(plain(last)) <= 8 and not is_note(last):
            return True
        is_suffix = (
            cursor
            and plain(before)
            and last == before
            and not re.match(r"[ 　\t)）(（、・/／∕]|.*[:：][ 　]*$", before)
        )
        whose = self.around.is_cell and WHICH.match(plain(last)) and not fold(after).startswith("-")
        if is_suffix and not is_field_word(last) and not whose:
            # Words right behind a blank belong to it: 「　月診療分」.
            return False
        if (
            self.found
            and cursor
            and ends
            and 2 <= len(plain(last)) <= 14
            and not is_note(last)
            and token.end - token.start >= 3
        ):
            return True
        named = (
            is_field_word(last)
            or is_field_word(last.strip(" 　").replace("　", " ").rpartition(" ")[2])
            or (self.around.is_cell and bool(WHICH.match(plain(last).strip("()"))))
            or fold(last).rstrip(" 　").endswith((":",))
        )
        bare = re.sub(r"[(（][^()（）]*[)）]", "", last)
        if UNITS.match(fold(after)) and _is_short(after) and len(plain(bare)) <= 20:
            return True
        if is_group_word(last) and not is_field_word(last):
            return False
        if named and not (following < len(self.text) and self._option_follows(following)):
            return True
        if not self.around.is_cell and _lone_noun(before, after) and self._is_typed(token):
            return True
        if (
            self.around.is_cell
            and ends
            and (plain(last) or not self.found)
            and len(plain(last)) <= 14
            and token.end - token.start >= 3
        ):
            return token.end >= len(self.text.rstrip("\n")) or _SEAL_END.match(after) is not None
        return False

    def _is_room_before_a_unit(self, token: Token, before: str, after: str) -> bool:
        """A gap at the start of a cell before its unit: 「　　　　円」, 「　　　銀行」."""
        behind = plain(self.text[token.end : token.end + 6])[:2]
        begins = self.around.is_cell and self.around.label and not plain(before) and not self.found
        return bool(begins and (UNITS.match(fold(after)) or behind in ("銀行", "本店", "支店")))

    def _is_room_before_a_name(self, token: Token) -> bool:
        """「　　　　　　　　本人との関係（　　　　）」 beside 「住宅の所有者」: first the room for what the cell itself asks."""
        around = self.around
        if token.start or token.end < 8 or self.before or not (around.is_cell and around.label):
            return False
        named = re.match(
            r"([^\s　()（）:：]{2,12})[ 　:：]*(?:[(（][ 　]{3,}[)）]|[ 　]{4,}|$)", self.text[token.end :]
        ) or re.match(r"[(（]([^\s　()（）:：]{2,12})[ 　:：]*[ 　]{2,}[^()（）]*[)）]$", self.text[token.end :])
        if named is None or not is_field_word(named[1]) or is_seal(named[1]):
            return False
        apart = type_of_label(named[1])[0] != type_of_label(around.label)[0] or re.search(r"との(関係|続柄)$", named[1])
        return type_of_label(around.label)[0] in ("name", "text", "address") and bool(apart)

    def _is_typed(self, token: Token) -> bool:
        """Whether wide room was typed into the line itself; what a sheet or a page leaves free beside a text is no blank."""
        first, last = self.line.places[token.start - 1], self.line.places[token.end - 1]
        typed = first.at == last.at and first.offset >= 0 and last.offset - first.offset == token.end - token.start
        return token.end - token.start >= 6 and typed

    def _keeps_apart(self, token: Token, last: str, after: str, following: int) -> bool:
        """Whether a gap only keeps a label away from its blank, or a person from what is asked of him."""
        if any(one.start == token.end and one.kind in SHAPED for one in self.tokens):
            # The room before 「令和　年　月　日」.
            return True
        if _TOWN.fullmatch(plain(after)) and any(one.start == following and one.kind == "line" for one in self.tokens):
            return True
        bracket = any(one.start == following and one.kind == "bracket" for one in self.tokens)
        if bracket and is_group_word(last) and is_field_word(after):
            # 「事務担当者　　　氏名（　　　　）」
            return True
        return bool(CONNECTORS.match(fold(last)) and plain(last) and self.found)

    def _option_follows(self, at: int) -> bool:
        return any(one.start == at and one.kind == "options" and at - one.start < 1 for one in self.tokens)

    def _label(self, before: str, token: Token) -> str | None:
        """The question a blank belongs to: the words right before it, or else the cell's own label."""
        if token.kind == "gap" and before.endswith("第") and _NUMBERED_PAPER.match(self.text, token.end):
            return ""
        said = fold(before).rpartition("。")[2].strip(" 　\t")
        said = re.sub(r"(?<=[^ 　])[ 　]+(第|金|約|満|自)$", "", said)
        parts = re.split(r"[　 \t]{2,}(?=[^ 　\t])", said)
        if len(parts) > 1 and token.kind == "line" and _TOWN.fullmatch(plain(parts[-1])):
            # 「所在地　　桜川市＿＿＿＿」: the town is printed before the rest of the address.
            parts.pop()
        said = parts[-1] if not is_field_word(said) else said
        said = re.sub(rf"^{UNIT}[)、,・/][ 　]*(?=.)", "", said) if self.found else said
        person, _, own = said.replace("　", " ").rpartition(" ")
        if person and re.search(r"[者人方先]$", plain(person)) and len(plain(person)) <= 12 and is_field_word(own):
            # 「申請事務担当者　所属」: the person, then what is asked of him.
            self.group, said = clean_label(person)[0], own
        opening = max(said.rfind("("), said.rfind("〔"), said.rfind("["))
        if opening > 0 and ")" not in said[opening:] and "〕" not in said[opening:]:
            inner = said[opening + 1 :]
            said = inner if plain(inner) and not CONNECTORS.match(inner) else said[:opening]
        elif opening == 0 and self.found and ")" not in said and not CONNECTORS.match(said[1:]):
            said = said[1:]
        if not self.around.is_cell and fold(before).rstrip(" 　").endswith("・"):
            # 「時期　　許可の日 ・ 令和　年…」: the question stands before the other choice.
            parts = re.split(r"[　 \t]{2,}", fold(before).strip(" 　\t"))
            said = parts[-2] if len(parts) > 1 else said
        if is_group_word(said) and not is_field_word(said) and token.kind == "post":
            self._note_group(said)
            return "住所"
        if CONNECTORS.match(said) and self.found and re.search(r"から|~|-|至|より", said):
            self.group = self.found[-1].group
            return self.found[-1].label
        if (
            re.search(r"(により|に基づき|のとおり|ので|ため|して|について|における|については|に係る)、?$", plain(said))
            and len(plain(said)) > 6
        ):
            # The words of a sentence: 「条例の規定により、令和　　年度の…」.
            said = ""
        if token.kind == "time" and not plain(before) and self.found and self.found[-1].type == "date":
            self.group = self.found[-1].group
            return self.found[-1].label
        if CONNECTORS.match(said) or (self.around.is_cell and plain(said) in ("新", "第", "約")):
            return self.around.label if self.around.is_cell else ""
        if is_office(said):
            return None
        return said

    def _add(self, token: Token, label: str, after: str, before: str) -> None:
        unit_match = UNITS.match(fold(after))
        unit = unit_match[1] if unit_match else ""
        around = self.around
        own = bool(label) and label != around.label
        shown, help_ = clean_label(label) if own else (around.label, around.help)
        if own and around.is_cell and around.label and re.fullmatch(r"[のにをはが]", plain(shown)):
            shown, own = f"{around.label}（内容）", False
        if own and WHICH.match(plain(shown)) and re.match(r"[\s　]*(電話|連絡先|TEL)", fold(self.text)):
            shown = f"電話（{shown}）"
        if own and around.is_cell and around.label and WHICH.match(plain(shown).strip("()")):
            shown, own = f"{around.label}（{shown.strip('()（）')}）", False
        if token.kind == "options":
            shown = self._named_by_options(token, shown)
            if not shown and _words(self.text[token.start : token.end]) & HOUSES_AND_BRANCHES:
                return
        if token.kind == "bracket":
            inside = UNITS.search(fold(self.text[token.start + 1 : token.end - 1]).strip(" 　_"))
            unit = unit or (inside[1] if inside else "")
        if token.kind in ("bracket", "gap", "line") and re.search(r"曜", after[:2]):
            return
        if self._lasts(before, after, unit):
            return
        if not shown:
            shown = self._unnamed(token, after)
            if not shown:
                return
        if own and re.fullmatch(rf"[・/~]?(?:{UNIT}|分|時)[)]?", fold(plain(shown))):
            # 「　　　L・kW」: the other unit to choose.
            return
        if unit in ("歳", "才") and not own and "年齢" in around.label:
            shown = "年齢"
        if own and around.is_cell and type_of_label(around.label)[0] == "address" and _TOWN.fullmatch(plain(shown)):
            shown, own = around.label, False
        if (
            own
            and self.found
            and re.fullmatch(r"[(][^()]{4,}[)]", fold(label).strip(" 　"))
            and not is_field_word(label.strip(" 　()（）"))
        ):
            # 「　　－　　　（日中連絡のとれる番号）」 only says more about the blank before it.
            return
        if is_seal(shown) or (own and plain(shown) in _ERAS):
            return
        if is_note(label) and own and token.kind in ("bracket", "gap"):
            return
        last = self.found[-1] if self.found else None
        between = self.text[self.last_end : token.start]
        if last is not None and last.type == "phone" and not own and CONNECTORS.match(fold(between)):
            last.marks += marks_of(self.line, token)
            self.last_end = token.end
            return
        self.last_end = token.end
        question = question_of(self.line, token, shown, around.paper, around.group, unit)
        question.help = help_
        if not own and question.type == "number" and self.found and self.found[-1].type == "date":
            question.label = f"{shown}（{unit}）"
        if own or not around.is_cell:
            question.group = self.group or (around.label if around.is_cell else "")
        if own and around.is_cell:
            question.group = around.label or around.group
        name_period(question, fold(before), fold(after), token)
        if token.kind == "gap" and (way := _FROM_OR_TO.match(after)) and not own:
            question.settings["_period"] = "start" if way[1] == "から" else "end"
        self.found.append(question)
        if token.kind == "options":
            self._asked_in_options(token, shown)

    def _lasts(self, before: str, after: str, unit: str) -> bool:
        """「から　まで（　　日間）」: how long the period is follows from its two days."""
        lasts = re.match(r"[)）]?[ 　]*(まで)?[ 　]*の?間", after) or unit in ("日間", "か月間", "年間")
        behind = re.fullmatch(r"(まで)?[(（]?", plain(before))
        return bool(lasts and behind and self.found and self.found[-1].type == "date")

    def _asked_in_options(self, token: Token, group: str) -> None:
        """「持家・借家（家賃月額　　　円）」: what the brackets behind an option ask."""
        for match in re.finditer(
            r"([^・/|()（）\s　]{1,12})[ 　]*[(（]([^()（）]*[ 　_]{2,}[^()（）]*)[)）]",
            self.text[token.start : token.end],
        ):
            inside = self.line.cut(token.start + match.start(2), token.start + match.end(2))
            self.found += labelled_blanks(inside, match[1], group)

    def _named_by_options(self, token: Token, shown: str) -> str:
        """What the words to circle say about their question; "" for the kinds of bank, which are no question."""
        words = _words(self.text[token.start : token.end])
        if words & HOUSES_AND_BRANCHES and type_of_label(shown)[0] == "text":
            return ""
        if words <= {"男", "女", "男性", "女性", "その他", "回答しない"} and not re.search("性別|区分", shown):
            return "性別"
        if words <= {"同意する", "同意しない", "同意します", "同意しません"} and "同意" not in shown:
            return f"{shown.removesuffix('に')}への同意"
        if words <= {"午前", "午後"} and self.found and self.found[-1].label == shown:
            return f"{shown}（午前・午後）"
        return shown

    def _unnamed(self, token: Token, after: str) -> str:
        if token.kind == "date" and (told := _DATED_PAPER.match(self.text, token.end)):
            return f"{told[1]}日"
        if token.kind == "date":
            return "日付"
        if token.kind == "year_only":
            return "年度" if self.text[token.end - 1] == "度" else ""
        if token.kind == "phone":
            return "電話番号"
        if token.kind == "post":
            return "住所"
        if token.kind == "options" and not plain(self.text[: token.start] + self.text[token.end :]).strip("()"):
            # 「（新規・更新・変更）」 on a line of its own says which of them the whole paper is.
            return "区分"
        if (
            token.kind == "options"
            and not self.around.is_cell
            and _words(self.text[token.start : token.end]) <= ASKED_FOR
        ):
            return "区分"
        if (
            token.kind == "options"
            and not self.around.is_cell
            and re.match(r"[(（〔\[][ 　]", self.text[token.start :])
        ):
            if asked := re.search(r"([^。]{4,40}か)[。？?]?[ 　]*$", self.text[: token.start]):
                return clean_label(asked[1])[0]
            # 「（　登録　・　再交付　）を申請します」: which of them is asked for.
            return "区分"
        if UNITS.match(fold(after)) and fold(after).strip(" 　").startswith("年度"):
            return "年度"
        if token.kind == "gap" and (told := _NUMBERED_PAPER.match(after)):
            return f"{told[1]}番号"
        if token.kind == "line" and (control := self._control(token)) is not None:
            if control.name:
                return control.name
            if control.kind == "date" and not self.around.is_cell:
                return "日付"
        if not self.around.is_cell and self.before and token.kind == "line":
            return ""
        return ""

    def _control(self, token: Token) -> Control | None:
        for letter in self.text[token.start : token.end]:
            if (control := self.around.paper.control_of(letter)) is not None:
                return control
        return None

    def _is_second_name(self, last: str, text: str) -> bool:
        """「免許証番号　　　　　　免許の種類」: after a name and its room the next name at the line's end has room under it or behind it."""
        said = plain(last)
        if not (self.around.is_cell and self.found and self.found[-1].why == "空白" and re.match(r"[ 　]{2,}|$", text)):
            return False
        follows = self.last_end and not plain(self.text[self.last_end : len(self.text) - len(text)])
        return (
            bool(follows)
            and bool(re.fullmatch(r"[一-龥ァ-ヶーの]{3,10}", said))
            and not UNITS.match(said)
            and said not in HOUSES_AND_BRANCHES
            and said not in OPTION_WORDS
        )

    def _tail(self, text: str, start: int) -> None:
        """A label at the end of the line with nothing behind it: 「住所」, 「名称：」."""
        last = re.split(r"[　 \t]{2,}", text.rstrip(" 　\t"))[-1]
        last = re.sub(r"(?<=住所|在地|地番|場所)[ 　]+\S{1,8}[都道府県市区町村]$", "", last)
        last = re.sub(r"[ 　\t]*[(（]?(印|㊞)[)）]?$", "", last)
        if self.around.is_cell and self.found and (behind := re.fullmatch(r"様方[ 　](\S+)", last)):
            # 「住所　　　　　　　様方　電話」
            last = behind[1]
        if not plain(last) or is_office(last):
            return
        ends_open = fold(last).endswith(":") and len(plain(last)) <= 25 and not is_note(last)
        is_which = self.around.is_cell and bool(self.around.label) and bool(WHICH.match(plain(last).strip("():")))
        is_noun = self.around.is_cell and bool(self.found) and bool(PLACE_NOUN.fullmatch(plain(last)))
        is_noun = is_noun or self._is_second_name(last, text)
        is_word = is_field_word(last) or is_which or is_noun
        if is_group_word(last) and not ends_open and (not is_word or self.around.is_cell):
            return
        if not (ends_open or (is_word and (not self.around.is_cell or plain(last) != plain(self.around.label)))):
            return
        shown, help_ = clean_label(last)
        if not shown:
            return
        group = self.around.label or self.group if self.around.is_cell else self.group
        if is_which and re.match(r"[\s　]*(電話|連絡先|TEL)", fold(self.text)):
            shown = f"電話（{shown.strip('()（）')}）"
        elif is_which:
            shown, group = f"{self.around.label}（{shown.strip('()（）')}）", self.around.group
        type_, settings, sure = type_of_label(shown)
        place = self.line.places[-1]
        mark = Mark(place.at, len(self.text) if place.offset < 0 else place.offset + 1, -1)
        self.found.append(
            Question(
                shown,
                type_,
                group,
                help=help_,
                confidence=sure - 0.15,
                why="行末の見出し",
                settings=settings,
                marks=[mark],
            )
        )
