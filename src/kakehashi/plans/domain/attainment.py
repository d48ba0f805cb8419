"""How far a target is reached, under a policy that is always said beside the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kakehashi.kernel.percent import percent

UP, DOWN = "up", "down"


class AttainmentPolicy(StrEnum):
    """How one indicator's attainment is computed."""

    RATIO = "ratio"
    PROGRESS = "progress"


POLICY_WORDS = {
    AttainmentPolicy.RATIO: "実績 ÷ 目標（減るほどよい指標は 目標 ÷ 実績）",
    AttainmentPolicy.PROGRESS: "（実績 − 基準値）÷（目標 − 基準値）",
}


class PlanPolicyOfAttainment(StrEnum):
    """How a whole plan's attainment is computed from its parts."""

    INDICATORS = "indicators"
    INITIATIVES = "initiatives"
    WEIGHTED = "weighted"


PLAN_POLICY_WORDS = {
    PlanPolicyOfAttainment.INDICATORS: "指標数ベース：今年度の目標に届いた指標 ÷ 目標と実績がある指標",
    PlanPolicyOfAttainment.INITIATIVES: "取組数ベース：達成した取組 ÷ 中止を除くすべての取組",
    PlanPolicyOfAttainment.WEIGHTED: "重みつき：達成した取組の重み ÷ 中止を除く取組の重み",
}


@dataclass(frozen=True)
class Attainment:
    """Whether a target is met, and the rate in per cent where one can be computed."""

    is_met: bool
    rate: Decimal | None


def attainment(
    *,
    actual: Decimal | None,
    target: Decimal | None,
    direction: str,
    policy: AttainmentPolicy,
    baseline: Decimal | None = None,
) -> Attainment | None:
    """Return how far the target is reached, or None without a target, an actual figure or a good direction.

    Rates are rounded half up to one decimal and may exceed 100. There is no rate where the formula would divide by zero.
    """
    if actual is None or target is None or direction not in (UP, DOWN):
        return None
    is_met = actual >= target if direction == UP else actual <= target
    if policy is AttainmentPolicy.PROGRESS:
        rate = None if baseline is None else percent(actual - baseline, target - baseline)
    else:
        rate = percent(actual, target) if direction == UP else percent(target, actual)
    return Attainment(is_met, rate)


def linear_targets(first_year: int, first: Decimal, last_year: int, last: Decimal) -> dict[int, Decimal]:
    """Return targets on the straight line between two years, both included, with one decimal."""
    span = max(last_year - first_year, 1)
    return {
        year: (first + (last - first) * (year - first_year) / span).quantize(Decimal("0.1"))
        for year in range(first_year, last_year + 1)
    }


@dataclass(frozen=True)
class Grade:
    """A step of an evaluation scale: from which rate on, and its word."""

    at_least: int
    word: str


@dataclass(frozen=True)
class Scale:
    """An evaluation scale; the best grade first."""

    code: str
    label: str
    grades: tuple[Grade, ...]

    def grade(self, rate: Decimal | None) -> str:
        """Return the word for a rate, empty for none."""
        if rate is None:
            return ""
        return next((one.word for one in self.grades if rate >= one.at_least), self.grades[-1].word)


def _scale(code: str, label: str, grades: Sequence[tuple[int, str]]) -> Scale:
    return Scale(code, label, tuple(Grade(at_least, word) for at_least, word in grades))


SCALES = {
    scale.code: scale
    for scale in (
        _scale("three", "3段階（100・60）", [(100, "着実に進んでいる"), (60, "おおむね進んでいる"), (0, "改善が必要")]),
        _scale(
            "seven",
            "7段階（100〜50）",
            [(100, "7点"), (90, "6点"), (80, "5点"), (70, "4点"), (60, "3点"), (50, "2点"), (0, "1点")],
        ),
        _scale(
            "four",
            "4段階（地方創生）",
            [(100, "非常に効果があった"), (70, "相当程度効果があった"), (1, "効果があった"), (0, "効果がなかった")],
        ),
    )
}
DEFAULT_SCALE = "three"
