"""Conditions as a list of sentences to choose from, for the editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition

__all__ = ["KEEP", "ChosenConditions", "condition_of", "earlier_fields", "sentences", "taken_apart"]

# The value that stands for a condition too rich for the list (nested, numbers): it is shown and kept as it is.
KEEP = "keep"


@dataclass(frozen=True)
class ChosenConditions:
    """A condition as the editor shows it: up to a few sentences, joined by all or any, perhaps turned round."""

    chosen: tuple[str, ...]
    joint: str = "all"
    is_negated: bool = False


def earlier_fields(definition: FormDefinition, key: str) -> list[Field]:
    """The fields that stand before a field or a step; only on these may its condition look."""
    found: list[Field] = []
    for step in definition.steps:
        if step.key == key:
            return found
        for field in step.fields:
            if field.key == key:
                return found
            found.append(field)
    return found


def _leaves(field: Field) -> Iterator[Condition]:
    if field.type == "choice":
        yield from (Condition("equals", field.key, option.value) for option in field.options)
    elif field.type == "choices":
        yield from (Condition("includes", field.key, option.value) for option in field.options)
    elif field.type == "consent":
        yield Condition("equals", field.key, True)
    elif field.type in CATALOGUE and CATALOGUE[field.type].keeps_answer:
        yield Condition("answered", field.key)


def _code(condition: Condition) -> str:
    # The position in the list would change under the reader's hands; the condition itself does not.
    return f"{condition.op}|{condition.field}|{'' if condition.value is None else condition.value}"


def sentences(definition: FormDefinition, key: str) -> list[tuple[str, str]]:
    """Every simple condition that a field or a step may have, as (value, sentence)."""
    leaves = [leaf for field in earlier_fields(definition, key) for leaf in _leaves(field)]
    return [(_code(leaf), condition_sentence(leaf, definition).removesuffix("だけ表示する")) for leaf in leaves]


def taken_apart(condition: Condition | None, offered: Sequence[tuple[str, str]]) -> ChosenConditions:
    """A condition as sentences of the list, or ``KEEP`` where the list cannot say it."""
    if condition is None:
        return ChosenConditions(())
    codes = {code for code, _ in offered}
    inner, negated = condition, condition.op == "not" and len(condition.of) == 1
    if negated:
        inner = condition.of[0]
    joint = inner.op if inner.op in ("all", "any") else "all"
    parts = inner.of if inner.op in ("all", "any") else (inner,)
    chosen = tuple(_code(part) for part in parts)
    if all(code in codes for code in chosen) and all(not part.of for part in parts):
        return ChosenConditions(chosen, joint, negated)
    return ChosenConditions((KEEP,))


def condition_of(choice: ChosenConditions, definition: FormDefinition, key: str) -> Condition | None:
    """The condition that the chosen sentences mean; sentences that are not on the list are left out."""
    leaves = {_code(leaf): leaf for field in earlier_fields(definition, key) for leaf in _leaves(field)}
    parts = tuple(leaves[code] for code in dict.fromkeys(choice.chosen) if code in leaves)
    if not parts:
        return None
    made = parts[0] if len(parts) == 1 else Condition("any" if choice.joint == "any" else "all", of=parts)
    return Condition("not", of=(made,)) if choice.is_negated else made
