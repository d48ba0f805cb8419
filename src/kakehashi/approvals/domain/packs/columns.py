"""Columns of a rule pack's tables: how a value is typed, kept and written, the same on screen and in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = str | int | bool | list[str] | None
Row = dict[str, Any]

MAX_TEXT = 2_000
MAX_MONEY = 10**13
_SEPARATORS = re.compile(r"[、,\n]+")
_YES = frozenset({"○", "〇", "◯", "はい", "1", "有", "可", "true", "on", "yes"})
_NO = frozenset({"", "×", "いいえ", "0", "無", "不可", "false", "off", "no", "-", "―", "—"})


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    MONEY = "money"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"


class BadCell(ValueError):
    """A cell that cannot be read; the text says why, in Japanese."""


@dataclass(frozen=True)
class Column:
    """One column. `choices` maps the kept word to its Japanese one; `help` stands beside the input."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: Mapping[str, str] | None = None
    help: str = ""

    def read(self, raw: object) -> Value:
        """A cell or an input as the kept value. Raises BadCell with a Japanese sentence."""
        text = _plain(raw, long=self.kind is Kind.LONG)
        value: Value = _READERS[self.kind](self, text)
        if self.required and value in (None, "", []):
            raise BadCell(f"「{self.label}」を記入してください。")
        return value

    def write(self, value: Value) -> str | int | None:
        """A kept value as a cell: numbers stay numbers, the rest is text."""
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if self.kind is Kind.FLAG:
            return "○" if value else ""
        if self.kind is Kind.CHOICE:
            return (self.choices or {}).get(str(value), str(value))
        return "、".join(value) if isinstance(value, list) else str(value)

    def say(self, value: Value) -> str:
        """A kept value in a sentence."""
        if self.kind is Kind.MONEY and isinstance(value, int):
            return f"{value:,}円"
        if self.kind is Kind.FLAG:
            return "あり" if value else "なし"
        written = self.write(value)
        return "（空）" if written in (None, "") else str(written)

    @property
    def empty(self) -> Value:
        """The value of a cell that nobody filled."""
        return {Kind.WHOLE: None, Kind.MONEY: None, Kind.FLAG: False, Kind.LIST: []}.get(self.kind, "")


def _plain(raw: object, *, long: bool) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "○" if raw else ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, list | tuple):
        raw = "、".join(str(each) for each in raw)
    text = str(raw).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    # A spreadsheet may have been given an apostrophe against formulas.
    text = text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text
    text = text.strip() if long else " ".join(text.split())
    if len(text) > MAX_TEXT * (5 if long else 1):
        raise BadCell("文字が多すぎます。")
    return text


def _whole(column: Column, text: str) -> int | None:
    digits = unicodedata.normalize("NFKC", text).replace(",", "").replace("円", "").replace("年", "").strip()
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{1,14}", digits) or int(digits) > MAX_MONEY:
        raise BadCell(f"「{column.label}」は0以上の整数で記入してください。「{text}」は読み取れません。")
    return int(digits)


def _choice(column: Column, text: str) -> str:
    choices = column.choices or {}
    if text == "" or text in choices:
        return text
    for key, word in choices.items():
        if text == word:
            return key
    raise BadCell(
        f"「{column.label}」は、{'・'.join(filter(None, choices.values()))}のどれかです。「{text}」は使えません。"
    )


def _flag(column: Column, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise BadCell(f"「{column.label}」は、○か空で記入してください。")


_READERS: dict[Kind, Any] = {
    Kind.TEXT: lambda _, text: text,
    Kind.LONG: lambda _, text: text,
    Kind.WHOLE: _whole,
    Kind.MONEY: _whole,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.LIST: lambda _, text: [part.strip() for part in _SEPARATORS.split(text) if part.strip()],
}
