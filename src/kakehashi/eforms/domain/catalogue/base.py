"""What every field type can do: read an answer, say what is wrong, describe it, name its inputs and its schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol

from kakehashi.eforms.domain.definition import Field, localized
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.text_cleaning import clean_line

__all__ = ["Context", "FieldType", "Input", "PlainRaw", "Raw", "Setting", "Wrong", "line"]

REQUIRED = gettext_noop("「%(label)s」を入力してください。")
REQUIRED_CHOICE = gettext_noop("「%(label)s」を選んでください。")
WRONG_SHAPE = gettext_noop("「%(label)s」を入力しなおしてください。")


class Wrong(ValueError):
    """An answer that cannot be kept, with one problem for every input concerned."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message if problems else "")
        self.problems = problems


class Raw(Protocol):
    """Answers as they arrive: from a form post (one name, many texts) or as a plain mapping."""

    def one(self, name: str) -> object:
        """The last value under a name, or None."""

    def many(self, name: str) -> object:
        """Every value under a name, or None."""

    def attached(self, name: str) -> object:
        """The references of the stored files under a name, or None."""


@dataclass(frozen=True)
class PlainRaw:
    """Raw answers from a plain mapping (an API body, stored answers)."""

    answers: Mapping[str, Any]

    def one(self, name: str) -> object:
        """The value under a name, or None."""
        return self.answers.get(name)

    def many(self, name: str) -> object:
        """The value under a name, which should be a list; the type checks it."""
        return self.answers.get(name)

    def attached(self, name: str) -> object:
        """The value under a name, which should be a list of references; the type checks it."""
        return self.answers.get(name)


@dataclass(frozen=True)
class Context:
    """What an answer is read against: today's date in Japan, and how a bank's branch is found by its two codes."""

    today: date
    find_branch: Callable[[str, str], Any] | None = None


@dataclass(frozen=True)
class Input:
    """One control on the page. ``label`` is a msgid where the control is part of a group, else the field's own text."""

    name: str
    label: str = ""
    part: str = ""
    control: str = "input"
    type: str = "text"
    value: Any = ""
    inputmode: str = ""
    autocomplete: str = ""
    maxlength: int | None = None
    width: str = ""
    suffix: str = ""
    rows: int = 5
    accept: str = ""
    choices: Sequence[tuple[str, str]] = ()
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Setting:
    """One property that staff set on a field of a type: ``kind`` is bool, int, text, choice or lines."""

    name: str
    label: str
    kind: str
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""
    default: Any = field(default=None)


class FieldType(ABC):
    """A kind of question. Types have no state; everything about one field stands in its ``Field``."""

    code: ClassVar[str]
    label: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ()
    is_group: ClassVar[bool] = False
    has_options: ClassVar[bool] = False
    keeps_answer: ClassVar[bool] = True
    takes_free_text: ClassVar[bool] = True
    settings: ClassVar[tuple[Setting, ...]] = ()
    required_message: ClassVar[str] = REQUIRED

    def gather(self, field_: Field, raw: Raw, prefix: str = "") -> object:
        """Collect what was sent for a field: the value itself, or its parts under ``key.part``; None when absent."""
        name = f"{prefix}{field_.key}"
        whole = raw.one(name)
        if whole is not None or not self.parts:
            return whole
        found = {part: raw.one(f"{name}.{part}") for part in self.parts}
        found = {part: value for part, value in found.items() if value is not None}
        return found or None

    @abstractmethod
    def parse(self, field_: Field, raw: object, context: Context) -> Any:
        """The answer as it is kept (JSON), None when it is empty; raises Wrong. Reading a kept answer gives it again."""

    @abstractmethod
    def schema(self, field_: Field) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a kept answer."""

    @abstractmethod
    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """The controls of the field, filled with what was typed or kept."""

    @abstractmethod
    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """A kept answer as a person reads it."""

    def check(self, field_: Field) -> list[str]:
        """What is wrong with the field's own settings, in Japanese for staff."""
        return []


def shape_problem(field_: Field) -> Wrong:
    """The answer has a shape that no page of ours sends (a list for a text, and so on)."""
    return Wrong(Problem(WRONG_SHAPE, {"label": field_.label}))


def line(raw: object, limit: int, part: str = "") -> str:
    """One clean line of text; raises Wrong."""
    cleaned = clean_line(raw, limit, part)
    if isinstance(cleaned, Problem):
        raise Wrong(cleaned)
    return cleaned


def parts_of(field_: Field, raw: object, names: Sequence[str], limit: int) -> dict[str, str]:
    """Clean the lines of a field of several inputs; raises Wrong with one problem for every bad input."""
    if not isinstance(raw, Mapping) or not raw.keys() <= set(names):
        raise shape_problem(field_)
    cleaned = {name: clean_line(raw.get(name), limit, name) for name in names}
    problems = [value for value in cleaned.values() if isinstance(value, Problem)]
    if problems:
        raise Wrong(*problems)
    return {name: value for name, value in cleaned.items() if isinstance(value, str)}


def typed_text(typed: object) -> str:
    """What was typed, for putting back into one input; a wrong shape puts back nothing."""
    if isinstance(typed, bool) or typed is None:
        return ""
    return str(typed) if isinstance(typed, str | int) else ""


def typed_parts(typed: object) -> Mapping[str, Any]:
    """What was typed into a field of several inputs."""
    return typed if isinstance(typed, Mapping) else {}


def int_setting(field_: Field, name: str) -> int | None:
    """A whole-number setting, or None when it is not set."""
    value = field_.settings.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def single(field_: Field, typed: object, language: str, prefix: str, **more: Any) -> list[Input]:
    """The one control of a simple field."""
    return [
        Input(
            name=f"{prefix}{field_.key}",
            label=localized(field_, "label", language),
            value=typed_text(typed),
            required=field_.required,
            **more,
        )
    ]
