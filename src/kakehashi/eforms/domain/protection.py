"""特に保護する回答: what a sealed answer looks like, and which questions are marked. The keys are elsewhere.

An answer is sealed as ``{"sealed": key id, "data": text}``; of a file only the name is, so that its id can still be found when it
must be removed. An answer whose key is gone carries ``"gone"``: the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import Field, FormDefinition
from kakehashi.eforms.domain.formulas import formula_from_json
from kakehashi.eforms.domain.problems import gettext_noop

__all__ = ["MASKED", "gone_text", "has_sealed", "is_sealed", "mark_problems", "protected_keys"]

MASKED = gettext_noop("（特に保護する項目です）")
# The case is called by these, and letters go to them: they stand outside the answers too.
_NEVER = {"name": "氏名", "email": "メール"}


def is_sealed(value: object) -> bool:
    """Whether an answer, or the name of a file, is an envelope."""
    return isinstance(value, Mapping) and "sealed" in value and "data" in value


def has_sealed(value: object) -> bool:
    """Whether an answer is sealed, or holds a file whose name is."""
    if is_sealed(value):
        return True
    return isinstance(value, list) and any(isinstance(item, Mapping) and is_sealed(item.get("name")) for item in value)


def gone_text(value: object) -> str:
    """The sentence of an answer whose key is gone, empty for any other."""
    if is_sealed(value):
        assert isinstance(value, Mapping)
        return str(value.get("gone", ""))
    if isinstance(value, list):
        return next((text for item in value if isinstance(item, Mapping) and (text := gone_text(item.get("name")))), "")
    return ""


def protected_keys(definition: FormDefinition) -> frozenset[str]:
    """The keys of the questions that are marked."""
    return frozenset(field.key for _, field in definition.walk() if field.protected)


def mark_problems(definition: FormDefinition) -> list[tuple[str, str]]:
    """What is wrong with the marks, as (key of the question, sentence for staff)."""
    marked = protected_keys(definition)
    found = []
    for step, field in definition.walk():
        if field.protected and field.type in _NEVER:
            found.append(
                (
                    field.key,
                    f"「{field.label}」：{_NEVER[field.type]}は案件の名前とお知らせに使うため、特に保護する項目にできません。",
                )
            )
        if not field.protected and marked.intersection(_counted(field)):
            found.append(
                (
                    field.key,
                    f"「{field.label}」は特に保護する項目の答えから計算します。この項目も特に保護してください。",
                )
            )
        if not field.protected and (_looks_at(field.condition, marked) or _looks_at(step.condition, marked)):
            found.append(
                (
                    field.key,
                    f"「{field.label}」が出るかどうかで、特に保護する項目の答えが分かります。この項目も特に保護してください。",
                )
            )
    return found


def _counted(field: Field) -> list[str]:
    return list(formula_from_json(field.settings.get("formula")).fields()) if field.type == "calc" else []


def _looks_at(condition: Condition | None, marked: frozenset[str]) -> bool:
    if condition is None:
        return False
    return condition.field in marked or any(_looks_at(part, marked) for part in condition.of)
