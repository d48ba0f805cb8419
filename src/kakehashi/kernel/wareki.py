"""和暦: Japanese eras from 明治 to the present, both directions, exact to the day.

Convention for the years before 1873: Japan kept a lunisolar calendar until 明治5年12月2日 (1872-12-31) and took the Gregorian
one on 明治6年1月1日 (1873-01-01). This module reckons every date in the (proleptic) Gregorian calendar, so month and day before
1873 are Gregorian ones, not those printed in documents of the time. 明治 begins on 1868-10-23, the day of the
改元の詔 (慶応4年9月8日), although the decree renamed the whole year.

An era begins on the day of its change: 1912-07-30 is 大正元年, 1926-12-25 is 昭和元年 (both edicts say 「以後」), 1989-01-08 is 平成元年
and 2019-05-01 is 令和元年. Family registers also carry 明治45年7月30日 and 大正15年12月25日; they are read, never written.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta


class WarekiError(ValueError):
    """A date that cannot be read or does not exist; the message is Japanese and may be shown beside the field."""


@dataclass(frozen=True)
class Era:
    """An era: its name, the letter of the forms (M T S H R), its kanji letter and its first day."""

    name: str
    letter: str
    short: str
    first_day: date


@dataclass(frozen=True)
class Wareki:
    """A date in the Japanese calendar; ``year`` 1 is written 「元年」."""

    era: Era
    year: int
    month: int
    day: int


ERAS: tuple[Era, ...] = (
    Era("明治", "M", "明", date(1868, 10, 23)),
    Era("大正", "T", "大", date(1912, 7, 30)),
    Era("昭和", "S", "昭", date(1926, 12, 25)),
    Era("平成", "H", "平", date(1989, 1, 8)),
    Era("令和", "R", "令", date(2019, 5, 1)),
)

_WEEKDAYS = "月火水木金土日"
# The edicts of 1912 and 1926 took effect within the day, and registers carry both names of it.
_LAST_DAY_SHARED = {"明治", "大正"}

_DIGIT = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:[0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,7}|元)"
_ERA_NAMES = {name: era for era in ERAS for name in (era.name, era.short, era.letter)}
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|明|大|昭|平|令|西暦|[MTSHR])?\.?"
_SEPARATOR = r"[./\-‐−–—ー・、年]"
_DATE = re.compile(
    rf"{_ERA}(?P<year>{_NUMBER}){_SEPARATOR}(?P<month>{_NUMBER})[./\-‐−–—ー・、月](?P<day>{_NUMBER})日?"
    r"(?:\(?(?P<weekday>[月火水木金土日])(?:曜日?)?\)?)?"
)
_COMPACT = re.compile(r"(?P<era>[MTSHR])?(?P<year>\d{2}|\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_YEAR = re.compile(rf"{_ERA}(?P<year>{_NUMBER})年?")


def to_wareki(day: date) -> Wareki:
    """Return ``day`` in the Japanese calendar. Raises WarekiError for days before 1868-10-23."""
    for era in reversed(ERAS):
        if day >= era.first_day:
            return Wareki(era, day.year - era.first_day.year + 1, day.month, day.day)
    raise WarekiError(f"{day.isoformat()}は明治より前の日付のため、和暦で表せません。")


def format_wareki(day: date, weekday: bool = False) -> str:
    """Return 「令和8年11月21日」, or with ``weekday`` 「令和8年11月21日(土)」. Raises WarekiError before 明治."""
    wareki = to_wareki(day)
    year = "元" if wareki.year == 1 else str(wareki.year)
    suffix = f"({_WEEKDAYS[day.weekday()]})" if weekday else ""
    return f"{wareki.era.name}{year}年{wareki.month}月{wareki.day}日{suffix}"


def parse_wareki(text: str) -> date:
    """Read a date as people write it and return it. Raises WarekiError with a message for the field.

    Read are: 令和元年5月1日, 令和8年11月21日(土), R8.11.21, ㋿8/11/21, 令8・11・21, full-width and kanji digits (令和八年十一月二十一日),
    R081121, and Western dates (2026年11月21日, 2026-11-21, 20261121). A year without an era needs four digits.
    A weekday that is written must be right. A day outside its era is an error that names the right era.
    """
    folded = _fold(text)
    match = _DATE.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if match is None:
        raise WarekiError(
            f"「{text.strip()}」を日付として読み取れません。「令和8年4月1日」または「2026-04-01」のように入力してください。"
        )
    era = _era_of(match["era"])
    number = _number(match["year"])
    try:
        day = date(_western_year(era, number, text), _number(match["month"]), _number(match["day"]))
    except ValueError as error:
        if isinstance(error, WarekiError):
            raise
        raise WarekiError(f"「{text.strip()}」という日はありません。") from None
    if era is not None:
        _check_day_in_era(era, day)
    written = match.groupdict().get("weekday")
    if written and _WEEKDAYS[day.weekday()] != written:
        raise WarekiError(f"{format_wareki(day)}は{_WEEKDAYS[day.weekday()]}曜日です。日付か曜日を直してください。")
    return day


def parse_wareki_year(text: str) -> int:
    """Read a year (令和元年, R1, ㋿元, 平成三十一年, 2026年) and return the Western one. Raises WarekiError."""
    match = _YEAR.fullmatch(_fold(text))
    if match is None:
        raise WarekiError(
            f"「{text.strip()}」を年として読み取れません。「令和8年」または「2026年」のように入力してください。"
        )
    return _western_year(_era_of(match["era"]), _number(match["year"]), text)


def last_day_of(era: Era) -> date | None:
    """Return the last day of an era, None for the present one."""
    position = ERAS.index(era)
    return ERAS[position + 1].first_day - timedelta(days=1) if position + 1 < len(ERAS) else None


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _era_of(written: str | None) -> Era | None:
    return _ERA_NAMES[written] if written and written != "西暦" else None


def _number(written: str) -> int:
    """Read Arabic digits, positional kanji (二〇二六) and kanji with units (二千二十六)."""
    if written.isascii():
        return int(written)
    if not any(character in _UNIT for character in written):
        return int("".join(str(_DIGIT[character]) for character in written))
    total = current = 0
    for character in written:
        if character in _UNIT:
            total += (current or 1) * _UNIT[character]
            current = 0
        else:
            current = current * 10 + _DIGIT[character]
    return total + current


def _western_year(era: Era | None, number: int, text: str) -> int:
    if era is None:
        if number < 1000:
            raise WarekiError(
                f"「{text.strip()}」に元号がありません。「令和8年」または「2026年」のように入力してください。"
            )
        return number
    last = last_day_of(era)
    last_year = last.year if last else date.max.year
    # The days that two eras share lie in the first year of the later one, which is the last of the earlier.
    if number < 1:
        raise WarekiError(f"{era.name}0年はありません。最初の年は{era.name}元年です。")
    western = era.first_day.year + number - 1
    if western > last_year:
        raise WarekiError(_no_such_year(era, number, western, last_year))
    return western


def _no_such_year(era: Era, number: int, western: int, last_year: int) -> str:
    final = last_year - era.first_day.year + 1
    if western > date.max.year:
        return f"{era.name}{number}年は扱えません。年を確かめてください。"
    later = to_wareki(date(western, 12, 31))
    year = "元" if later.year == 1 else later.year
    return f"{era.name}{number}年はありません。{era.name}は{final}年までです({western}年は{later.era.name}{year}年)。"


def _check_day_in_era(era: Era, day: date) -> None:
    last = last_day_of(era)
    if last and era.name in _LAST_DAY_SHARED:
        last += timedelta(days=1)
    if day < era.first_day:
        raise WarekiError(f"{era.name}は{_plain(era.first_day)}からです。この日は{_named(day)}です。")
    if last and day > last:
        raise WarekiError(f"{era.name}は{_plain(last)}までです。この日は{_named(day)}です。")


def _named(day: date) -> str:
    return format_wareki(day) if day >= ERAS[0].first_day else f"{_plain(day)}(明治より前)"


def _plain(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
