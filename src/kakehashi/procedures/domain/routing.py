"""振り分け: which rule an application meets, and whether the rules of a procedure make sense together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any
from uuid import UUID

from kakehashi.eforms.domain.conditions import Condition, fields_of, holds

__all__ = ["Finding", "Rule", "first_met", "lint"]

_MOST_COMBINATIONS = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is judged: its place counted from 1, and what it asks."""

    id: UUID
    place: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the rules that somebody should look at; `is_error` when a rule can never do anything."""

    place: int
    sentence: str
    is_error: bool


def first_met(rules: Sequence[Rule], answers: Mapping[str, Any]) -> Rule | None:
    """The first rule whose condition the answers meet; None when none is."""
    return next((rule for rule in rules if holds(rule.condition, answers)), None)


def lint(rules: Sequence[Rule], known_fields: Mapping[str, Sequence[Any]]) -> list[Finding]:
    """What is wrong with the rules of one procedure.

    `known_fields` are the questions of the form as it is, with the values that an answer may take and that conditions look at.
    Every combination of answers to the questions asked is tried (at most 20,000; beyond that only broken rules are told):
    a rule is unreachable when each combination it is met by meets an earlier one too, and overlaps when some do.
    """
    found = [
        Finding(rule.place, "様式にない項目を条件にしています。この決まりには、だれも当てはまりません。", True)
        for rule in rules
        if not set(fields_of(rule.condition)) <= known_fields.keys()
    ]
    broken = {each.place for each in found}
    sound = [rule for rule in rules if rule.place not in broken]
    fields = sorted({key for rule in sound for key in fields_of(rule.condition)})
    combinations = list(islice(_answers(fields, known_fields), _MOST_COMBINATIONS + 1))
    if len(combinations) > _MOST_COMBINATIONS:
        return found
    met = {
        rule.place: {n for n, answers in enumerate(combinations) if holds(rule.condition, answers)} for rule in sound
    }
    for at, rule in enumerate(sound):
        found += _judge(rule, [each.place for each in sound[:at]], met)
    return sorted(found, key=lambda each: each.place)


def _judge(rule: Rule, earlier: Sequence[int], met: Mapping[int, set[int]]) -> list[Finding]:
    mine = met[rule.place]
    if not mine:
        return [Finding(rule.place, "条件どうしが食い違っています。この決まりには、だれも当てはまりません。", True)]
    taken = set().union(*(met[place] for place in earlier))
    if mine <= taken:
        names = "、".join(f"{place}番" for place in earlier if met[place] & mine)
        return [
            Finding(rule.place, f"当てはまる申請は、先に{names}で振り分けられます。この決まりは使われません。", True)
        ]
    return [
        Finding(rule.place, f"{place}番と重なる申請があります。先の{place}番で振り分けられます。", False)
        for place in earlier
        if met[place] & mine
    ]


def _answers(fields: Sequence[str], known: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    choices = [[None, *known[key]] for key in fields]
    for values in product(*choices):
        yield {key: value for key, value in zip(fields, values, strict=True) if value is not None}
