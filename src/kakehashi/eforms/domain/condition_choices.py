"""Conditions as a list of sentences to choose from, for the editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition

__all__ = [
    "KEEP",
    "ChosenConditions",
    "code_of",
    "compares",
    "condition_of",
    "earlier_fields",
    "leaves_before",
    "sentences",
    "taken_apart",
]

# The value that stands for a condition too rich for the list (nested, numbers): it is shown and kept as it is.
KEEP = "keep"
_COMPARED, _COMPARING = {"number", "money", "calc"}, {"at_least", "at_most"}


@dataclass(frozen=True)
class ChosenConditions:
    """A condition as the editor shows it: up to a few sentences, joined by all or any, perhaps turned round.

    ``numbers`` are those of the sentences that compare (「が…以上のとき」), in the same order.
    """

    chosen: tuple[str, ...]
    joint: str = "all"
    is_negated: bool = False
    numbers: tuple[int | None, ...] = ()


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
    elif field.type in _COMPARED:
        yield Condition("at_least", field.key)
        yield Condition("at_most", field.key)
        yield Condition("answered", field.key)
    elif field.type in CATALOGUE and CATALOGUE[field.type].keeps_answer:
        yield Condition("answered", field.key)


def code_of(condition: Condition) -> str:
    """A sentence of the list by its code: what the page sends back."""
    if condition.op in _COMPARING:
        return f"{condition.op}|{condition.field}|"
    # The position in the list would change under the reader's hands; the condition itself does not.
    return f"{condition.op}|{condition.field}|{'' if condition.value is None else condition.value}"


def sentences(definition: FormDefinition, key: str) -> list[tuple[str, str]]:
    """Every simple condition that a field or a step may have, as (value, sentence)."""
    return [(code_of(leaf), _sentence(leaf, definition)) for leaf in leaves_before(definition, key)]


def leaves_before(definition: FormDefinition, key: str) -> list[Condition]:
    """The same as conditions; those that compare have no number yet."""
    return [leaf for field in earlier_fields(definition, key) for leaf in _leaves(field)]


def _sentence(leaf: Condition, definition: FormDefinition) -> str:
    shown = replace(leaf, value="…") if leaf.op in _COMPARING else leaf
    return condition_sentence(shown, definition).removesuffix("だけ表示する")


def compares(code: str) -> bool:
    """Whether a sentence of the list needs a number beside it."""
    return code.partition("|")[0] in _COMPARING


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
    chosen = tuple(code_of(part) for part in parts)
    if all(code in codes for code in chosen) and all(not part.of for part in parts):
        numbers = tuple(part.value if isinstance(part.value, int) and part.op in _COMPARING else None for part in parts)
        return ChosenConditions(chosen, joint, negated, numbers)
    return ChosenConditions((KEEP,))


def condition_of(choice: ChosenConditions, definition: FormDefinition, key: str) -> Condition | None:
    """The condition that the chosen sentences mean; sentences that are not on the list are left out."""
    leaves = {code_of(leaf): leaf for leaf in leaves_before(definition, key)}
    numbers = (*choice.numbers, *(None for _ in choice.chosen))
    found = {
        (code, number if compares(code) else None): leaves[code]
        for code, number in zip(choice.chosen, numbers, strict=False)
        if code in leaves and (number is not None or not compares(code))
    }
    parts = tuple(replace(leaf, value=number) if compares(code) else leaf for (code, number), leaf in found.items())
    if not parts:
        return None
    made = parts[0] if len(parts) == 1 else Condition("any" if choice.joint == "any" else "all", of=parts)
    return Condition("not", of=(made,)) if choice.is_negated else made
