"""The order in which solutions are thought of: first whether the task is needed at all, then ECRS, tools last.

廃止 → 排除 (Eliminate) → 結合 (Combine) → 交換 (Rearrange) → 簡素化 (Simplify). A later step is written only when each
earlier one has been thought of, be it with 「当てはまらない」 and one line of why.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Step(StrEnum):
    """One step of the order."""

    DISCONTINUE = "discontinue"
    ELIMINATE = "eliminate"
    COMBINE = "combine"
    REARRANGE = "rearrange"
    SIMPLIFY = "simplify"


ORDER: tuple[Step, ...] = tuple(Step)
LABELS: dict[Step, str] = {
    Step.DISCONTINUE: "廃止",
    Step.ELIMINATE: "排除",
    Step.COMBINE: "結合",
    Step.REARRANGE: "交換",
    Step.SIMPLIFY: "簡素化",
}
QUESTIONS: dict[Step, str] = {
    Step.DISCONTINUE: "この業務を丸ごとやめたら、だれが困りますか。",
    Step.ELIMINATE: "なくせる手順や書類、確認はありますか。",
    Step.COMBINE: "一つにまとめられる手順、様式、会議はありますか。",
    Step.REARRANGE: "順番や担当、場所を入れ替えると楽になりますか。",
    Step.SIMPLIFY: "残った手順を、道具も使って簡単にできますか。",
}
# A tool takes over what is left; what is to be given up or left out needs none.
STEPS_WITH_TOOL = frozenset({Step.COMBINE, Step.REARRANGE, Step.SIMPLIFY})


def next_step(considered: Collection[str]) -> Step | None:
    """Return the first step nobody has thought of yet, or None when all were."""
    return next((step for step in ORDER if step.value not in considered), None)


def missing_before(step: Step, considered: Collection[str]) -> list[Step]:
    """Return the earlier steps that nobody has thought of yet, in order."""
    return [earlier for earlier in ORDER[: ORDER.index(step)] if earlier.value not in considered]
