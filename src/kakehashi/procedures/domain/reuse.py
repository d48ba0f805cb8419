"""以前の回答を写す: which answers of earlier applications would answer the questions of another form.

A question means the same as another when both ask for the first name, birth date, address, telephone or mail of their form, or
when type and label are the same. Files, consents and notes are never taken over: they belong to the day they were given on.
What was marked as specially protected goes only where it is protected again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.kernel.folding import fold

__all__ = ["Earlier", "Match", "match_answers"]

Source = TypeVar("Source")
Meaning = tuple[str, ...]

_ONE_MEANING = frozenset({"name", "birth_date", "address", "phone", "email"})
_NEVER = frozenset({"file", "consent", "note", "signature", "calculated"})


@dataclass(frozen=True)
class Earlier(Generic[Source]):
    """Answers (opened) that were given to an earlier form, and where they come from. Newest first in a list."""

    source: Source
    definition: FormDefinition
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Match(Generic[Source]):
    """`value` was the answer to `asked` then and would answer `field` now."""

    field: Field
    asked: Field
    value: Any
    source: Source

    @property
    def is_protected(self) -> bool:
        """Whether it is kept sealed: then it is offered apart, and never chosen beforehand."""
        return self.field.protected or self.asked.protected


def _meanings(definition: FormDefinition) -> Iterable[tuple[Meaning, Field]]:
    seen: set[str] = set()
    for _, field in definition.walk():
        if field.type in _NEVER:
            continue
        if field.type in _ONE_MEANING and field.type not in seen:
            seen.add(field.type)
            yield (field.type,), field
        else:
            yield (field.type, "".join(fold(field.label).split())), field


def _fits(now: Field, then: Field, value: Any) -> bool:
    """Whether the answer can stand there: the choices must be offered still, the columns be the same, protection not be lost."""
    if then.protected and not now.protected:
        return False
    if now.options:
        offered = {option.value: option.label for option in now.options}
        before = {option.value: option.label for option in then.options}
        chosen = value if isinstance(value, list) else [value]
        return all(isinstance(each, str) and each in offered and offered[each] == before.get(each) for each in chosen)
    return [(each.key, each.type) for each in now.columns] == [(each.key, each.type) for each in then.columns]


def match_answers(definition: FormDefinition, earlier: Sequence[Earlier[Source]]) -> list[Match[Source]]:
    """For each question the newest earlier answer that means the same, in the order of the form."""
    known: dict[Meaning, list[Match[Source]]] = {}
    for one in earlier:
        for meaning, asked in _meanings(one.definition):
            value = one.answers.get(asked.key)
            if value not in (None, "", [], {}):
                known.setdefault(meaning, []).append(Match(asked, asked, value, one.source))
    found = []
    for meaning, field in _meanings(definition):
        for each in known.get(meaning, ()):
            if _fits(field, each.asked, each.value):
                found.append(Match(field, each.asked, each.value, each.source))
                break
    return found
