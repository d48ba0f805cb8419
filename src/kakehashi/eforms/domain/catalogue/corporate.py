"""法人番号: thirteen digits, the first of which checks the others."""

from __future__ import annotations

import re
from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Wrong, line, single
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.text_cleaning import fold_ascii

__all__ = ["CorporateNumberType", "corporate_check_digit"]

NOT_THIRTEEN = gettext_noop("法人番号は13けたの数字で入力してください。例：7000012050002")
WRONG_CHECK = gettext_noop("この法人番号はありません。数字の打ちまちがいがないか確かめてください。")
_DIGITS = re.compile(r"[0-9]{13}")


def corporate_check_digit(base: str) -> int:
    """The first digit for the twelve that follow it (法人番号の指定等に関する省令 §2)."""
    total = sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base)))
    return 9 - total % 9


class CorporateNumberType(FieldType):
    """法人番号: kept as thirteen digits."""

    code = "corporate_number"
    label = "法人番号"
    takes_free_text = False

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """The digits, None when empty."""
        typed = re.sub(r"[\s-]", "", fold_ascii(line(raw, 60)))
        if not typed:
            return None
        if not _DIGITS.fullmatch(typed):
            raise Wrong(Problem(NOT_THIRTEEN))
        if int(typed[0]) != corporate_check_digit(typed[1:]):
            raise Wrong(Problem(WRONG_CHECK))
        return typed

    def schema(self, field_: Field) -> dict[str, Any]:
        """Thirteen digits."""
        return {"type": "string", "pattern": "^[1-9][0-9]{12}$"}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One input with the number keyboard."""
        return single(field_, typed, language, prefix, inputmode="numeric", maxlength=20, width="medium")

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The digits as they are printed: 7-0000-1205-0002."""
        digits = str(value)
        return f"{digits[0]}-{digits[1:5]}-{digits[5:9]}-{digits[9:]}" if len(digits) == 13 else digits
