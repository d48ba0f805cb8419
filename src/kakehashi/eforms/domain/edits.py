"""The acts of the editor, each a pure function: a definition in, the changed definition out.

All raise DefinitionError (Japanese, for staff) when the act cannot be done.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kakehashi.eforms.domain.catalogue import CATALOGUE, TableType
from kakehashi.eforms.domain.checks import my_number_problem, uses
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import (
    MOST_FIELDS,
    MOST_OPTIONS,
    MOST_STEPS,
    DefinitionError,
    Field,
    FormDefinition,
    Option,
    Step,
)
from kakehashi.eforms.domain.whole_form import MOST_QUESTIONS, ScreeningQuestion

__all__ = [
    "add_field",
    "add_question",
    "add_step",
    "amounts_from_lines",
    "change_field",
    "change_question",
    "change_step",
    "change_whole",
    "copy_field",
    "move_field",
    "move_question",
    "move_step",
    "options_from_lines",
    "remove_field",
    "remove_question",
    "remove_step",
]

_Keyed = TypeVar("_Keyed", Step, Field, ScreeningQuestion)


def _place(items: Sequence[_Keyed], key: str) -> int:
    for index, item in enumerate(items):
        if item.key == key:
            return index
    raise DefinitionError("その項目はもうありません。ほかの人が消したのかもしれません。")


def _moved(items: Sequence[_Keyed], key: str, by: int) -> list[_Keyed]:
    changed, at = list(items), _place(items, key)
    to = max(0, min(len(changed) - 1, at + by))
    changed.insert(to, changed.pop(at))
    return changed


def step_of(definition: FormDefinition, field_key: str) -> Step:
    """The step in which a field stands."""
    for step, field in definition.walk():
        if field.key == field_key:
            return step
    raise DefinitionError("その項目はもうありません。ほかの人が消したのかもしれません。")


def _with_step(definition: FormDefinition, key: str, change: Callable[[Step], Step]) -> FormDefinition:
    at = _place(definition.steps, key)
    steps = list(definition.steps)
    steps[at] = change(steps[at])
    return replace(definition, steps=tuple(steps))


def add_step(definition: FormDefinition, title: str) -> tuple[FormDefinition, str]:
    """A new empty page at the end; also gives its key."""
    if len(definition.steps) >= MOST_STEPS:
        raise DefinitionError(f"ページは{MOST_STEPS}までです。")
    key = f"page_{definition.next_number}"
    steps = (*definition.steps, Step(key=key, title=title))
    return replace(definition, steps=steps, next_number=definition.next_number + 1), key


def change_step(definition: FormDefinition, key: str, **changes: Any) -> FormDefinition:
    """Other texts or another condition for a page."""
    return _with_step(definition, key, lambda step: replace(step, **changes))


def move_step(definition: FormDefinition, key: str, by: int) -> FormDefinition:
    """The page one place (or more) earlier or later; at the ends it stays."""
    return replace(definition, steps=tuple(_moved(definition.steps, key, by)))


def remove_step(definition: FormDefinition, key: str) -> FormDefinition:
    """The form without a page and its fields; refused while conditions elsewhere look at one of them."""
    removed = definition.steps[_place(definition.steps, key)]
    rest = replace(definition, steps=tuple(step for step in definition.steps if step.key != key))
    for field in removed.fields:
        _refuse_if_used(rest, field)
    return rest


def add_field(
    definition: FormDefinition, step_key: str, type_code: str, after: str = "", label: str = ""
) -> tuple[FormDefinition, str]:
    """A new field in a page, at the end or after another field; also gives its key."""
    if type_code not in CATALOGUE:
        raise DefinitionError("その種類の項目は作れません。")
    if len(definition.by_key) >= MOST_FIELDS:
        raise DefinitionError(f"項目は{MOST_FIELDS}個までです。")
    type_ = CATALOGUE[type_code]
    key = f"{type_code}_{definition.next_number}"
    options = options_from_lines("はい\nいいえ") if type_.has_options else ()
    # A question is required unless staff say otherwise; a file or a table often is not at hand.
    required = type_.keeps_answer and type_code not in ("file", "table", "household", "choices", "calc")
    field = Field(key=key, type=type_code, label=label or type_.label, required=required, options=options)
    if isinstance(type_, TableType):
        field = replace(field, columns=type_.usual_columns())
    _refuse_my_number(field)

    def insert(step: Step) -> Step:
        fields = list(step.fields)
        fields.insert(_place(fields, after) + 1 if after else len(fields), field)
        return replace(step, fields=tuple(fields))

    changed = _with_step(definition, step_key, insert)
    return replace(changed, next_number=definition.next_number + 1), key


def change_field(definition: FormDefinition, key: str, **changes: Any) -> FormDefinition:
    """Other properties for a field; its key and type stay."""
    step = step_of(definition, key)

    def change(old: Step) -> Step:
        at = _place(old.fields, key)
        fields = list(old.fields)
        fields[at] = replace(fields[at], **changes)
        _refuse_my_number(fields[at])
        return replace(old, fields=tuple(fields))

    return _with_step(definition, step.key, change)


def move_field(definition: FormDefinition, key: str, by: int) -> FormDefinition:
    """A field one place earlier or later; from the end of a page it goes on into the next page."""
    step = step_of(definition, key)
    at, page = _place(step.fields, key), _place(definition.steps, step.key)
    if 0 <= at + by < len(step.fields):
        moved = tuple(_moved(step.fields, key, by))
        return _with_step(definition, step.key, lambda old: replace(old, fields=moved))
    if not 0 <= page + by < len(definition.steps):
        return definition
    field, target = step.fields[at], definition.steps[page + by]
    left = _with_step(
        definition, step.key, lambda old: replace(old, fields=tuple(one for one in old.fields if one.key != key))
    )
    joined = (*target.fields, field) if by < 0 else (field, *target.fields)
    return _with_step(left, target.key, lambda old: replace(old, fields=joined))


def copy_field(definition: FormDefinition, key: str) -> tuple[FormDefinition, str]:
    """A field like another one, right after it; also gives its key."""
    step = step_of(definition, key)
    source = definition.by_key[key]
    added, new_key = add_field(definition, step.key, source.type, after=key)
    copied = {
        name: getattr(source, name)
        for name in ("label", "help", "required", "urged", "options", "settings", "columns", "protected")
    }
    return change_field(added, new_key, condition=source.condition, translations=source.translations, **copied), new_key


def remove_field(definition: FormDefinition, key: str) -> FormDefinition:
    """The form without a field; refused while a condition looks at it."""
    step = step_of(definition, key)
    field = definition.by_key[key]
    rest = _with_step(
        definition, step.key, lambda old: replace(old, fields=tuple(one for one in old.fields if one.key != key))
    )
    _refuse_if_used(rest, field)
    return rest


def _refuse_if_used(definition: FormDefinition, field: Field) -> None:
    users = uses(definition, field.key)
    if users:
        where = "条件" if all(one.endswith("条件") for one in users) else "条件や計算"
        raise DefinitionError(
            f"「{field.label}」の答えは{'、'.join(users)}で使われています。先に{where}をはずしてください。"
        )


def _refuse_my_number(field: Field) -> None:
    if problem := my_number_problem(field):
        raise DefinitionError(problem)


def options_from_lines(text: str, old: Sequence[Option] = ()) -> tuple[Option, ...]:
    """One option a line. A line that was there before keeps its value and translations, so that answers stay true.

    A line changed in its place (same number of lines) is a rename and keeps the value, too.
    """
    lines = list(dict.fromkeys(line.strip()[:100] for line in text.splitlines() if line.strip()))
    if len(lines) > MOST_OPTIONS:
        raise DefinitionError(f"選択肢は{MOST_OPTIONS}個までです。")
    by_label = {option.label: option for option in old}
    options: list[Option] = []
    taken = {by_label[line].value for line in lines if line in by_label}
    for index, line in enumerate(lines):
        kept = by_label.get(line)
        renamed = old[index] if len(lines) == len(old) and old[index].value not in taken else None
        if kept is None and renamed is not None:
            kept = Option(value=renamed.value, label=line, amount=renamed.amount)
        options.append(kept or Option(value=_free(line, taken), label=line))
        taken.add(options[-1].value)
    return tuple(options)


def amounts_from_lines(text: str) -> list[int | None]:
    """A whole number a line, None for an empty line; raises DefinitionError."""
    found: list[int | None] = []
    for line in text.splitlines():
        plain = re.sub(r"[\s,円]", "", unicodedata.normalize("NFKC", line))
        if plain and not re.fullmatch(r"-?[0-9]{1,12}", plain):
            raise DefinitionError("選択肢ごとの数は、1行にひとつ、数字だけで書いてください。")
        found.append(int(plain) if plain else None)
    return found


def change_whole(definition: FormDefinition, **changes: Any) -> FormDefinition:
    """Other properties of the form as a whole."""
    return replace(definition, **changes)


def add_question(definition: FormDefinition) -> tuple[FormDefinition, str]:
    """A new question before starting; also gives its key."""
    if len(definition.screening) >= MOST_QUESTIONS:
        raise DefinitionError(f"はじめる前の質問は{MOST_QUESTIONS}個までです。")
    key = f"check_{definition.next_number}"
    made = ScreeningQuestion(key=key, label="この手続の対象になる方ですか")
    questions = (*definition.screening, made)
    return replace(definition, screening=questions, next_number=definition.next_number + 1), key


def change_question(definition: FormDefinition, key: str, **changes: Any) -> FormDefinition:
    """Other properties for a question before starting."""
    at = _place(definition.screening, key)
    questions = list(definition.screening)
    questions[at] = replace(questions[at], **changes)
    return replace(definition, screening=tuple(questions))


def move_question(definition: FormDefinition, key: str, by: int) -> FormDefinition:
    """A question before starting one place earlier or later."""
    return replace(definition, screening=tuple(_moved(definition.screening, key, by)))


def remove_question(definition: FormDefinition, key: str) -> FormDefinition:
    """The form without a question before starting."""
    _place(definition.screening, key)
    return replace(definition, screening=tuple(one for one in definition.screening if one.key != key))


def _free(line: str, taken: set[str]) -> str:
    value, number = line, 2
    while value in taken:
        value, number = f"{line[:90]}（{number}）", number + 1
    return value


def condition_on(definition: FormDefinition, key: str) -> Condition | None:
    """The condition of a field or of a step."""
    for step in definition.steps:
        if step.key == key:
            return step.condition
    return definition.by_key[key].condition if key in definition.by_key else None
