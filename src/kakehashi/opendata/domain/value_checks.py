"""The rules that look at one value. Each gives (rule, suggestion) pairs; a blank value breaks none of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, time

from kakehashi.kernel.lg_code import LgCodeError, check_digit, is_valid, normalise
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.opendata.domain.columns import NUMERIC, ColumnType, DataColumn, canonical_number

__all__ = ["broken_rules", "has_check_digit"]

Broken = Iterator[tuple[str, str]]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WITH_COMMA = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_STARTS_WITH_NUMBER = re.compile(r"(約|およそ)?\s*(-?[0-9,]+(?:\.[0-9]+)?)\s*\D+")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"(0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}|0[0-9]{9,10}|1[0-9]{2}|#[0-9]{4})")
_POSTCODE = re.compile(r"[0-9]{3}-[0-9]{4}")
_URL = re.compile(r"https?://[^\s<>\"　]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_KANA = re.compile(r"[ァ-ヶヷ-ヺーヽヾ・　 0-9A-Za-z０-９Ａ-Ｚａ-ｚ（）()\-－‐&＆.．,，/／'’「」]+")
_FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ]")
# Enclosed, compatibility and squared characters: what NFKC would take apart but people read as one.
_PLATFORM = re.compile(r"[\u2460-\u24ff\u2100-\u214f\u2160-\u217f\u3200-\u32ff\u3300-\u33ff\ue000-\uf8ff]")
_MARKS_YES = frozenset(
    {"○", "〇", "◯", "●", "◎", "有", "あり", "はい", "該当", "TRUE", "true", "True", "yes", "可", "１"}
)
_MARKS_NO = frozenset(
    {"0", "０", "×", "✕", "無", "なし", "いいえ", "-", "－", "ー", "FALSE", "false", "False", "no", "不可"}
)
_DITTO = frozenset({"同上", "〃", "々", "″", "同左", "上に同じ"})
_FORMULA = ("=", "+", "-", "@", "\t")


def broken_rules(column: DataColumn, value: str) -> Broken:
    """The rules that this value of this column breaks."""
    if not value:
        return
    if value in _DITTO:
        yield "value.same_as_above", ""
        return
    if "\n" in value:
        yield "value.line_break", " ".join(part.strip() for part in value.split("\n") if part.strip())
    if value.startswith(_FORMULA) and column.type not in NUMERIC and not _NUMBER.fullmatch(value):
        yield "value.formula", value.lstrip("=+-@\t ")
    if column.vocabulary and value not in column.vocabulary:
        yield "value.vocabulary", next((word for word in column.vocabulary if _same(word, value)), "")
        return
    check = _BY_TYPE.get(column.type)
    if check is not None:
        yield from check(value)
    else:
        yield from _text(value)


def _same(left: str, right: str) -> bool:
    return unicodedata.normalize("NFKC", left).strip() == unicodedata.normalize("NFKC", right).strip()


def _text(value: str) -> Broken:
    yield from _spaces(value)
    if _FULL_WIDTH.search(value):
        yield "value.full_width", _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), value)
    if _PLATFORM.search(value):
        yield (
            "value.platform_characters",
            _PLATFORM.sub(lambda found: unicodedata.normalize("NFKC", found[0]), value)
            if not re.search(r"[\ue000-\uf8ff]", value)
            else "",
        )


def _spaces(value: str) -> Broken:
    if value != value.strip(" 　\t") or "　　" in value or "  " in value or "\t" in value:
        yield "value.spaces", re.sub(r"[ 　\t]{2,}", " ", value.strip(" 　\t")).replace("\t", " ")


def _number(value: str) -> Broken:
    if _NUMBER.fullmatch(value):
        return
    half = unicodedata.normalize("NFKC", value).strip()
    if _NUMBER.fullmatch(half):
        yield "number.form", canonical_number(half)
    elif _WITH_COMMA.fullmatch(half):
        yield "number.comma", canonical_number(half.replace(",", ""))
    elif found := _STARTS_WITH_NUMBER.fullmatch(half):
        # A number that is only about right is not taken for an exact one.
        yield "number.unit", "" if found[1] else canonical_number(found[2].replace(",", ""))
    else:
        yield "number.form", ""


def _integer(value: str) -> Broken:
    if _NUMBER.fullmatch(value) and "." in value:
        yield "number.whole", ""
        return
    yield from _number(value)


def _degrees(value: str) -> Broken:
    if _NUMBER.fullmatch(value):
        return
    half = unicodedata.normalize("NFKC", value).strip()
    yield "place.number", canonical_number(half) if _NUMBER.fullmatch(half) else ""


def _date(value: str) -> Broken:
    if _DATE.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            yield "date.form", ""
        return
    try:
        yield "date.form", parse_wareki(unicodedata.normalize("NFKC", value).strip()).isoformat()
    except WarekiError:
        yield "date.form", ""


def _time(value: str) -> Broken:
    if _TIME.fullmatch(value):
        return
    half = unicodedata.normalize("NFKC", value).strip()
    found = re.fullmatch(r"(\d{1,2})[:時](\d{2})?分?(?::00)?", half)
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        yield "time.form", time(int(found[1]), int(found[2] or 0)).strftime("%H:%M")
    else:
        yield "time.form", ""


def _mark(value: str) -> Broken:
    if value == "1":
        return
    if value.strip() in _MARKS_YES:
        yield "mark.form", "1"
    elif value.strip() in _MARKS_NO:
        yield "mark.form", "空欄"
    else:
        yield "mark.form", ""


def has_check_digit(code: str) -> bool:
    """Whether six digits end in their check digit; the fictional prefecture 99 of samples is no error."""
    return len(code) == 6 and code.isascii() and code.isdigit() and check_digit(code[:5]) == code[5]


def _lg_code(value: str) -> Broken:
    if is_valid(value) or (value.startswith("99") and has_check_digit(value)):
        return
    try:
        yield "code.check_digit", normalise(value)
    except LgCodeError:
        yield "code.check_digit", ""


def _phone(value: str) -> Broken:
    if _PHONE.fullmatch(value):
        return
    half = unicodedata.normalize("NFKC", value).strip()
    plain = re.sub(r"[‐−–—―ー]", "-", half)
    found = re.fullmatch(r"\(?(0\d{1,4})\)\s*-?(\d{1,4})-(\d{3,4})", plain) or re.fullmatch(
        r"(0\d{1,4})-(\d{1,4})-(\d{3,4})", plain
    )
    yield "phone.form", "-".join(found.groups()) if found else ""


def _postcode(value: str) -> Broken:
    if _POSTCODE.fullmatch(value):
        return
    digits = re.sub(r"[^\d]", "", unicodedata.normalize("NFKC", value))
    yield "postcode.form", f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else ""


def _url(value: str) -> Broken:
    if not _URL.fullmatch(value):
        found = _URL.search(value)
        yield "url.form", found[0] if found else ""


def _email(value: str) -> Broken:
    if not _EMAIL.fullmatch(value):
        half = unicodedata.normalize("NFKC", value).strip()
        yield "email.form", half if _EMAIL.fullmatch(half) else ""


def _kana(value: str) -> Broken:
    yield from _spaces(value)
    if _KANA.fullmatch(value):
        return
    folded = "".join(
        chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in unicodedata.normalize("NFKC", value)
    )
    yield "kana.form", folded if _KANA.fullmatch(folded) else ""


_BY_TYPE: dict[ColumnType, Callable[[str], Broken]] = {
    ColumnType.NUMBER: _number,
    ColumnType.INTEGER: _integer,
    ColumnType.LATITUDE: _degrees,
    ColumnType.LONGITUDE: _degrees,
    ColumnType.DATE: _date,
    ColumnType.TIME: _time,
    ColumnType.MARK: _mark,
    ColumnType.LG_CODE: _lg_code,
    ColumnType.PHONE: _phone,
    ColumnType.POSTCODE: _postcode,
    ColumnType.URL: _url,
    ColumnType.EMAIL: _email,
    ColumnType.KANA: _kana,
}
