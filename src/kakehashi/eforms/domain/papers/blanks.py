"""One blank of a text as a question, and the blanks of one answer put together: parts of a number, periods from–to."""

from __future__ import annotations

import itertools
import re

from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Paper, Strip
from kakehashi.eforms.domain.papers.tokens import Token
from kakehashi.eforms.domain.papers.words import fold, plain

__all__ = ["marks_of", "merged", "name_period", "question_of"]


def question_of(line: Strip, token: Token, label: str, paper: Paper, group: str, unit: str) -> Question:
    """The question that one blank asks."""
    marks = marks_of(line, token)
    control = next(
        (found for letter in line.text[token.start : token.end] if (found := paper.control_of(letter)) is not None),
        None,
    )
    type_, settings, sure = type_of_label(label, unit)
    options: list[str] = []
    why = _WHY[token.kind]
    if token.kind == "date":
        type_, settings, sure = ("birth_date" if re.search(r"(?<!発)生年|誕生|生$", plain(label)) else "date"), {}, 0.95
        if re.search(r"生$", fold(line.text[token.start : token.end])):
            type_ = "birth_date"
    elif (token.kind == "phone" and type_ not in ("phone", "address", "text", "email")) or (
        token.kind == "phone" and type_ == "text" and not re.search(r"番号|コード", plain(label))
    ):
        type_, settings, sure = "phone", {}, 0.9
    elif token.kind == "post" and type_ != "address":
        type_, settings, sure = "address", {}, 0.85
    elif token.kind == "year_only":
        type_, settings, sure = "number", {"unit": "年度" if line.text[token.end - 1] == "度" else "年"}, 0.8
    elif token.kind in ("time", "ym", "md"):
        type_, settings, sure = "text", {}, 0.75
    elif token.kind == "options":
        words = re.split(
            r"[・/|]",
            re.sub(
                r"\([^()]*\)|[〔〕\[\]]", "", re.sub(r"^\((.*)\)$", r"\1", fold(line.text[token.start : token.end]))
            ),
        )
        words = re.split("[ 　]+", words[0].strip("() 　")) if len(words) == 1 else words
        options = [word.strip(" 　") for word in words if word.strip(" 　")]
        type_, settings, sure = "choice", {}, 0.9
    if control is not None:
        if control.kind == "choice" and control.options:
            type_, options, sure, why = "choice", list(control.options), 0.97, "ファイルの選択リスト"
        elif control.kind == "date" and type_ != "birth_date":
            type_, sure, why = "date", 0.97, "ファイルの日付欄"
        elif control.kind == "check":
            type_, why = "consent", "ファイルのチェック欄"
        else:
            sure, why = min(sure + 0.05, 0.98), "ファイルの入力欄"
        settings = {} if type_ not in ("text", "number") else settings
    return Question(label, type_, group, options, confidence=sure, why=why, settings=dict(settings), marks=marks)


_WHY = {
    "date": "年月日の空欄",
    "ym": "年月の空欄",
    "md": "月日の空欄",
    "year_only": "年の空欄",
    "time": "時刻の空欄",
    "phone": "電話番号の空欄",
    "post": "郵便番号の空欄",
    "bracket": "かっこの空欄",
    "line": "下線・空きます",
    "options": "○で囲む選択肢",
    "gap": "空白",
}


def marks_of(line: Strip, token: Token) -> list[Mark]:
    """Where the answer to a blank is written: a date has three places."""
    text = fold(line.text)
    if token.kind == "date":
        marks = []
        cursor = token.start
        for letter, part in (("年", "year"), ("月", "month"), ("日", "day")):
            at = text.find(letter, cursor, token.end)
            if at > cursor and line.places[at - 1 : at]:
                start = at
                while (start > cursor and text[start - 1] in " 　\t_…‥") or (
                    start > cursor and "\ue000" <= text[start - 1] <= "\uf8ff"
                ):
                    start -= 1
                if start < at:
                    marks.append(Mark.of(line.places[start:at], part))
            cursor = at + 1 if at >= 0 else cursor
        return marks or [Mark.of(line.places[token.start : token.end])]
    if token.kind == "bracket":
        return [Mark.of(line.places[token.start + 1 : token.end - 1] or line.places[token.start : token.end])]
    return [Mark.of(line.places[token.start : token.end])]


def name_period(question: Question, before: str, after: str, token: Token) -> None:
    """「から」 and 「まで」 make two questions of one label."""
    if question.type not in ("date", "text") or token.kind not in ("date", "time", "ym", "md"):
        return
    starts = re.match(r"[ 　]*(から|より|~|-)", after) or re.search(r"自[ 　]*$", before)
    ends = re.match(r"[ 　]*まで", after) or re.search(r"(から|より|~|-|至)[ 　]*$", before)
    if ends:
        question.settings = {**question.settings, "_period": "end"}
    elif starts:
        question.settings = {**question.settings, "_period": "start"}


def merged(found: list[Question]) -> list[Question]:
    """Blanks one after another that ask for one thing become one question; periods get their two names."""
    kept: list[Question] = []
    for one in found:
        last = kept[-1] if kept else None
        period = one.settings.pop("_period", "")
        same = last is not None and last.label == one.label and last.group == one.group
        if same and last is not None and last.type == "date" and one.why == _WHY["time"]:
            if not period and not last.settings.get("_period"):
                one.label = f"{one.label}（時刻）"
            same = False
        if same and last is not None and not period and _is_part(last, one):
            last.marks += one.marks
            if one.confidence > last.confidence and one.type != "text" and last.type == "text":
                last.type, last.settings = one.type, one.settings
            continue
        if period:
            one.settings["_period"] = period
        kept.append(one)
    for one, after in itertools.pairwise(kept):
        days = sum(other.type == "date" and other.label == one.label for other in kept)
        if (
            one.type == "date"
            and days > 1
            and "_period" not in one.settings
            and after.why == _WHY["time"]
            and one.label == after.label
        ):
            if period := after.settings.get("_period"):
                one.settings = {"_period": period}
    _split_periods(kept)
    return kept


def _is_part(last: Question, one: Question) -> bool:
    if last.settings.get("_period"):
        return False
    if one.type == last.type:
        return True
    return {one.type, last.type} <= {"address", "text", "phone"} or "text" in (one.type, last.type)


def _split_periods(kept: list[Question]) -> None:
    for index, one in enumerate(kept):
        period = one.settings.pop("_period", "")
        if not period:
            continue
        neighbours = kept[max(0, index - 3) : index] + kept[index + 1 : index + 4]
        base = one.label
        if not any(other.label.startswith(base) for other in neighbours):
            one.settings["_period"] = period
        else:
            suffix = "開始" if period == "start" else "終了"
            if one.why == _WHY["time"]:
                suffix += "時刻"
            one.label = f"{base}（{suffix}）"
