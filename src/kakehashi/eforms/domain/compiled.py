"""A definition made ready for answers: types looked up, the JSON Schema compiled, kept for the next request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from jsonschema_rs import Draft202012Validator

from kakehashi.eforms.domain.catalogue import CalculationType, FieldType, type_of
from kakehashi.eforms.domain.conditions import Condition, condition_schema
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.formulas import Formula

__all__ = ["CompiledForm", "CompiledForms", "compile_form", "json_schema"]

# Answers are bounded text; a linear-time engine keeps a pattern from ever running away.
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class CompiledForm:
    """A definition with its types and validators. ``whole`` judges a finished form, ``shapes`` single answers.

    ``formulas``: those of the calculated questions, by key.
    """

    definition: FormDefinition
    types: dict[str, FieldType]
    schema: dict[str, Any]
    whole: Draft202012Validator
    shapes: Draft202012Validator
    formulas: dict[str, Formula]


def _both(step: Step, field: Field) -> Condition | None:
    conditions = tuple(condition for condition in (step.condition, field.condition) if condition)
    return Condition(op="all", of=conditions) if conditions else None


def _only_when(key: str, condition: Condition, required: bool) -> dict[str, Any]:
    rule: dict[str, Any] = {"if": condition_schema(condition), "else": {"not": {"required": [key]}}}
    return rule | {"then": {"required": [key]}} if required else rule


def json_schema(definition: FormDefinition) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the answers of a whole form, conditions included."""
    asked = [(step, field) for step, field in definition.walk() if type_of(field).keeps_answer]
    always = [field.key for step, field in asked if field.required and _both(step, field) is None]
    rules = [
        _only_when(field.key, condition, field.required)
        for step, field in asked
        if (condition := _both(step, field)) is not None
    ]
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {field.key: type_of(field).schema(field) | {"title": field.label} for _, field in asked},
        "required": always,
        "additionalProperties": False,
    }
    return schema | {"allOf": rules} if rules else schema


def compile_form(definition: FormDefinition) -> CompiledForm:
    """Compile a definition; raises DefinitionError for an unknown type."""
    schema = json_schema(definition)
    shapes = {name: schema[name] for name in ("$schema", "type", "properties")}
    return CompiledForm(
        definition=definition,
        types={field.key: type_of(field) for _, field in definition.walk()},
        schema=schema,
        whole=Draft202012Validator(schema),
        shapes=Draft202012Validator(shapes),
        formulas={
            field.key: type_.formula(field)
            for _, field in definition.walk()
            if isinstance(type_ := type_of(field), CalculationType)
        },
    )


class CompiledForms:
    """The compiled forms used last, by version: a version never changes, so nothing here can grow stale."""

    def __init__(self, most: int = 256) -> None:
        """Keep at most ``most`` forms."""
        self._forms: OrderedDict[UUID, CompiledForm] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are kept now."""
        return len(self._forms)

    def get(self, version_id: UUID, load: Callable[[], FormDefinition]) -> CompiledForm:
        """The compiled form of a version, made from ``load`` when it is not kept."""
        with self._lock:
            found = self._forms.get(version_id)
            if found is not None:
                self._forms.move_to_end(version_id)
                return found
        made = compile_form(load())
        with self._lock:
            self._forms[version_id] = made
            while len(self._forms) > self._most:
                self._forms.popitem(last=False)
        return made
