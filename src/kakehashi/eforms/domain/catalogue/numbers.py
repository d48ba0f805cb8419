"""数 and 金額 (whole yen)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from kakehashi.eforms.domain.catalogue.base import (
    Context,
    FieldType,
    Input,
    Setting,
    Wrong,
    int_setting,
    line,
    shape_problem,
    single,
)
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.text_cleaning import fold_ascii

__all__ = ["MoneyType", "NumberType"]

# JSON numbers are exact up to 2**53; fifteen digits stay below it.
GREATEST = 999_999_999_999_999
_WHOLE = re.compile(r"-?[0-9]{1,15}")
NOT_WHOLE = gettext_noop("数字だけで入力してください。例：1200")
TOO_SMALL = gettext_noop("%(limit)s以上の数を入力してください。")
TOO_LARGE = gettext_noop("%(limit)s以下の数を入力してください。")


class NumberType(FieldType):
    """数: a whole number with its unit."""

    code = "number"
    label = "数"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("minimum", "最小の数", "int"),
        Setting("maximum", "最大の数", "int"),
        Setting("unit", "単位（人、枚、㎡など）", "text"),
    )
    strip = re.compile(r"[,\s]")

    def limits(self, field_: Field) -> tuple[int, int]:
        """The least and the greatest number."""
        least, most = int_setting(field_, "minimum"), int_setting(field_, "maximum")
        return (0 if least is None else least), (GREATEST if most is None else most)

    def unit(self, field_: Field) -> str:
        """What stands after the number."""
        unit = field_.settings.get("unit", "")
        return unit if isinstance(unit, str) else ""

    def parse(self, field_: Field, raw: object, context: Context) -> int | None:
        """A whole number, None when empty."""
        if isinstance(raw, bool | float):
            raise shape_problem(field_)
        typed = raw if isinstance(raw, int) and abs(raw) <= GREATEST else self.typed_number(field_, raw)
        if typed is None:
            return None
        least, most = self.limits(field_)
        if typed < least:
            raise Wrong(Problem(TOO_SMALL, {"limit": f"{least:,}"}))
        if typed > most:
            raise Wrong(Problem(TOO_LARGE, {"limit": f"{most:,}"}))
        return typed

    def typed_number(self, field_: Field, raw: object) -> int | None:
        """Read 「１，２００」, "1 200", 「1200円」; raises Wrong."""
        text = self.strip.sub("", fold_ascii(line(raw if not isinstance(raw, int) else "x", 60)))
        unit = fold_ascii(self.unit(field_))
        if unit and text.endswith(unit):
            text = text.removesuffix(unit)
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise Wrong(Problem(NOT_WHOLE))
        return int(text)

    def schema(self, field_: Field) -> dict[str, Any]:
        """An integer between its limits."""
        least, most = self.limits(field_)
        return {"type": "integer", "minimum": least, "maximum": most}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One input with the number keyboard; not type=number, whose wheel and rounding change what people typed."""
        least, _ = self.limits(field_)
        mode = "text" if least < 0 else "numeric"
        return single(
            field_, typed, language, prefix, inputmode=mode, maxlength=24, width="short", suffix=self.unit(field_)
        )

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """1,200人."""
        return f"{value:,}{self.unit(field_)}"

    def check(self, field_: Field) -> list[str]:
        """The least may not be above the greatest."""
        least, most = self.limits(field_)
        return ["最小の数が最大の数より大きくなっています。"] if least > most else []


class MoneyType(NumberType):
    """金額: whole yen."""

    code = "money"
    label = "金額（円）"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("minimum", "最小の金額", "int"),
        Setting("maximum", "最大の金額", "int"),
    )
    strip = re.compile(r"[,\s¥\\]")

    def unit(self, field_: Field) -> str:
        """Always yen."""
        return "円"
