"""電話 and メール."""

from __future__ import annotations

import re
from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Wrong, line, single
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.text_cleaning import fold_ascii

__all__ = ["MailType", "PhoneType"]

BAD_PHONE = gettext_noop("電話番号は、0から始まる10けたか11けたの数字で入力してください。例：0312345678")
BAD_MAIL = gettext_noop("メールアドレスの形が正しくありません。例：hanako@example.jp")

_PHONE = r"^(0[0-9]{9,10}|\+[1-9][0-9]{7,14})$"
_PHONE_PATTERN = re.compile(_PHONE)
_SEPARATORS = re.compile(r"[\s\-()./]")
# Some Japanese carriers gave out addresses with ".." and ".@": they are not RFC 5322, but people have them.
_MAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
_MAIL_PATTERN = re.compile(_MAIL)


class PhoneType(FieldType):
    """電話: kept as digits without separators; ``+81`` becomes ``0``, other countries keep ``+``."""

    code = "phone"
    label = "電話番号"

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """The digits, None when empty."""
        typed = _SEPARATORS.sub("", fold_ascii(line(raw, 60)))
        if not typed:
            return None
        digits = "0" + typed.removeprefix("+81").removeprefix("0") if typed.startswith("+81") else typed
        if not _PHONE_PATTERN.fullmatch(digits):
            raise Wrong(Problem(BAD_PHONE))
        return digits

    def schema(self, field_: Field) -> dict[str, Any]:
        """Digits of a Japanese or international number."""
        return {"type": "string", "pattern": _PHONE}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One telephone input."""
        return single(
            field_,
            typed,
            language,
            prefix,
            type="tel",
            inputmode="tel",
            autocomplete="tel",
            maxlength=30,
            width="medium",
        )

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The digits, cut where a mobile number is usually cut."""
        digits = str(value)
        if len(digits) == 11 and digits[:3] in {"070", "080", "090", "050"}:
            return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
        return digits


class MailType(FieldType):
    """メール: the domain in lower case, nothing else changed."""

    code = "email"
    label = "メールアドレス"

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """The address, None when empty."""
        address = fold_ascii(line(raw, 400)).replace(" ", "")
        if not address:
            return None
        if len(address) > 254 or not _MAIL_PATTERN.fullmatch(address):
            raise Wrong(Problem(BAD_MAIL))
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"

    def schema(self, field_: Field) -> dict[str, Any]:
        """An address of ASCII letters."""
        return {"type": "string", "pattern": _MAIL, "maxLength": 254}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One mail input."""
        return single(
            field_, typed, language, prefix, type="email", inputmode="email", autocomplete="email", maxlength=254
        )

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The address."""
        return str(value)
