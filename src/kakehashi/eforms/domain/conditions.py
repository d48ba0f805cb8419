"""Conditions on answers, as data: when a field or a step is shown. Evaluated on the server only.

A condition is JSON: ``{"op": "equals", "field": "kind", "value": "new"}``; ``all``, ``any`` and ``not`` hold others under
``of``. A new operator is one entry in ``OPERATORS`` (its meaning, its JSON Schema, its sentence).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["OPERATORS", "Condition", "ConditionError", "condition_from_json", "condition_to_json", "fields_of", "holds"]

Answers = Mapping[str, Any]
DEEPEST = 6


class ConditionError(ValueError):
    """A condition that cannot be read; the message is for the log, the editor never makes one."""


@dataclass(frozen=True)
class Condition:
    """One condition. Leaves use ``field`` and ``value``; ``all``/``any``/``not`` use ``of``."""

    op: str
    field: str = ""
    value: str | int | bool | None = None
    of: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Operator:
    """The meaning of a leaf: what it says of an answer, and the same in JSON Schema."""

    holds: Callable[[Any, Any], bool]
    schema: Callable[[Any], dict[str, Any]]
    sentence: str


def _is_answered(answer: Any) -> bool:
    return answer is not None and answer not in ("", [], {})


def _compare(answer: Any, value: Any, *, at_least: bool) -> bool:
    if isinstance(answer, bool) or not isinstance(answer, int) or not isinstance(value, int):
        return False
    return answer >= value if at_least else answer <= value


OPERATORS: dict[str, Operator] = {
    "equals": Operator(
        lambda answer, value: type(answer) is type(value) and answer == value,
        lambda value: {"const": value},
        "「{field}」が「{value}」のとき",
    ),
    "includes": Operator(
        lambda answer, value: isinstance(answer, list) and value in answer,
        lambda value: {"type": "array", "contains": {"const": value}},
        "「{field}」で「{value}」が選ばれたとき",
    ),
    "answered": Operator(
        lambda answer, _: _is_answered(answer),
        lambda _: {},
        "「{field}」に記入があるとき",
    ),
    "at_least": Operator(
        lambda answer, value: _compare(answer, value, at_least=True),
        lambda value: {"type": "integer", "minimum": value},
        "「{field}」が{value}以上のとき",
    ),
    "at_most": Operator(
        lambda answer, value: _compare(answer, value, at_least=False),
        lambda value: {"type": "integer", "maximum": value},
        "「{field}」が{value}以下のとき",
    ),
}
GROUPS = ("all", "any", "not")


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition is met by the answers that are visible; no condition is always met."""
    if condition is None:
        return True
    if condition.op == "all":
        return all(holds(part, answers) for part in condition.of)
    if condition.op == "any":
        return any(holds(part, answers) for part in condition.of)
    if condition.op == "not":
        return not any(holds(part, answers) for part in condition.of)
    return OPERATORS[condition.op].holds(answers.get(condition.field), condition.value)


def condition_schema(condition: Condition) -> dict[str, Any]:
    """The same condition as a JSON Schema of the whole answers object."""
    if condition.op in ("all", "any"):
        parts = [condition_schema(part) for part in condition.of]
        return {"allOf" if condition.op == "all" else "anyOf": parts}
    if condition.op == "not":
        return {"not": {"anyOf": [condition_schema(part) for part in condition.of]}}
    leaf = OPERATORS[condition.op].schema(condition.value)
    return {"required": [condition.field], "properties": {condition.field: leaf}}


def fields_of(condition: Condition | None) -> Iterator[str]:
    """The keys of every field that the condition looks at."""
    if condition is None:
        return
    if condition.field:
        yield condition.field
    for part in condition.of:
        yield from fields_of(part)


def condition_from_json(data: object, depth: int = 0) -> Condition:
    """Read a condition; raises ConditionError for an unknown operator, a wrong shape or too deep a nesting."""
    if not isinstance(data, dict) or depth > DEEPEST:
        raise ConditionError("a condition is an object nested at most six deep")
    op = data.get("op")
    if op in GROUPS:
        parts = data.get("of")
        if not isinstance(parts, list) or not 1 <= len(parts) <= 20:
            raise ConditionError(f"{op} needs one to twenty conditions")
        return Condition(op=str(op), of=tuple(condition_from_json(part, depth + 1) for part in parts))
    field, value = data.get("field"), data.get("value")
    if not isinstance(op, str) or op not in OPERATORS or not isinstance(field, str) or not field:
        raise ConditionError(f"unknown condition {op!r}")
    if value is not None and not isinstance(value, str | int | bool):
        raise ConditionError("a condition compares with a text, a number or yes/no")
    return Condition(op=op, field=field, value=value)


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The condition as JSON; reading it again gives the same condition."""
    if condition.op in GROUPS:
        return {"op": condition.op, "of": [condition_to_json(part) for part in condition.of]}
    data: dict[str, Any] = {"op": condition.op, "field": condition.field}
    if condition.value is not None:
        data["value"] = condition.value
    return data
