"""What a form is: steps of fields, with texts in three languages, as immutable values and as JSON.

Japanese texts are plain attributes; other languages stand in ``translations`` by language code ("ja-easy", "en") and
attribute name. Keys are stable: they are given once, are never shown to people, and answers are kept under them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kakehashi.eforms.domain.conditions import Condition, ConditionError, condition_from_json, condition_to_json, holds
from kakehashi.eforms.domain.json_parts import (
    LANGUAGES,
    DefinitionError,
    Translations,
    items_of,
    key_of,
    plain_translations,
    settings_of,
    text_of,
    translations_of,
    whole_number,
    without_empty,
)
from kakehashi.eforms.domain.whole_form import (
    NO_FEE,
    BlockUse,
    Fee,
    ScreeningQuestion,
    block_to_json,
    blocks_of,
    fee_from_json,
    fee_to_json,
    question_to_json,
    questions_of,
)

__all__ = [
    "LANGUAGES",
    "DefinitionError",
    "Field",
    "FormDefinition",
    "Option",
    "Step",
    "from_json",
    "localized",
    "to_json",
    "visible",
]

MOST_STEPS, MOST_FIELDS, MOST_OPTIONS = 30, 300, 200
FORMAT = 1


@dataclass(frozen=True)
class Option:
    """One choice: ``value`` is kept in answers, ``label`` is shown. ``amount`` is what it counts for in a calculation or a fee."""

    value: str
    label: str
    translations: Translations = field(default_factory=dict)
    amount: int | None = None


@dataclass(frozen=True)
class Field:
    """One question (or text block). ``settings`` belong to the type; see the type's own list of settings.

    ``protected`` (特に保護する: 要配慮個人情報 and the like): its answers and files are kept encrypted.
    ``urged`` (できれば答えてもらう): an empty answer is pointed out once and never stops anybody.
    """

    key: str
    type: str
    label: str
    help: str = ""
    required: bool = False
    options: Sequence[Option] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    condition: Condition | None = None
    columns: Sequence[Field] = ()
    translations: Translations = field(default_factory=dict)
    protected: bool = False
    urged: bool = False


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    key: str
    title: str
    fields: Sequence[Field] = ()
    intro: str = ""
    condition: Condition | None = None
    translations: Translations = field(default_factory=dict)


@dataclass(frozen=True)
class FormDefinition:
    """A whole form. ``next_number`` makes new keys and never goes back, so that a key is never given twice.

    ``fee``: what is to be paid; ``screening``: the questions before starting; ``blocks``: the reusable blocks it follows.
    """

    steps: Sequence[Step] = ()
    next_number: int = 1
    fee: Fee = NO_FEE
    screening: Sequence[ScreeningQuestion] = ()
    blocks: Sequence[BlockUse] = ()

    @property
    def key(self) -> str:
        """The name of the form as a whole beside the keys of its parts, none of which can begin like this."""
        return "_form"

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """Every field of every step by its key."""
        return {field.key: field for _, field in self.walk()}

    def walk(self) -> Iterator[tuple[Step, Field]]:
        """Every field with its step, in order."""
        for step in self.steps:
            for field_ in step.fields:
                yield step, field_

    def step(self, key: str) -> Step:
        """The step of this key; raises DefinitionError when there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise DefinitionError("そのページはこの様式にありません。")


def localized(thing: Option | Field | Step | ScreeningQuestion, attribute: str, language: str = "ja") -> str:
    """A text of a step, field or option in the language asked for, or in Japanese where it has none."""
    translated = thing.translations.get(language, {}).get(attribute, "")
    return translated or str(getattr(thing, attribute))


def visible(definition: FormDefinition, answers: Mapping[str, Any]) -> list[tuple[Step, list[Field]]]:
    """The steps and fields that are shown for the answers; an answer to a hidden field shows nothing further."""
    shown: list[tuple[Step, list[Field]]] = []
    seen: dict[str, Any] = {}
    for step in definition.steps:
        if not holds(step.condition, seen):
            continue
        shown.append((step, []))
        for one in step.fields:
            if holds(one.condition, seen):
                shown[-1][1].append(one)
                if one.key in answers:
                    seen[one.key] = answers[one.key]
    return shown


def _condition(data: Mapping[str, Any]) -> Condition | None:
    if data.get("condition") is None:
        return None
    try:
        return condition_from_json(data["condition"])
    except ConditionError as error:
        raise DefinitionError("表示の条件を読めません。") from error


def _option_from_json(data: Mapping[str, Any]) -> Option:
    value = text_of(data, "value")
    if not value or len(value) > 100:
        raise DefinitionError("選択肢の値は1〜100文字です。")
    return Option(
        value=value,
        label=text_of(data, "label"),
        translations=translations_of(data),
        amount=whole_number(data, "amount"),
    )


def field_from_json(data: Mapping[str, Any], *, is_column: bool = False) -> Field:
    """Read one field; raises DefinitionError. Columns of a table hold no table themselves."""
    settings = settings_of(data)
    columns = [] if is_column else items_of(data, "columns", 20)
    return Field(
        key=key_of(data),
        type=text_of(data, "type"),
        label=text_of(data, "label"),
        help=text_of(data, "help"),
        required=data.get("required") is True,
        protected=data.get("protected") is True and not is_column,
        urged=data.get("urged") is True and data.get("required") is not True,
        options=tuple(_option_from_json(item) for item in items_of(data, "options", MOST_OPTIONS)),
        settings=settings,
        condition=_condition(data),
        columns=tuple(field_from_json(item, is_column=True) for item in columns),
        translations=translations_of(data),
    )


def _step_from_json(data: Mapping[str, Any]) -> Step:
    return Step(
        key=key_of(data),
        title=text_of(data, "title"),
        fields=tuple(field_from_json(item) for item in items_of(data, "fields", MOST_FIELDS)),
        intro=text_of(data, "intro"),
        condition=_condition(data),
        translations=translations_of(data),
    )


def from_json(data: object) -> FormDefinition:
    """Read a definition; raises DefinitionError for a wrong shape, a bad key, or a key used twice."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DefinitionError("様式の形を読めません。")
    number = data.get("next_number", 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise DefinitionError("様式の形を読めません。")
    definition = FormDefinition(
        steps=tuple(_step_from_json(item) for item in items_of(data, "steps", MOST_STEPS)),
        next_number=number,
        fee=fee_from_json(data.get("fee")),
        screening=questions_of(data),
        blocks=blocks_of(data),
    )
    questions = [field.key for _, field in definition.walk()]
    keys = [step.key for step in definition.steps] + [one.key for one in definition.screening] + questions
    if len(keys) != len(set(keys)):
        raise DefinitionError("同じ符号の項目が二つあります。")
    if len(questions) > MOST_FIELDS:
        raise DefinitionError(f"項目は{MOST_FIELDS}個までです。")
    return definition


def _option_to_json(option: Option) -> dict[str, Any]:
    return without_empty(
        {
            "value": option.value,
            "label": option.label,
            "amount": option.amount,
            "translations": plain_translations(option.translations),
        }
    )


def field_to_json(field_: Field) -> dict[str, Any]:
    """One field as JSON, empty attributes left out."""
    return without_empty(
        {
            "key": field_.key,
            "type": field_.type,
            "label": field_.label,
            "help": field_.help,
            "required": field_.required,
            "protected": field_.protected,
            "urged": field_.urged,
            "options": [_option_to_json(option) for option in field_.options],
            "settings": dict(field_.settings),
            "condition": condition_to_json(field_.condition) if field_.condition else None,
            "columns": [field_to_json(column) for column in field_.columns],
            "translations": plain_translations(field_.translations),
        }
    )


def to_json(definition: FormDefinition) -> dict[str, Any]:
    """The definition as JSON; reading it again gives an equal definition."""
    steps = [
        without_empty(
            {
                "key": step.key,
                "title": step.title,
                "intro": step.intro,
                "fields": [field_to_json(field_) for field_ in step.fields],
                "condition": condition_to_json(step.condition) if step.condition else None,
                "translations": plain_translations(step.translations),
            }
        )
        for step in definition.steps
    ]
    whole = without_empty(
        {
            "fee": fee_to_json(definition.fee),
            "screening": [question_to_json(question) for question in definition.screening],
            "blocks": [block_to_json(use) for use in definition.blocks],
        }
    )
    return {"format": FORMAT, "next_number": definition.next_number, "steps": steps} | whole
