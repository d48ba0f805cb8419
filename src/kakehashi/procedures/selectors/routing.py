"""Reads of 振り分け."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.conditions import ConditionError, condition_from_json
from kakehashi.eforms.domain.definition import FormDefinition, from_json
from kakehashi.eforms.selectors import latest_version
from kakehashi.procedures.domain.routing import Finding, Rule, lint
from kakehashi.procedures.models import Application, Procedure, Routed, RoutingRule

__all__ = ["findings_of", "form_of", "known_values", "routed_as", "rule_sentence", "rules_of"]


def rules_of(procedure: Procedure) -> list[tuple[Rule, RoutingRule]]:
    """The rules of a procedure in their order; one that cannot be read any more is left out."""
    found = []
    rows = RoutingRule.objects.filter(procedure=procedure).select_related("department", "handler")
    for place, row in enumerate(rows.order_by("position", "id"), start=1):
        try:
            found.append((Rule(row.id, place, condition_from_json(row.condition)), row))
        except ConditionError:
            continue
    return found


def form_of(procedure: Procedure) -> FormDefinition | None:
    """The form that applicants fill in now; None before the first version."""
    version = latest_version(procedure.form) if procedure.form else None
    return from_json(version.definition) if version else None


def known_values(definition: FormDefinition) -> dict[str, list[Any]]:
    """Every question with the answers that conditions tell apart: each choice, yes or no, written or not."""
    values: dict[str, list[Any]] = {}
    for step in definition.steps:
        for field in step.fields:
            if field.type == "choice":
                values[field.key] = [option.value for option in field.options]
            elif field.type == "choices":
                # One choice, and all of them: enough to see what overlaps.
                every = [option.value for option in field.options]
                values[field.key] = [[each] for each in every] + ([every] if len(every) > 1 else [])
            elif field.type == "consent":
                values[field.key] = [True]
            else:
                values[field.key] = ["x"]
    return values


def rule_sentence(rule: Rule, definition: FormDefinition | None) -> str:
    """A rule as a person reads it."""
    if definition is None:
        return "様式がまだありません。"
    return condition_sentence(rule.condition, definition).removesuffix("だけ表示する")


def findings_of(procedure: Procedure) -> list[Finding]:
    """What somebody should look at among the rules."""
    definition = form_of(procedure)
    rules = [rule for rule, _ in rules_of(procedure)]
    return lint(rules, known_values(definition) | _numbers(rules)) if definition is not None else []


def _numbers(rules: Sequence[Rule]) -> dict[str, list[Any]]:
    """For questions that rules compare with numbers: each number asked for, and its neighbours."""
    found: dict[str, set[int]] = {}
    todo = [rule.condition for rule in rules]
    while todo:
        condition = todo.pop()
        todo += condition.of
        if condition.op in {"at_least", "at_most"} and isinstance(condition.value, int):
            found.setdefault(condition.field, set()).update({condition.value - 1, condition.value, condition.value + 1})
    return {key: sorted(values) for key, values in found.items()}


def routed_as(application: Application) -> Routed | None:
    """How the application was routed; None while nobody looked."""
    found: Routed | None = Routed.objects.filter(application=application).first()
    return found
