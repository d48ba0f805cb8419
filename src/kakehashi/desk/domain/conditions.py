"""Does a case from elsewhere fit here? What differs is said, nothing is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.kernel.folding import fold


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under what conditions something worked: population, the system used, the rule that applied. Unknown is None or ""."""

    population: int | None = None
    system: str = ""
    rule: str = ""


def differences(case: Conditions, here: Conditions) -> list[str]:
    """Return Japanese sentences on what differs between the case's conditions and ours; empty where nothing is known to."""
    found = []
    if case.population and here.population:
        ratio = case.population / here.population
        if ratio >= 3:
            found.append(f"人口が約{_round(ratio)}倍の団体の事例です。")
        elif ratio <= 1 / 3:
            found.append(f"人口が約{_round(1 / ratio)}分の1の団体の事例です。")
    if case.system and here.system and fold(case.system) != fold(here.system):
        found.append(f"システムが違います（事例：{case.system}、こちら：{here.system}）。")
    elif case.system and not here.system:
        found.append(f"「{case.system}」を使った事例です。")
    if case.rule and here.rule and fold(case.rule) != fold(here.rule):
        found.append(f"規程が違います（事例：{case.rule}、こちら：{here.rule}）。")
    elif case.rule and not here.rule:
        found.append(f"前提の規程：{case.rule}")
    return found


def _round(ratio: float) -> int:
    return round(ratio) if ratio < 20 else round(ratio / 10) * 10


def adoption_steps(what_was_done: str) -> list[str]:
    """Return the steps for doing the same here: the lines or sentences of what was done, at most twenty."""
    lines = [line.strip(" 　・-*①②③④⑤⑥⑦⑧⑨⑩0123456789.)") for line in what_was_done.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        lines = [part.strip() + "。" for part in lines[0].split("。") if part.strip()]
    return lines[:20]
