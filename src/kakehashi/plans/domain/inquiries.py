"""照会・回答: what is asked, how an answer is checked, and what stands in one table afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from kakehashi.indicators.domain.figure import STATE_WORDS, WITHOUT_NUMBER, FigureState, number_text

NOT_APPLICABLE = FigureState.NOT_APPLICABLE.value
MOST_ITEMS, LONGEST = 60, 2000
_LARGEST = Decimal(10) ** 15
WORDLESS = {STATE_WORDS[state][0]: state.value for state in WITHOUT_NUMBER}
WORDS = {value: word for word, value in WORDLESS.items()}


class ItemKind(StrEnum):
    """What kind of answer an item asks for."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    INDICATOR = "indicator"


ITEM_WORDS = {
    ItemKind.TEXT: "文章",
    ItemKind.NUMBER: "数",
    ItemKind.CHOICE: "選択",
    ItemKind.INDICATOR: "指標（自動で入る）",
}


@dataclass(frozen=True)
class Item:
    """One thing asked. An indicator item names the measure and the period the platform fills in from."""

    key: str
    label: str
    kind: ItemKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    measure: str = ""
    period: str = ""
    required: bool = True
    help: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number, or a word for having none."""
        return self.kind in {ItemKind.NUMBER, ItemKind.INDICATOR}


@dataclass(frozen=True)
class Answer:
    """One answer: `value` as it is kept, `filled` what the platform had put there, `reason` why it differs."""

    key: str
    value: str = ""
    filled: str = ""
    reason: str = ""
    source: str = ""


@dataclass
class Checked:
    """Answers in the order of the items, and what is wrong beside each."""

    answers: list[Answer] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class ItemError(ValueError):
    """An item that cannot be asked; the message says why."""


def to_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Items as they are kept."""
    return [{**asdict(one), "kind": one.kind.value, "choices": list(one.choices)} for one in items]


def from_json(rows: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Items from how they are kept."""
    return [Item(**{**row, "kind": ItemKind(row["kind"]), "choices": tuple(row["choices"])}) for row in rows]


def answers_from_json(rows: Sequence[Mapping[str, Any]]) -> dict[str, Answer]:
    """Answers by their item's key from how they are kept."""
    return {row["key"]: Answer(**row) for row in rows}


def check_items(items: Sequence[Item]) -> None:
    """Raises ItemError where an item has no words, no choices, or no measure."""
    if not items:
        raise ItemError("項目を1つ以上書いてください。")
    if len(items) > MOST_ITEMS:
        raise ItemError(f"項目は{MOST_ITEMS}個までです。")
    for place, one in enumerate(items, start=1):
        if not one.label.strip():
            raise ItemError(f"{place}番目の項目の名前を書いてください。")
        if one.kind is ItemKind.CHOICE and len(one.choices) < 2:
            raise ItemError(f"「{one.label}」の選択肢を2つ以上書いてください。")
        if one.kind is ItemKind.INDICATOR and not one.measure:
            raise ItemError(f"「{one.label}」の指標を選んでください。")


def check_answers(
    items: Sequence[Item], given: Mapping[str, str], reasons: Mapping[str, str], filled: Mapping[str, Answer]
) -> Checked:
    """Check what was answered. A number that differs from the platform's own needs a reason."""
    checked = Checked()
    for item in items:
        known = filled.get(item.key, Answer(item.key))
        value, problem = checked_value(item, given.get(item.key, ""))
        reason = reasons.get(item.key, "").strip()[:500]
        if not problem and item.required and value == "":
            problem = (
                "回答を書いてください。数えられないときは「該当なし」「未調査」などと書けます。"
                if item.is_number
                else "回答を書いてください。"
            )
        if not problem and item.kind is ItemKind.INDICATOR and known.filled and value != known.filled and not reason:
            problem = f"自動で入った値（{shown(item, known.filled)}）と違います。違う理由を書いてください。"
        if problem:
            checked.problems[item.key] = problem
        differs = value != known.filled
        checked.answers.append(Answer(item.key, value, known.filled, reason if differs else "", known.source))
    return checked


def checked_value(item: Item, text: str) -> tuple[str, str]:
    """The value as it is kept, and what is wrong with it."""
    text = text.strip()
    if item.is_number:
        return _number(text)
    if item.kind is ItemKind.CHOICE and text and text not in item.choices:
        return text, "選択肢から選んでください。"
    return text[:LONGEST], "" if len(text) <= LONGEST else f"{LONGEST}字までにしてください。"


def _number(text: str) -> tuple[str, str]:
    if text in WORDLESS or text in WORDS:
        return WORDLESS.get(text, text), ""
    if not text:
        return "", ""
    plain = text.replace(",", "").replace("，", "").rstrip("%％")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text, "数で書いてください。数がないときは「該当なし」「対象外」「未調査」「不明」と書けます。"
    if not number.is_finite() or abs(number) >= _LARGEST:
        return text, "大きすぎるか、数ではない値です。"
    return f"{number.quantize(Decimal('0.0001')).normalize():f}", ""


def shown(item: Item, value: str) -> str:
    """An answer as people read it: a number with its unit, a word for having none, the text itself."""
    if not item.is_number or value == "":
        return value
    if value in WORDS:
        return WORDS[value]
    try:
        return f"{number_text(Decimal(value), item.unit)}{item.unit}"
    except InvalidOperation:
        return value


def exported(item: Item, value: str) -> float | str:
    """An answer in a file: a number as a number."""
    if item.is_number and value and value not in WORDS:
        try:
            return float(Decimal(value))
        except InvalidOperation:
            return value
    return WORDS.get(value, value) if item.is_number else value


def headings(items: Sequence[Item]) -> list[str]:
    """The headings of the collected table."""
    return [f"{one.label}（{one.unit}）" if one.unit else one.label for one in items]
