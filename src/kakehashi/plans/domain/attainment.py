"""How far a target is reached, under a policy that is always said beside the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kakehashi.kernel.percent import percent
from kakehashi.plans.domain.scales import Scale
from kakehashi.plans.domain.targets import half_up

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
    LINEAR_YEAR = "linear_year"
    POINTS = "points"


PLAN_POLICY_WORDS = {
    PlanPolicyOfAttainment.INDICATORS: "指標数ベース：今年度の目標に届いた指標 ÷ 目標と実績がある指標",
    PlanPolicyOfAttainment.INITIATIVES: "取組数ベース：達成した取組 ÷ 中止を除くすべての取組",
    PlanPolicyOfAttainment.WEIGHTED: "重みつき：達成した取組の重み ÷ 中止を除く取組の重み",
    PlanPolicyOfAttainment.LINEAR_YEAR: "年割り：最終目標までの進みぐあい ÷ 過ぎた年の割合 を、指標ごとに出して平均",
    PlanPolicyOfAttainment.POINTS: "点数：指標の達成率を段階の点に直した合計 ÷ 満点",
}


@dataclass(frozen=True)
class Attainment:
    """Whether a target is met, and the rate in per cent where one can be computed."""

    is_met: bool
    rate: Decimal | None


@dataclass(frozen=True)
class Judged:
    """What a plan's evaluation needs of one indicator; `final` is the target of the plan's last year that has one."""

    attainment: Attainment | None
    actual: Decimal | None = None
    baseline: Decimal | None = None
    final: Decimal | None = None


@dataclass(frozen=True)
class Weighed:
    """What a plan's evaluation needs of one initiative."""

    is_achieved: bool
    weight: int = 1


@dataclass(frozen=True)
class Evaluation:
    """A plan judged by one policy and one scale: `reached` of `judged`, the rate, and the scale's word for it."""

    policy: PlanPolicyOfAttainment
    scale: Scale
    reached: int
    judged: int
    rate: Decimal | None

    @property
    def policy_text(self) -> str:
        """The policy in words; it stands beside the number wherever it is shown."""
        return PLAN_POLICY_WORDS[self.policy]

    @property
    def grade(self) -> str:
        """The scale's word for the rate, empty when nothing could be judged."""
        return self.scale.grade(self.rate)


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


def yearly_rate(judged: Judged, year: int, years: range) -> Decimal | None:
    """How far an indicator is against the share of the plan that has passed: in year n of N, n/N of the way is 100 %.

    In the last year it is the plain progress. None without a baseline, a final target or an actual figure, or where the final
    target is the baseline.
    """
    if judged.actual is None or judged.baseline is None or judged.final is None or year not in years:
        return None
    passed = (year - years.start + 1) * (judged.final - judged.baseline)
    return percent((judged.actual - judged.baseline) * len(years), passed)


def evaluate(
    policy: PlanPolicyOfAttainment,
    scale: Scale,
    *,
    indicators: Sequence[Judged],
    initiatives: Sequence[Weighed],
    year: int,
    years: range,
) -> Evaluation:
    """Judge a plan. `initiatives` are those that were not cancelled; what cannot be judged is left out of both numbers."""
    if policy in (PlanPolicyOfAttainment.INITIATIVES, PlanPolicyOfAttainment.WEIGHTED):
        weighed = policy is PlanPolicyOfAttainment.WEIGHTED
        reached = sum(one.weight if weighed else 1 for one in initiatives if one.is_achieved)
        judged = sum(one.weight if weighed else 1 for one in initiatives)
        return Evaluation(policy, scale, reached, judged, percent(reached, judged))
    known = [one.attainment for one in indicators if one.attainment is not None]
    if policy is PlanPolicyOfAttainment.INDICATORS:
        reached = sum(one.is_met for one in known)
        return Evaluation(policy, scale, reached, len(known), percent(reached, len(known)))
    if policy is PlanPolicyOfAttainment.POINTS:
        # A target that is met without a rate (nothing left of what shall go down) has reached all there is.
        rates = [Decimal(100) if one.rate is None and one.is_met else one.rate for one in known]
        grades = [grade for rate in rates if (grade := scale.grade_of(rate))]
        reached, most = sum(one.points for one in grades), scale.most_points * len(grades)
        return Evaluation(policy, scale, reached, most, percent(reached, most))
    ways = [rate for one in indicators if (rate := yearly_rate(one, year, years)) is not None]
    mean = half_up(sum((Fraction(one) for one in ways), Fraction(0)) / len(ways), 1) if ways else None
    return Evaluation(policy, scale, sum(one >= 100 for one in ways), len(ways), mean)
