"""氏名 + カナ."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from kakehashi.eforms.domain.catalogue.base import (
    Context,
    FieldType,
    Input,
    Setting,
    Wrong,
    parts_of,
    typed_parts,
    typed_text,
)
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext
from kakehashi.kernel.folding import to_katakana

__all__ = ["NameType"]

_LABELS = {
    "family": pgettext("form part", "氏"),
    "given": pgettext("form part", "名"),
    "family_kana": pgettext("form part", "氏（カナ）"),
    "given_kana": pgettext("form part", "名（カナ）"),
    "note": pgettext("form part", "打てない字の説明"),
}
# Standard autofill has no token for kana; the two tokens name what is typed, in the order people are asked.
_AUTOCOMPLETE = {
    "family": "family-name",
    "given": "given-name",
    "family_kana": "off",
    "given_kana": "off",
    "note": "off",
}
_KANA = r"^[ァ-ヺー・ヽヾ ]+$"
_KANA_PATTERN = re.compile(_KANA)
MISSING = {
    "family": gettext_noop("氏（名字）を入力してください。"),
    "given": gettext_noop("名（名前）を入力してください。"),
    "family_kana": gettext_noop("氏のカナを入力してください。"),
    "given_kana": gettext_noop("名のカナを入力してください。"),
}
NOTE_HINT = gettext_noop("外字など、打てない字があるときに。例：「高」は、はしごだか")
NOT_KANA = gettext_noop("カタカナかひらがなで入力してください。")


class NameType(FieldType):
    """氏名: 氏, 名 and the kana of both. Kana typed as hiragana or half-width becomes katakana.

    Kanji stay as typed, variation selectors included (葛󠄀). For a letter that no keyboard has, ``note`` says in words which one is meant.
    """

    code = "name"
    label = "氏名（カナつき）"
    parts = ("family", "given", "family_kana", "given_kana", "note")
    needed = parts[:4]
    is_group = True
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("note", "打てない字（外字）の説明欄を出す", "bool", default=False),
    )

    def parse(self, field_: Field, raw: object, context: Context) -> dict[str, str] | None:
        """The four parts and the note if there is one, None when all are empty."""
        if raw is None or raw == "":
            return None
        parts = parts_of(field_, raw, self.parts, 60)
        if not any(parts.values()):
            return None
        problems = [Problem(MISSING[name], part=name) for name in self.needed if not parts[name]]
        for name in ("family_kana", "given_kana"):
            parts[name] = to_katakana(parts[name])
            if parts[name] and not _KANA_PATTERN.fullmatch(parts[name]):
                problems.append(Problem(NOT_KANA, part=name))
        if problems:
            raise Wrong(*problems)
        if not parts["note"]:
            del parts["note"]
        return parts

    def schema(self, field_: Field) -> dict[str, Any]:
        """Four non-empty texts, two of them katakana."""
        text = {"type": "string", "minLength": 1, "maxLength": 60}
        kana = {**text, "pattern": _KANA}
        return {
            "type": "object",
            "required": list(self.needed),
            "properties": {"family": text, "given": text, "family_kana": kana, "given_kana": kana, "note": text},
            "additionalProperties": False,
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """Four inputs, and the note where the form has one or one was written."""
        values = typed_parts(typed)
        return [
            Input(
                name=f"{prefix}{field_.key}.{part}",
                part=part,
                label=_LABELS[part],
                value=typed_text(values.get(part)),
                autocomplete=_AUTOCOMPLETE[part],
                maxlength=60,
                width="" if part == "note" else "half",
                required=field_.required and part != "note",
                hint=NOTE_HINT if part == "note" else "",
            )
            for part in (self.parts if field_.settings.get("note") or values.get("note") else self.needed)
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """氏 名（シ メイ）."""
        note = f"〔{value['note']}〕" if value.get("note") else ""
        return f"{value['family']} {value['given']}（{value['family_kana']} {value['given_kana']}）{note}"
