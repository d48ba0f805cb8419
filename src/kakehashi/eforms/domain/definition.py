"""What a form is: steps of fields, with texts in three languages, as immutable values and as JSON.

Japanese texts are plain attributes; other languages stand in ``translations`` by language code ("ja-easy", "en") and
attribute name. Keys are stable: they are given once, are never shown to people, and answers are kept under them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kakehashi.eforms.domain.conditions import Condition, ConditionError, condition_from_json, condition_to_json, holds

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

# Languages besides Japanese, with the name the editor shows.
LANGUAGES = {"ja-easy": "やさしい日本語", "en": "English"}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_STEPS, MOST_FIELDS, MOST_OPTIONS, LONGEST_TEXT = 30, 300, 200, 4_000
FORMAT = 1

Translations = Mapping[str, Mapping[str, str]]


class DefinitionError(ValueError):
    """A definition that cannot be read; the message says what is wrong, in Japanese."""


@dataclass(frozen=True)
class Option:
    """One choice: ``value`` is kept in answers, ``label`` is shown."""

    value: str
    label: str
    translations: Translations = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One question (or text block). ``settings`` belong to the type; see the type's own list of settings.

    ``protected`` (特に保護する: 要配慮個人情報 and the like): its answers and files are kept encrypted.
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
    """A whole form. ``next_number`` makes new keys and never goes back, so that a key is never given twice."""

    steps: Sequence[Step] = ()
    next_number: int = 1

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


def localized(thing: Option | Field | Step, attribute: str, language: str = "ja") -> str:
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


def _text(data: Mapping[str, Any], name: str) -> str:
    text = data.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise DefinitionError(f"「{name}」は{LONGEST_TEXT}文字以内の文字です。")
    # PostgreSQL's jsonb refuses NUL, UTF-8 refuses lone surrogates: neither may reach a stored definition.
    if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text):
        raise DefinitionError("使えない文字が入っています。")
    return text


def _key(data: Mapping[str, Any]) -> str:
    key = data.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise DefinitionError(f"項目の符号が正しくありません：{key!r}")
    return key


def _translations(data: Mapping[str, Any]) -> Translations:
    given = data.get("translations", {})
    if not isinstance(given, dict):
        raise DefinitionError("翻訳の形が正しくありません。")
    kept: dict[str, dict[str, str]] = {}
    for language, texts in given.items():
        if language not in LANGUAGES or not isinstance(texts, dict):
            raise DefinitionError("翻訳の形が正しくありません。")
        kept[language] = {str(name): _text(texts, name) for name in texts}
    return kept


def _condition(data: Mapping[str, Any]) -> Condition | None:
    if data.get("condition") is None:
        return None
    try:
        return condition_from_json(data["condition"])
    except ConditionError as error:
        raise DefinitionError("表示の条件を読めません。") from error


def _items(data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    items = data.get(name, [])
    if not isinstance(items, list) or len(items) > most or not all(isinstance(item, dict) for item in items):
        raise DefinitionError(f"「{name}」は{most}個までの並びです。")
    return items


def _option_from_json(data: Mapping[str, Any]) -> Option:
    value = _text(data, "value")
    if not value or len(value) > 100:
        raise DefinitionError("選択肢の値は1〜100文字です。")
    return Option(value=value, label=_text(data, "label"), translations=_translations(data))


def field_from_json(data: Mapping[str, Any], *, is_column: bool = False) -> Field:
    """Read one field; raises DefinitionError. Columns of a table hold no table themselves."""
    settings = data.get("settings", {})
    if not isinstance(settings, dict):
        raise DefinitionError("項目の設定の形が正しくありません。")
    columns = [] if is_column else _items(data, "columns", 20)
    return Field(
        key=_key(data),
        type=_text(data, "type"),
        label=_text(data, "label"),
        help=_text(data, "help"),
        required=data.get("required") is True,
        protected=data.get("protected") is True and not is_column,
        options=tuple(_option_from_json(item) for item in _items(data, "options", MOST_OPTIONS)),
        settings=dict(settings),
        condition=_condition(data),
        columns=tuple(field_from_json(item, is_column=True) for item in columns),
        translations=_translations(data),
    )


def _step_from_json(data: Mapping[str, Any]) -> Step:
    return Step(
        key=_key(data),
        title=_text(data, "title"),
        fields=tuple(field_from_json(item) for item in _items(data, "fields", MOST_FIELDS)),
        intro=_text(data, "intro"),
        condition=_condition(data),
        translations=_translations(data),
    )


def from_json(data: object) -> FormDefinition:
    """Read a definition; raises DefinitionError for a wrong shape, a bad key, or a key used twice."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DefinitionError("様式の形を読めません。")
    number = data.get("next_number", 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise DefinitionError("様式の形を読めません。")
    definition = FormDefinition(
        steps=tuple(_step_from_json(item) for item in _items(data, "steps", MOST_STEPS)), next_number=number
    )
    keys = [step.key for step in definition.steps] + [field.key for _, field in definition.walk()]
    if len(keys) != len(set(keys)):
        raise DefinitionError("同じ符号の項目が二つあります。")
    if len(keys) - len(definition.steps) > MOST_FIELDS:
        raise DefinitionError(f"項目は{MOST_FIELDS}個までです。")
    return definition


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [], {}, False)}


def _option_to_json(option: Option) -> dict[str, Any]:
    return _without_empty({"value": option.value, "label": option.label, "translations": _plain(option.translations)})


def _plain(translations: Translations) -> dict[str, dict[str, str]]:
    texts = {language: {name: text for name, text in of.items() if text} for language, of in translations.items()}
    return {language: of for language, of in texts.items() if of}


def field_to_json(field_: Field) -> dict[str, Any]:
    """One field as JSON, empty attributes left out."""
    return _without_empty(
        {
            "key": field_.key,
            "type": field_.type,
            "label": field_.label,
            "help": field_.help,
            "required": field_.required,
            "protected": field_.protected,
            "options": [_option_to_json(option) for option in field_.options],
            "settings": dict(field_.settings),
            "condition": condition_to_json(field_.condition) if field_.condition else None,
            "columns": [field_to_json(column) for column in field_.columns],
            "translations": _plain(field_.translations),
        }
    )


def to_json(definition: FormDefinition) -> dict[str, Any]:
    """The definition as JSON; reading it again gives an equal definition."""
    steps = [
        _without_empty(
            {
                "key": step.key,
                "title": step.title,
                "intro": step.intro,
                "fields": [field_to_json(field_) for field_ in step.fields],
                "condition": condition_to_json(step.condition) if step.condition else None,
                "translations": _plain(step.translations),
            }
        )
        for step in definition.steps
    ]
    return {"format": FORMAT, "next_number": definition.next_number, "steps": steps}
