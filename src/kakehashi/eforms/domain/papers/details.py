"""What stands in the brackets of a choice and asks on: 「有（病院名　　　科名　　　月　　回）」, 「（勤務先の名称：　　所在地：　　）」."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Strip
from kakehashi.eforms.domain.papers.tokens import UNIT, UNITS, tokens_of
from kakehashi.eforms.domain.papers.words import OPTION_WORDS, all_options, clean_label, fold, is_field_word, plain

__all__ = ["labelled_blanks", "labelled_choices", "named_rooms"]

_BLANK = re.compile(r"(?P<label>[^\s　:()・、_□]{1,14})?(?P<sign>:)?[ 　]{0,1}(?P<gap>[ 　_\ue000-\uf8ff]{2,}|(?<=:)$)")
_ERAS = frozenset({"令和", "平成", "昭和"})
_NOUN = re.compile(r"[一-龥ァ-ヶー]{1,8}(名|先|番号|場所|所|日|年|額|数|者|級|科|回)$")
_CHOICE = re.compile(
    r"(?P<label>[^\s　:・()、/]{2,14}):[ 　]*(?P<words>[^\s　:・()、/]{1,12}(?:[ 　]*[・/][ 　]*[^\s　:・()、/]{1,12})+)"
)
_IN_BRACKETS = re.compile(r"[ 　](?P<label>[^\s　:・()、/0-9]{2,12})[ 　]*\((?P<words>[^()□]{2,24})\)")


def labelled_blanks(strip: Strip, option: str, group: str) -> list[Question]:
    """The questions of a text in which every blank has its own label before it or its unit behind it; [] when one has neither."""
    text = fold(strip.text)
    found: list[Question] = []
    told = weak = 0
    days = {one.start: one for one in tokens_of(strip.text) if one.kind in ("date", "ym", "md")}
    for one in days.values():
        text = text[: one.start] + "_" * (one.end - one.start) + text[one.end :]
    text = re.sub(r"(_)(頃|ごろ)", r"\1　", text)
    for match in _BLANK.finditer(text):
        if match["gap"] == "" and not match["sign"]:
            continue
        unit = UNITS.match(text[match.end() :])
        label = clean_label(match["label"] or "")[0]
        label = "" if label in _ERAS and unit is not None else label
        label = "" if re.fullmatch(r"[0-9]+(人|名|回|日|件|台|枚)(あたり|当たり|につき)?", label) else label
        if not label and unit is None:
            if plain(text[match.end() :]) or not found:
                return []
            continue
        is_day = any(match.start("gap") <= at < match.end("gap") for at in days)
        is_weak = len(match["gap"]) >= 4 and re.fullmatch(r"[一-龥ァ-ヶー]{2,8}", plain(label)) is not None
        if label and not (is_day or match["sign"] or unit or is_field_word(label) or _NOUN.fullmatch(plain(label))):
            if not is_weak:
                return []
            weak += 1
        told += bool(
            match["sign"] or is_field_word(label) or unit or (len(label) > 2 and _NOUN.fullmatch(plain(label)))
        )
        shown = label if label and len(label) > 1 else f"{option}（{label}{unit[1] if unit else ''}）"
        type_, settings, sure = type_of_label(label or option, unit[1] if unit else "")
        if is_day:
            type_, settings, sure = "date" if any(one.kind == "date" for one in days.values()) else "text", {}, 0.8
        places = strip.places[match.start("gap") : match.end("gap")] or strip.places[-1:]
        found.append(
            Question(
                shown,
                type_,
                group,
                confidence=sure - 0.2,
                why="選択肢の補足",
                settings=settings,
                marks=[Mark.of(places)],
            )
        )
    alone = len(found) == 1 and f"{option}（" in found[0].label
    # 「（理由　　　）」 alone only says what kind of words the option asks for.
    return found if (told or len(found) > 1) and not alone and weak < max(len(found), 2) else []


_NAMED_ROOM = re.compile(rf"[ 　]*(?P<name>[一-龥ァ-ヶー]{{2,8}})[ 　]{{3,}}(?P<unit>{UNIT})?")


def named_rooms(strip: Strip) -> bool:
    """「メーカー　　　　型番　　　　数量　　　基」: names with room behind each, of which one tells that it asks."""
    text, at, names, told = fold(strip.text).rstrip("\n"), 0, 0, False
    while at < len(text) and (match := _NAMED_ROOM.match(text, at)):
        if match["name"] in OPTION_WORDS:
            return False
        told = told or match["unit"] is not None
        names, at = names + 1, match.end()
    return names > 2 and told and not text[at:].strip(" 　")


def labelled_choices(strip: Strip, group: str) -> tuple[list[Question], Strip]:
    """「性病：受けた・受けない　　結核：受けた・受けない」 as a choice each, and the text without them."""
    text = fold(strip.text)
    matches = [one for one in _CHOICE.finditer(text) if all_options(_words(one["words"]))]
    if len(matches) < 2:
        matches = [one for one in _IN_BRACKETS.finditer(text) if all_options(_words(one["words"]))]
    found: list[Question] = []
    rest, cursor = [], 0
    for match in matches:
        words = _words(match["words"])
        start = match.start("words")
        marks = [
            Mark.of(strip.places[at : at + len(word)], f"option:{number}")
            for number, word in enumerate(words)
            if (at := strip.text.find(word, start)) >= 0
        ]
        label, help_ = clean_label(match["label"])
        found.append(
            Question(label, "choice", group, words, help=help_, confidence=0.8, why="○で囲む選択肢", marks=marks)
        )
        rest.append(strip.cut(cursor, match.start()))
        cursor = match.end()
    return found, Strip.join([*rest, strip.cut(cursor)]) if found else strip


def _words(text: str) -> list[str]:
    return [word.strip(" 　") for word in re.split("[・/]", text) if word.strip(" 　")]
