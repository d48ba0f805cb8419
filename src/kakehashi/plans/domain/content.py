"""A plan as plain data, and what differs between two states of it. One shape serves versions, the Excel sheet and the booklet.

A content is {"plan": {field: value}, "policies": [{number, title, pillar, programs: [{number, title, initiatives: [{number, title, …,
indicators: [{label, measure_code, …, targets: {year: text}}]}]}]}]}. Numbers and dates are texts, so that JSON keeps them exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.plans.domain.attainment import POLICY_WORDS
from kakehashi.plans.domain.logic import facts_of
from kakehashi.plans.domain.skeletons import PILLAR_WORDS
from kakehashi.plans.domain.targets import METHOD_WORDS

Content = dict[str, Any]

PLAN_WORDS = {
    "title": "計画の名前",
    "edition": "版",
    "kind": "計画の種類",
    "legal_basis": "根拠の条例・法律",
    "years": "期間",
    "summary": "住民への説明",
    "attainment_policy": "計画全体の達成率の決め方",
    "scale": "評価の段階",
}
NODE_WORDS = {
    "title": "名前",
    "description": "説明",
    "pillar": "三本柱",
    "department": "担当課",
    "weight": "重み",
    "budget_yen": "予算（円）",
    "starts_on": "始める日",
    "ends_on": "終える日",
    "unit_name": "期間つきの組織",
    "sunset_on": "組織を終える日",
}
INDICATOR_WORDS = {
    "label": "指標名",
    "attainment_policy": "達成率の決め方",
    "baseline": "基準値",
    "baseline_year": "基準値の年度",
    "target_method": "目標の決め方",
}
_VALUE_WORDS: dict[str, Mapping[Any, str]] = {
    "pillar": PILLAR_WORDS,
    "target_method": METHOD_WORDS,
    "attainment_policy": POLICY_WORDS,
}


@dataclass(frozen=True)
class Change:
    """One difference: where in the plan, which field, what it was and what it is; empty for what was not or is not there."""

    where: str
    field: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """「追加」, 「削除」 or 「変更」."""
        if not self.before:
            return "追加"
        return "変更" if self.after else "削除"


def differences(before: Content, after: Content) -> list[Change]:
    """What differs, in the order of the later content, then what is gone. Branches are known by their numbers."""
    old, new = dict(_facts(before)), dict(_facts(after))
    keys = [*new, *(key for key in old if key not in new)]
    names = {key[0]: where for facts in (old, new) for key, (where, _, _) in facts.items()}
    return [
        Change(names[key[0]], (new.get(key) or old[key])[1], _text(old, key), _text(new, key))
        for key in keys
        if _text(old, key) != _text(new, key)
    ]


Facts = dict[tuple[str, str], tuple[str, str, str]]


def _text(facts: Facts, key: tuple[str, str]) -> str:
    return facts[key][2] if key in facts else ""


def _facts(content: Content) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    """((place, field), (where in words, field in words, text))."""
    for field, word in PLAN_WORDS.items():
        if value := content.get("plan", {}).get(field):
            yield ("", field), ("計画", word, str(value))
    for policy in content.get("policies", ()):
        place = str(policy["number"])
        yield from _node(place, f"基本方針 {place} {policy['title']}", policy)
        for program in policy.get("programs", ()):
            inner = f"{place}-{program['number']}"
            yield from _node(inner, f"施策 {inner} {program['title']}", program)
            for initiative in program.get("initiatives", ()):
                deep = f"{inner}-{initiative['number']}"
                yield from _node(deep, f"取組 {deep} {initiative['title']}", initiative)
                yield from _indicators(deep, initiative)


def _node(place: str, where: str, node: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    for field, word in NODE_WORDS.items():
        value = node.get(field)
        if value not in (None, ""):
            yield (place, field), (where, word, _worded(field, value))
    for key, word, text in facts_of(node["logic"]) if node.get("logic") else ():
        yield (f"{place}/logic", key), (where, word, text)


def _indicators(place: str, initiative: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    for one in initiative.get("indicators", ()):
        key = f"{place}/{one.get('measure_code') or one['label']}"
        where = f"取組 {place} {initiative['title']}：指標 {one.get('name') or one['label'] or one['measure_code']}"
        yield (key, "measure"), (where, "指標", one.get("measure_code") or "言葉と日付で示す")
        for field, word in INDICATOR_WORDS.items():
            value = one.get(field)
            if value not in (None, ""):
                yield (key, field), (where, word, _worded(field, value))
        for year, target in sorted(one.get("targets", {}).items()):
            yield (key, f"target_{year}"), (where, f"{fiscal_year_label(int(year))}の目標", str(target))


def _worded(field: str, value: Any) -> str:
    return str(_VALUE_WORDS.get(field, {}).get(value, value))
