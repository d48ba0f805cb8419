"""文章 (one line or several), and 説明文 (a text block that asks nothing)."""

from __future__ import annotations

from typing import Any

from kakehashi.eforms.domain.catalogue.base import Context, FieldType, Input, Setting, Wrong, int_setting, single
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.text_cleaning import clean_line, clean_lines

__all__ = ["NoteType", "TextType"]

TOO_SHORT = gettext_noop("%(limit)d文字以上で入力してください。")


class TextType(FieldType):
    """文章: a line (200 characters) or several lines (2,000), or as long as the field says."""

    code = "text"
    label = "文章"
    settings = (
        Setting("multiline", "何行でも書けるようにする", "bool", default=False),
        Setting("max_length", "最大の文字数", "int"),
        Setting("min_length", "最小の文字数", "int"),
    )

    def limit(self, field_: Field) -> int:
        """The greatest number of characters."""
        usual = 2_000 if field_.settings.get("multiline") else 200
        return min(int_setting(field_, "max_length") or usual, 10_000)

    def parse(self, field_: Field, raw: object, context: Context) -> str | None:
        """The text, None when empty."""
        clean = clean_lines if field_.settings.get("multiline") else clean_line
        text = clean(raw, self.limit(field_))
        if isinstance(text, Problem):
            raise Wrong(text)
        least = int_setting(field_, "min_length")
        if text and least and len(text) < least:
            raise Wrong(Problem(TOO_SHORT, {"limit": least}))
        return text or None

    def schema(self, field_: Field) -> dict[str, Any]:
        """A string of bounded length."""
        return {"type": "string", "minLength": int_setting(field_, "min_length") or 1, "maxLength": self.limit(field_)}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """An input, or a textarea."""
        control = "textarea" if field_.settings.get("multiline") else "input"
        return single(field_, typed, language, prefix, control=control, maxlength=self.limit(field_))

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The text itself."""
        return str(value)

    def check(self, field_: Field) -> list[str]:
        """The shortest may not be longer than the longest."""
        least = int_setting(field_, "min_length") or 0
        return ["最小の文字数が最大の文字数より大きくなっています。"] if least > self.limit(field_) else []


class NoteType(FieldType):
    """説明文: shown, never answered. The text stands in ``help``, a short heading in ``label``."""

    code = "note"
    label = "説明文"
    keeps_answer = False
    takes_free_text = False

    def parse(self, field_: Field, raw: object, context: Context) -> None:
        """Nothing is ever read."""
        return

    def schema(self, field_: Field) -> dict[str, Any]:
        """No answer is allowed."""
        return {"not": {}}

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """No control."""
        return []

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """Nothing to say."""
        return ""
