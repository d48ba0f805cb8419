"""Judging answers: one step as it is typed, and the whole form when it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kakehashi.eforms.domain.catalogue import Context, FieldType, PlainRaw, Raw, TableType, Wrong
from kakehashi.eforms.domain.catalogue.accounts import BankAccountType
from kakehashi.eforms.domain.catalogue.addresses import AddressType
from kakehashi.eforms.domain.catalogue.base import WRONG_SHAPE
from kakehashi.eforms.domain.compiled import CompiledForm
from kakehashi.eforms.domain.conditions import holds
from kakehashi.eforms.domain.definition import Field, Step, visible
from kakehashi.eforms.domain.formulas import evaluate
from kakehashi.eforms.domain.my_number import mentions_across, mentions_my_number
from kakehashi.eforms.domain.problems import Problem, gettext_noop
from kakehashi.eforms.domain.protection import is_sealed

__all__ = ["Checked", "calculated", "check_all", "check_step", "storable", "visible_steps"]

LOOKUP, ADD_ROW, CALCULATE, SHOWN = "_lookup", "_add_row", "_calculate", "_shown"
NOT_MY_NUMBER, URGED, NEW = "not_my_number", "urged", "new"
MY_NUMBER = gettext_noop(
    "12けたの番号が入っています。マイナンバー（個人番号）は書かないでください。マイナンバーでないときは、下にチェックを入れてください。"
)
# Of these the parts are dates, choices or references, or numbers with a shape of their own (+81 and ten digits are twelve).
_NOT_READ_FOR_MY_NUMBER = {
    "bank_account", "birth_date", "choice", "choices", "consent", "corporate_number", "date", "declaration", "email", "file", "note", "phone",
}  # fmt: skip


@dataclass
class Checked:
    """What came of some answers.

    ``values``: the good ones, as they are kept. ``problems``: by the name of the input. ``typed``: everything as it was
    typed, safe to store, for showing the page again. ``redisplay``: a button inside the page was pressed (look up an
    address, add a row), so the page is shown again and nobody goes on.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    redisplay: bool = False


def storable(value: object, depth: int = 0) -> Any:
    """What was typed, made safe for JSON storage: no NUL, no lone surrogate, bounded in length and depth."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)[:30] if abs(value) < 10**60 else ""
    if isinstance(value, str):
        cut = value[:20_000]
        return "".join("\ufffd" if letter == "\x00" or "\ud800" <= letter <= "\udfff" else letter for letter in cut)
    if depth < 4 and isinstance(value, list):
        return [storable(item, depth + 1) for item in value[:200]]
    if depth < 4 and isinstance(value, Mapping):
        return {str(storable(str(key))): storable(item, depth + 1) for key, item in list(value.items())[:200]}
    return ""


def visible_steps(form: CompiledForm, answers: Mapping[str, Any]) -> list[Step]:
    """The steps that are shown for the answers."""
    return [step for step, _ in visible(form.definition, answers)]


def check_step(
    form: CompiledForm, step: Step, raw: Raw, context: Context, answers: Mapping[str, Any] | None = None
) -> Checked:
    """Judge the answers of one step. ``answers`` are those of the other steps, on which conditions may rest."""
    here = {one.key for one in step.fields}
    seen = {key: value for key, value in (answers or {}).items() if key not in here}
    result = Checked()
    shown: list[str] = []
    for one in step.fields:
        if not holds(one.condition, seen):
            continue
        shown.append(one.key)
        if one.key in form.formulas:
            _work_out(form, one.key, seen, result)
        elif form.types[one.key].keeps_answer:
            _check_field(form, one, raw, context, result)
            if one.key in result.values:
                seen[one.key] = result.values[one.key]
            _warn_of_my_number(form.types[one.key], one, raw, result)
    _warn_of_pieces(form, step, raw, result)
    _check_shapes(form, result)
    _point_out_empty(step, shown, raw, result)
    _ask_what_is_new(shown, raw, result)
    _press_buttons(form, step, raw, context, result)
    return result


def check_all(form: CompiledForm, answers: Mapping[str, Any], context: Context) -> Checked:
    """Judge the kept answers of the whole form again, as if they came from a stranger. Hidden fields are left out."""
    raw, result = PlainRaw(answers), Checked()
    for step in form.definition.steps:
        if not holds(step.condition, result.values):
            continue
        for one in step.fields:
            if not form.types[one.key].keeps_answer or not holds(one.condition, result.values):
                continue
            if one.key in form.formulas:
                _work_out(form, one.key, result.values, result)
            else:
                _check_field(form, one, raw, context, result)
    if not result.problems and not form.whole.is_valid(result.values):
        for error in form.whole.iter_errors(result.values):
            _add_shape_problem(form, error.instance_path, result)
    return result


def calculated(form: CompiledForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with every shown calculation worked out anew; what rests on sealed answers stays as it was kept."""
    if not form.formulas:
        return dict(answers)
    known = {key: value for key, value in answers.items() if key not in form.formulas}
    for step in form.definition.steps:
        if not holds(step.condition, known):
            continue
        for one in step.fields:
            formula = form.formulas.get(one.key)
            if formula is None or not holds(one.condition, known):
                continue
            if any(is_sealed(known.get(key)) for key in formula.fields()):
                value = answers.get(one.key)
            else:
                value = evaluate(formula, form.definition, known)
            if value is not None:
                known[one.key] = value
    return known


def _work_out(form: CompiledForm, key: str, seen: dict[str, Any], result: Checked) -> None:
    value = evaluate(form.formulas[key], form.definition, seen)
    if value is not None:
        seen[key] = result.values[key] = result.typed[key] = value


def _check_field(form: CompiledForm, one: Field, raw: Raw, context: Context, result: Checked) -> None:
    type_ = form.types[one.key]
    typed: object = None
    try:
        typed = type_.gather(one, raw)
        value = type_.parse(one, typed, context)
    except Wrong as wrong:
        _add_problems(one, wrong, result)
        result.typed[one.key] = storable(typed)
        return
    if value is not None:
        result.values[one.key] = result.typed[one.key] = value
        return
    result.typed[one.key] = storable(typed)
    if one.required:
        part = type_.parts[0] if type_.parts else ""
        part = "year" if part == "era" else part
        problem = Problem(type_.required_message, {"label": one.label}, part)
        result.problems[_name(one, part)] = problem


def _name(one: Field, part: str) -> str:
    return f"{one.key}.{part}" if part else one.key


def _warn_of_pieces(form: CompiledForm, step: Step, raw: Raw, result: Checked) -> None:
    """Boxes of four digits side by side: the warning stands at the last of them, and is confirmed there."""
    texts: list[str] = []
    for one in step.fields:
        value = result.values.get(one.key)
        read = form.types[one.key].code in {"text", "number"} and isinstance(value, str | int)
        texts.append(str(value) if read and not isinstance(value, bool) else "-")
        if read and mentions_across(texts):
            texts = []
            name = f"{one.key}.{NOT_MY_NUMBER}"
            if raw.one(name) == "on":
                result.typed[name] = "on"
            else:
                result.problems[name] = Problem(MY_NUMBER, part=NOT_MY_NUMBER)


def _add_problems(one: Field, wrong: Wrong, result: Checked) -> None:
    for problem in wrong.problems:
        # A problem of the whole group stands beside the group's own name.
        result.problems.setdefault(_name(one, problem.part), problem)


def _holds_my_number(value: object) -> bool:
    """Whether a kept answer holds one somewhere: in a text, in a part of an address or a table, or in pieces side by side."""
    if isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, list):
        parts = value
    else:
        return mentions_my_number(str(value))
    plain = [str(part) for part in parts if isinstance(part, str | int) and not isinstance(part, bool)]
    return mentions_across(plain) or any(_holds_my_number(part) for part in parts)


def _warn_of_my_number(type_: FieldType, one: Field, raw: Raw, result: Checked) -> None:
    value = result.values.get(one.key)
    if type_.code in _NOT_READ_FOR_MY_NUMBER or value is None or not _holds_my_number(value):
        return
    name = f"{one.key}.{NOT_MY_NUMBER}"
    if raw.one(name) == "on":
        result.typed[name] = "on"
        return
    result.problems[name] = Problem(MY_NUMBER, part=NOT_MY_NUMBER)
    del result.values[one.key]


def _check_shapes(form: CompiledForm, result: Checked) -> None:
    if form.shapes.is_valid(result.values):
        return
    for error in form.shapes.iter_errors(result.values):
        _add_shape_problem(form, error.instance_path, result)


def _add_shape_problem(form: CompiledForm, path: list[str | int], result: Checked) -> None:
    keys = [str(path[0])] if path else [key for key, one in form.definition.by_key.items() if one.required]
    for key in keys[:1]:
        one = form.definition.by_key[key]
        result.problems.setdefault(key, Problem(WRONG_SHAPE, {"label": one.label}))
        result.values.pop(key, None)


def _point_out_empty(step: Step, shown: list[str], raw: Raw, result: Checked) -> None:
    """できれば答えてもらう: the page comes back once and says so; who goes on then goes on.

    Who asked for help on the page (look up, add a row, calculate) is still writing and is told nothing yet.
    """
    is_help = any(isinstance(raw.one(button), str) for button in (LOOKUP, ADD_ROW, CALCULATE))
    for one in step.fields:
        if not one.urged or one.key not in shown or result.typed.get(one.key) not in (None, "", [], {}):
            continue
        name = f"{one.key}.{URGED}"
        was_said = raw.one(name) == "on"
        if was_said or not is_help:
            result.typed[name] = "on"
        if not was_said and not is_help and isinstance(raw.one(SHOWN), str):
            result.redisplay = True


def _ask_what_is_new(shown: list[str], raw: Raw, result: Checked) -> None:
    """Show the page again when an answer on it made a question appear that the page did not have."""
    before = raw.one(SHOWN)
    if not isinstance(before, str):
        return
    new = set(shown) - set(before.split())
    if new:
        result.redisplay = True
        result.typed |= {f"{key}.{NEW}": "on" for key in new}
        result.problems = {name: one for name, one in result.problems.items() if name.split(".", 1)[0] not in new}


def shown_fields(
    form: CompiledForm, step: Step, typed: Mapping[str, Any], context: Context
) -> tuple[list[Field], dict[str, Any]]:
    """The fields of a step that the answers typed so far (to this and other steps) let appear, and the calculations among them."""
    here = {one.key for one in step.fields}
    seen = {key: value for key, value in typed.items() if key not in here}
    shown, found = [], {}
    for one in step.fields:
        if not holds(one.condition, seen):
            continue
        shown.append(one)
        if one.key in form.formulas:
            found[one.key] = evaluate(form.formulas[one.key], form.definition, seen)
            seen[one.key] = found[one.key]
            continue
        try:
            value = form.types[one.key].parse(one, typed.get(one.key), context)
        except Wrong:
            continue
        if value is not None:
            seen[one.key] = value
    return shown, found


def _press_buttons(form: CompiledForm, step: Step, raw: Raw, context: Context, result: Checked) -> None:
    for button in (LOOKUP, ADD_ROW, CALCULATE):
        pressed = raw.one(button)
        one = next((one for one in step.fields if isinstance(pressed, str) and one.key == pressed), None)
        if one is None:
            continue
        type_, typed = form.types[one.key], result.typed.get(one.key)
        result.redisplay, result.problems = True, {}
        if button == LOOKUP and isinstance(type_, AddressType | BankAccountType):
            try:
                result.typed[one.key] = (
                    type_.fill(one, typed)
                    if isinstance(type_, AddressType)
                    else type_.fill(one, typed, context.find_branch)
                )
            except Wrong as wrong:
                _add_problems(one, wrong, result)
        elif button == ADD_ROW and isinstance(type_, TableType):
            # The rows as they came: a kept answer has dropped the empty ones, and the page would jump.
            result.typed[one.key] = type_.add_row(one, storable(type_.gather(one, raw)))


def with_label(problem: Problem, label: str) -> Problem:
    """The problem with the field's label in another language."""
    return replace(problem, params={**problem.params, "label": label}) if "label" in problem.params else problem
