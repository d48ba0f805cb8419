"""What belongs to a form as a whole: what is to be paid, the questions before starting, the blocks it was built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kakehashi.eforms.domain.json_parts import (
    DefinitionError,
    Translations,
    items_of,
    key_of,
    plain_translations,
    text_of,
    translations_of,
    whole_number,
    without_empty,
)

__all__ = [
    "NO_FEE",
    "BlockUse",
    "Fee",
    "ScreeningQuestion",
    "block_from_json",
    "block_to_json",
    "fee_from_json",
    "fee_to_json",
    "question_from_json",
    "question_to_json",
]

MOST_QUESTIONS, MOST_BLOCKS, MOST_BLOCK_FIELDS, GREATEST_FEE = 10, 20, 100, 999_999_999


@dataclass(frozen=True)
class Fee:
    """What the applicant has to pay: nothing, a fixed sum, or what a question's answer comes to. Whole yen.

    ``field`` is the key of a question whose answer is a number (計算, 金額, 数) or whose options carry one.
    """

    yen: int = 0
    field: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether the form asks for money at all."""
        return bool(self.yen or self.field)


NO_FEE = Fee()


@dataclass(frozen=True)
class ScreeningQuestion:
    """One yes-or-no question before the form begins. The answer ``stops_on`` leads to an exit page that says why and where else.

    Nothing of it is ever stored. ``label`` is the question, ``help`` stands below it, ``why`` and ``elsewhere`` on the exit page.
    """

    key: str
    label: str
    stops_on: str = "no"
    help: str = ""
    why: str = ""
    elsewhere: str = ""
    translations: Translations = field(default_factory=dict)


@dataclass(frozen=True)
class BlockUse:
    """A reusable block (部品) that stands in a form and is followed: which version of it, and which question came from which.

    ``fields`` maps the block's keys to the form's. A block that was copied as a template leaves nothing behind.
    """

    block_id: str
    number: int
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)


def fee_from_json(data: object) -> Fee:
    """Read a fee; raises DefinitionError."""
    if data is None:
        return NO_FEE
    if not isinstance(data, Mapping):
        raise DefinitionError("手数料の形が正しくありません。")
    yen = whole_number(data, "yen") or 0
    if not 0 <= yen <= GREATEST_FEE:
        raise DefinitionError("手数料は0円から999,999,999円までです。")
    return Fee(yen=yen, field=key_of(data, "field") if data.get("field") else "")


def fee_to_json(fee: Fee) -> dict[str, Any] | None:
    """The fee as JSON, None when nothing is asked."""
    return without_empty({"yen": fee.yen or None, "field": fee.field}) if fee.is_asked else None


def question_from_json(data: Mapping[str, Any]) -> ScreeningQuestion:
    """Read a question before starting; raises DefinitionError."""
    stops_on = data.get("stops_on", "no")
    if stops_on not in ("yes", "no"):
        raise DefinitionError("はじめる前の質問は「はい」か「いいえ」で止まります。")
    texts = {name: text_of(data, name) for name in ("label", "help", "why", "elsewhere")}
    return ScreeningQuestion(
        key=key_of(data),
        stops_on=stops_on,
        translations=translations_of(data),
        **texts,
    )


def question_to_json(question: ScreeningQuestion) -> dict[str, Any]:
    """The question as JSON."""
    return without_empty(
        {
            "key": question.key,
            "label": question.label,
            "stops_on": question.stops_on,
            "help": question.help,
            "why": question.why,
            "elsewhere": question.elsewhere,
            "translations": plain_translations(question.translations),
        }
    )


def block_from_json(data: Mapping[str, Any]) -> BlockUse:
    """Read the use of a block; raises DefinitionError."""
    fields, number = data.get("fields", {}), whole_number(data, "number")
    if not isinstance(fields, dict) or len(fields) > MOST_BLOCK_FIELDS or number is None or number < 1:
        raise DefinitionError("部品の使い方を読めません。")
    try:
        block_id = str(UUID(text_of(data, "block_id")))
    except ValueError as error:
        raise DefinitionError("部品の使い方を読めません。") from error
    keys = {key_of({"key": upstream}): key_of({"key": local}) for upstream, local in fields.items()}
    return BlockUse(block_id=block_id, number=number, title=text_of(data, "title", 200), fields=keys)


def block_to_json(use: BlockUse) -> dict[str, Any]:
    """The use of a block as JSON."""
    return {"block_id": use.block_id, "number": use.number, "title": use.title, "fields": dict(use.fields)}


def questions_of(data: Mapping[str, Any]) -> Sequence[ScreeningQuestion]:
    """The questions before starting of a whole definition."""
    return tuple(question_from_json(item) for item in items_of(data, "screening", MOST_QUESTIONS))


def blocks_of(data: Mapping[str, Any]) -> Sequence[BlockUse]:
    """The blocks a whole definition follows."""
    return tuple(block_from_json(item) for item in items_of(data, "blocks", MOST_BLOCKS))
