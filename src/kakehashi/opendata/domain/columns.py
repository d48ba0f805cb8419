"""The columns of a dataset: what stands in them, in which form, and how one value is written.

Every value is a piece of text in one canonical form; a blank means "nothing is said". So rows compare, freeze and travel through
CSV, JSON and GeoJSON without loss.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

__all__ = ["ColumnType", "DataColumn", "Rows", "canonical", "canonical_number", "json_value", "place_columns"]

Rows = list[list[str]]
"""Rows as canonical text, each as long as the columns."""

MOST_DIGITS = 15
"""A number of more digits would change on its way through JSON."""
MOST_PLACES = 10


class ColumnType(StrEnum):
    """What the values of a column are, and so which rules they meet."""

    TEXT = "text"
    KANA = "kana"
    INTEGER = "integer"
    NUMBER = "number"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    DATE = "date"
    TIME = "time"
    MARK = "mark"
    LG_CODE = "lg_code"
    PHONE = "phone"
    POSTCODE = "postcode"
    URL = "url"
    EMAIL = "email"
    LIST = "list"


TYPE_WORDS: dict[ColumnType, str] = {
    ColumnType.TEXT: "文字",
    ColumnType.KANA: "カタカナ",
    ColumnType.INTEGER: "整数",
    ColumnType.NUMBER: "数値",
    ColumnType.LATITUDE: "緯度（十進・世界測地系）",
    ColumnType.LONGITUDE: "経度（十進・世界測地系）",
    ColumnType.DATE: "日付（YYYY-MM-DD）",
    ColumnType.TIME: "時刻（HH:MM）",
    ColumnType.MARK: "該当は1、そうでなければ空欄",
    ColumnType.LG_CODE: "全国地方公共団体コード（6桁）",
    ColumnType.PHONE: "電話番号",
    ColumnType.POSTCODE: "郵便番号",
    ColumnType.URL: "URL",
    ColumnType.EMAIL: "メールアドレス",
    ColumnType.LIST: "「;」で区切った並び",
}

NUMERIC = frozenset({ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.LATITUDE, ColumnType.LONGITUDE})


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One column. `key` is its name in JSON and in our rows, `header` its Japanese heading in the files.

    `vocabulary` closes the values; `aliases` are headings of older editions and of other systems. `source` is the model and field
    the value is taken from ("Facility.name"): one of a model that holds personal data is refused. `group` is its part of a form.
    """

    key: str
    header: str
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    is_required: bool = False
    is_unique: bool = False
    vocabulary: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    help: str = ""
    source: str = ""
    group: str = ""

    @property
    def type_words(self) -> str:
        """What its values are, in Japanese."""
        return "語の一覧から" if self.vocabulary else TYPE_WORDS[self.type]


def place_columns(columns: tuple[DataColumn, ...]) -> tuple[int, int] | None:
    """Where latitude and longitude stand; None for a dataset without places."""
    types = [column.type for column in columns]
    if ColumnType.LATITUDE in types and ColumnType.LONGITUDE in types:
        return types.index(ColumnType.LATITUDE), types.index(ColumnType.LONGITUDE)
    return None


def canonical(column: DataColumn, value: Any) -> str:
    """The one way a value of this column is written. What cannot be read stays as it is, for the checks to name.

    >>> canonical(DataColumn("n", "数", ColumnType.NUMBER), Decimal("34.8500"))
    '34.85'
    """
    if value is None or value == "":
        return ""
    text = _plain(value)
    if column.type in NUMERIC:
        return canonical_number(text)
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t":
        # A spreadsheet's guard against formulas, put there by whoever wrote the file.
        return text[1:]
    return text


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def canonical_number(text: str) -> str:
    """A number without needless zeros, never in scientific notation; other text unchanged."""
    plain = text.strip(" ")
    if not plain or not plain.isascii() or not set(plain) <= set("0123456789.+-eE"):
        return text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) >= Decimal(10) ** MOST_DIGITS or number.adjusted() < -MOST_PLACES:
        return "0" if number == 0 else text
    places = max(0, min(MOST_PLACES, MOST_DIGITS - 1 - max(number.adjusted(), 0)))
    rounded = format(round(number, places), "f")
    trimmed = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return "0" if trimmed in {"", "-0", "0"} else trimmed


def json_value(column: DataColumn, text: str) -> Any:
    """A canonical value as JSON has it: numbers as numbers, blank as null, everything else as text."""
    if text == "":
        return None
    if column.type not in NUMERIC or canonical_number(text) != text:
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text
