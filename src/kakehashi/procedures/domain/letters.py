"""通知書のひな形: texts in plain Japanese with 【…】 where something of the case is filled in.

The frame of a letter (number, date, addressee, issuer, reasons and 教示) is not part of a template: it is always there.
A name in 【 】 that is not on the list, or one for which the case has nothing, stops the letter with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "ANSWER",
    "STANDARD",
    "LetterText",
    "NothingToFillIn",
    "UnknownPlaceholder",
    "fill",
    "fill_letter",
    "names_in",
]

_SLOT = re.compile(r"【([^【】\n]{1,80})】")
ANSWER = "回答："
"""Begins the name of a placeholder that is filled with an answer of the form: 【回答：工事の内容】."""

STANDARD: dict[str, str] = {
    "申請者の氏名": "申請した人・届け出た人の氏名か名称",
    "受付番号": "申請の受付番号",
    "手続の名前": "手続台帳の名前",
    "申請日": "申請が到達した日",
    "結果": "許可、交付決定、不許可など",
    "理由": "起案に書いた理由",
    "条件": "起案に書いた条件・内容",
    "金額": "起案に書いた金額",
    "根拠": "手続台帳の根拠法令・条例",
    "団体名": "この団体の名前",
    "処分をする人": "○○町長、○○県知事",
    "所管課": "手続の所管課",
    "問合せ先": "手続の問合せ先",
}
"""Placeholders every letter may use, each with what it stands for."""


class UnknownPlaceholder(ValueError):
    """The text names something that is not on the list; `name` is what stands in the brackets."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NothingToFillIn(ValueError):
    """The case has nothing for a placeholder; `name` says for which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a template writes: title, sentence, headed rows (one a line, 「見出し：内容」) and a closing remark."""

    title: str
    text: str
    rows: str = ""
    remark: str = ""

    def check(self, allowed: Iterable[str]) -> None:
        """Raises UnknownPlaceholder for the first name that is not allowed."""
        known = set(allowed)
        for part in (self.title, self.text, self.rows, self.remark):
            for name in names_in(part):
                if name not in known:
                    raise UnknownPlaceholder(name)


def names_in(text: str) -> list[str]:
    """The placeholders of a text, in order, each once."""
    return list(dict.fromkeys(_SLOT.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder filled in; what is filled in is never read for placeholders again.

    Raises NothingToFillIn.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        found = values.get(name, "").strip()
        if not found:
            raise NothingToFillIn(name)
        return found

    return _SLOT.sub(value, text)


def fill_letter(letter: LetterText, values: Mapping[str, str]) -> tuple[str, str, tuple[tuple[str, str], ...], str]:
    """Title, text, rows (label, text) and remark of the real letter. Raises NothingToFillIn."""
    rows = []
    for line in letter.rows.splitlines():
        label, mark, content = line.partition("：")
        # A placeholder of an answer holds the same mark: the label ends at the first one outside of brackets.
        if "【" in label and "】" not in label:
            label, mark, content = "", "", line
        if line.strip():
            rows.append((fill(label, values).strip(), fill(content, values).strip() if mark else fill(line, values)))
    return (
        fill(letter.title, values),
        fill(letter.text, values),
        tuple((label if label != text else "", text) for label, text in rows),
        fill(letter.remark, values),
    )
