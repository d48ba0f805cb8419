"""生年月日 and 日付, typed in 西暦 or 和暦."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from kakehashi.eforms.domain.catalogue.base import (
    Context,
    FieldType,
    Input,
    Setting,
    Wrong,
    line,
    parts_of,
    typed_parts,
)
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext
from kakehashi.eforms.domain.text_cleaning import fold_ascii
from kakehashi.kernel.wareki import ERAS as KNOWN_ERAS
from kakehashi.kernel.wareki import WarekiError, format_wareki, parse_wareki

__all__ = ["BirthDateType", "DateType"]

_LABELS = {
    "era": pgettext("form part", "西暦・元号"),
    "year": pgettext("form part", "年"),
    "month": pgettext("form part", "月"),
    "day": pgettext("form part", "日"),
}
# The value of 西暦 is empty, so that an untouched select does not count as an answer.
ERAS = (
    ("", pgettext("form part", "西暦")),
    ("令和", pgettext("form part", "令和")),
    ("平成", pgettext("form part", "平成")),
    ("昭和", pgettext("form part", "昭和")),
    ("大正", pgettext("form part", "大正")),
    ("明治", pgettext("form part", "明治")),
)
_ISO = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_ISO_PATTERN = re.compile(_ISO)
_ERA_IN_YEAR = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHRmtshr])\s*(元|[0-9]{1,2})")
_NUMBER = re.compile(r"元|[0-9]{1,4}")

INCOMPLETE = gettext_noop("年・月・日をすべて入力してください。")
NOT_A_DATE = gettext_noop("この日付はありません。年・月・日を確かめてください。")
ERA_MISMATCH = gettext_noop("元号と年月日が合っていません。例：昭和60年4月1日、1985年4月1日")
ERA_WRONG = gettext_noop("%(typed)sという日はありません。%(right)sのことでしたら、そのように直してください。")
IN_FUTURE = gettext_noop("今日より後の日付です。年・月・日を確かめてください。")
TOO_OLD = gettext_noop("年を確かめてください。1868年より前の日付は入力できません。")
NOT_PAST = gettext_noop("今日か、今日より前の日付を入力してください。")
NOT_COMING = gettext_noop("今日か、今日より後の日付を入力してください。")
OLDEST = date(1868, 10, 23)


def _read_parts(parts: Mapping[str, str]) -> date:
    era, year = parts["era"], fold_ascii(parts["year"]).removesuffix("年")
    inside = _ERA_IN_YEAR.fullmatch(year)
    if inside:
        era, year = inside[1], inside[2]
    month, day = (fold_ascii(parts[name]).removesuffix(_LABELS[name]) for name in ("month", "day"))
    empty = [name for name, text in (("year", year), ("month", month), ("day", day)) if not text]
    if empty:
        raise Wrong(Problem(INCOMPLETE, part=empty[0]))
    if not all(_NUMBER.fullmatch(text) for text in (year, month, day)):
        raise Wrong(Problem(NOT_A_DATE, part="year"))
    return _read_text(f"{era}{year}年{month}月{day}日", is_japanese=bool(era))


_IN_ERA = re.compile(r"(明治|大正|昭和|平成|令和)(元|[0-9]{1,2})年([0-9]{1,2})月([0-9]{1,2})日")


def _right_era(text: str) -> str:
    """The same day counted on in its right era, 「令和2年4月1日」 for 平成32年4月1日; empty when it cannot be told."""
    found = _IN_ERA.fullmatch(text)
    era = next((one for one in KNOWN_ERAS if found and one.name == found[1]), None)
    if found is None or era is None:
        return ""
    year = era.first_day.year + (1 if found[2] == "元" else int(found[2])) - 1
    try:
        return format_wareki(date(year, int(found[3]), int(found[4])))
    except (WarekiError, ValueError):
        return ""


def _never_there(text: str) -> str:
    """The part that the calendar has in no year, whatever the era: the day of 「昭和60年2月31日」; empty where there is none."""
    found = _IN_ERA.fullmatch(text)
    if found is None:
        return ""
    try:
        date(2000, int(found[3]), int(found[4]))
    except ValueError:
        return "day" if 1 <= int(found[3]) <= 12 else "month"
    return ""


def _read_text(text: str, *, is_japanese: bool) -> date:
    if _ISO_PATTERN.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Wrong(Problem(NOT_A_DATE)) from error
    try:
        return parse_wareki(text)
    except WarekiError as error:
        if right := _right_era(text):
            raise Wrong(Problem(ERA_WRONG, {"typed": text, "right": right}, part="year")) from error
        if is_japanese and (part := _never_there(text)):
            raise Wrong(Problem(NOT_A_DATE, part=part)) from error
        raise Wrong(Problem(ERA_MISMATCH if is_japanese else NOT_A_DATE, part="year")) from error


class DateType(FieldType):
    """日付: kept as ``YYYY-MM-DD``. ``range`` may ask for a day until today or from today."""

    code = "date"
    label = "日付"
    parts = ("era", "year", "month", "day")
    is_group = True
    takes_free_text = False
    tokens: ClassVar[Mapping[str, str]] = {}
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "range",
            "入力できる日",
            "choice",
            choices=(("", "いつでもよい"), ("past", "今日まで"), ("coming", "今日から")),
        ),
    )

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """``YYYY-MM-DD``, None when empty."""
        if raw is None:
            return None
        if isinstance(raw, Mapping):
            parts = parts_of(field_, raw, self.parts, 20)
            if not any(parts[name] for name in ("year", "month", "day")):
                return None
            day = _read_parts(parts)
        else:
            text = line(raw, 40)
            if not text:
                return None
            day = _read_text(text, is_japanese=True)
        self.check_range(field_, day, context)
        return day.isoformat()

    def check_range(self, field_: Field, day: date, context: Context) -> None:
        """Raise Wrong when the day is outside what the field asks for."""
        if day < OLDEST:
            raise Wrong(Problem(TOO_OLD, part="year"))
        wanted = field_.settings.get("range")
        if wanted == "past" and day > context.today:
            raise Wrong(Problem(NOT_PAST, part="year"))
        if wanted == "coming" and day < context.today:
            raise Wrong(Problem(NOT_COMING, part="year"))

    def schema(self, field_: Field) -> dict[str, Any]:
        """An ISO date."""
        return {"type": "string", "format": "date", "pattern": _ISO}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """元号, 年, 月, 日."""
        name = f"{prefix}{field_.key}"
        values = _parts_typed(typed)
        era = Input(
            f"{name}.era", _LABELS["era"], "era", control="select", value=values["era"], choices=ERAS, width="short"
        )
        numbers = [
            Input(
                f"{name}.{part}",
                _LABELS[part],
                part,
                value=values[part],
                inputmode="numeric",
                autocomplete=self.tokens.get(part, "off"),
                maxlength=6 if part == "year" else 3,
                width="short",
                required=field_.required,
            )
            for part in ("year", "month", "day")
        ]
        return [era, *numbers]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """昭和60年4月1日（1985年）; in other languages 1985-04-01."""
        day = date.fromisoformat(str(value))
        if not language.startswith("ja") or day < OLDEST:
            return day.isoformat()
        return f"{format_wareki(day)}（{day.year}年）"


def _parts_typed(typed: object) -> dict[str, str]:
    values = {"era": "", "year": "", "month": "", "day": ""}
    if isinstance(typed, str):
        cut = typed.split("-") if _ISO_PATTERN.fullmatch(typed) else [typed[:20], "", ""]
        values |= {"year": cut[0], "month": cut[1].lstrip("0"), "day": cut[2].lstrip("0")}
    given = typed_parts(typed)
    return {part: given[part] if isinstance(given.get(part), str) else text for part, text in values.items()}


class BirthDateType(DateType):
    """生年月日: a date until today, with the tokens that let the browser fill it in."""

    code = "birth_date"
    label = "生年月日"
    tokens: ClassVar[Mapping[str, str]] = {"year": "bday-year", "month": "bday-month", "day": "bday-day"}
    settings: ClassVar[tuple[Setting, ...]] = ()

    def check_range(self, field_: Field, day: date, context: Context) -> None:
        """Nobody is born tomorrow."""
        if day < OLDEST:
            raise Wrong(Problem(TOO_OLD, part="year"))
        if day > context.today:
            raise Wrong(Problem(IN_FUTURE, part="year"))
