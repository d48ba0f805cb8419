"""The plan as a tree with figures: this year's target against the actual, attainment, what is missed and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.selectors import Described, Reading, all_measures, readings_of, recorded_readings
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.plans.domain.attainment import (
    POLICY_WORDS,
    Attainment,
    AttainmentPolicy,
    Evaluation,
    Judged,
    Weighed,
    attainment,
    evaluate,
)
from kakehashi.plans.domain.scales import Scale
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.models import (
    DxPlan,
    IndicatorTarget,
    Initiative,
    PlanIndicator,
    PlanPolicy,
    PlanProgram,
    WordResult,
)
from kakehashi.plans.selectors.scales import ways_of

Item = TypeVar("Item")

SPARK_MONTHS = 12


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in one fiscal year: the target, the actual reading, how far, and its last months."""

    indicator: PlanIndicator
    described: Described | None
    target: IndicatorTarget | None
    reading: Reading | None
    months: Sequence[Reading]
    results: Sequence[WordResult]
    attainment: Attainment | None
    grade: str
    final: Decimal | None = None

    @property
    def judged(self) -> Judged:
        """What an evaluation of the plan needs of it."""
        actual = self.reading.figure.value if self.reading else None
        return Judged(self.attainment, actual, self.indicator.baseline, self.final)

    @property
    def label(self) -> str:
        """The name of the indicator in this plan, else of its measure."""
        return self.indicator.label or (self.described.label if self.described else self.indicator.measure_code)

    @property
    def unit(self) -> str:
        """The unit of the figures."""
        return self.described.unit if self.described else ""

    @property
    def policy_text(self) -> str:
        """How attainment is computed, in words."""
        return POLICY_WORDS[AttainmentPolicy(self.indicator.attainment_policy)]

    @property
    def outcome(self) -> str:
        """「met」, 「running」 (the year is not over) or 「missed」; empty where nothing can be said."""
        if self.attainment is None or self.reading is None:
            return ""
        if self.attainment.is_met:
            return "met"
        return "running" if self.reading.is_running else "missed"


@dataclass(frozen=True)
class InitiativeLine:
    """An initiative with its indicators."""

    initiative: Initiative
    indicators: Sequence[IndicatorLine]


@dataclass(frozen=True)
class ProgramLine:
    """A programme with its initiatives."""

    program: PlanProgram
    initiatives: Sequence[InitiativeLine]


@dataclass(frozen=True)
class PolicyLine:
    """A policy with its programmes."""

    policy: PlanPolicy
    programs: Sequence[ProgramLine]


@dataclass(frozen=True)
class PlanTree:
    """The whole plan in one fiscal year, judged in every way the plan asks for; the main one first."""

    plan: DxPlan
    year: int
    policies: Sequence[PolicyLine]
    evaluations: Sequence[Evaluation]

    @property
    def year_label(self) -> str:
        """「令和8年度」."""
        return fiscal_year_label(self.year)

    @property
    def main(self) -> Evaluation:
        """The plan by its main policy and scale."""
        return self.evaluations[0]

    @property
    def rate(self) -> Decimal | None:
        """The attainment of the plan in per cent, None when nothing can be judged."""
        return self.main.rate

    @property
    def reached(self) -> int:
        """What was reached of what was judged, as the main policy counts."""
        return self.main.reached

    @property
    def judged(self) -> int:
        """What was judged, as the main policy counts."""
        return self.main.judged

    @property
    def grade(self) -> str:
        """The word of the plan's scale for the rate."""
        return self.main.grade

    @property
    def budget_yen(self) -> int:
        """The budgets of all initiatives together, in yen; those without one count nothing."""
        return sum(one.initiative.budget_yen or 0 for one in self.initiatives)

    @property
    def lines(self) -> list[IndicatorLine]:
        """All indicators, in the order of the tree."""
        return [line for one in self.initiatives for line in one.indicators]

    @property
    def initiatives(self) -> list[InitiativeLine]:
        """All initiatives, in the order of the tree."""
        return [one for policy in self.policies for program in policy.programs for one in program.initiatives]


def plan_year(plan: DxPlan, asked: int | None = None) -> int:
    """The fiscal year to show: the one asked for if it lies in the plan, else the present one, else the nearest."""
    if asked in plan.years:
        return asked  # type: ignore[return-value]
    return min(max(fiscal_year(clock.today()), plan.first_year), plan.last_year)


def plan_tree(plan: DxPlan, year: int, *, live: bool, rooms: Collection[str] | None = None) -> PlanTree:
    """The tree with its figures. `live` counts the running year now; otherwise only recorded figures are read.

    Costs eight queries without `live` whatever the size, one less where the rooms that are on are known, and with `live` those
    of each measure.
    """
    initiatives = list(
        Initiative.objects.filter(program__policy__plan=plan).select_related("department").order_by("number")
    )
    indicators = PlanIndicator.objects.filter(initiative__program__policy__plan=plan).order_by("id")
    ways = ways_of(plan)
    lines = _lines(plan, year, indicators, live=live, rooms=rooms, scale=ways[0][1])
    indicators_of = _grouped([(line.indicator.initiative_id, line) for line in lines])
    initiatives_of = _grouped(
        [(one.program_id, InitiativeLine(one, indicators_of.get(one.id, ()))) for one in initiatives]
    )
    programs = list(PlanProgram.objects.filter(policy__plan=plan).select_related("policy").order_by("number"))
    programs_of = _grouped([(one.policy_id, ProgramLine(one, initiatives_of.get(one.id, ()))) for one in programs])
    policies = [PolicyLine(policy, programs_of.get(policy.id, ())) for policy in _policies(plan, programs, live=live)]
    weighed = [
        Weighed(one.state == InitiativeState.ACHIEVED, one.weight)
        for one in initiatives
        if one.state != InitiativeState.CANCELLED
    ]
    judged = [line.judged for line in lines]
    evaluations = [
        evaluate(policy, scale, indicators=judged, initiatives=weighed, year=year, years=plan.years)
        for policy, scale in ways
    ]
    return PlanTree(plan, year, policies, evaluations)


def _policies(plan: DxPlan, programs: list[PlanProgram], *, live: bool) -> list[PlanPolicy]:
    """The policies in order. Without `live` those that have no programme yet are left out: residents do not miss them."""
    if live:
        return list(PlanPolicy.objects.filter(plan=plan).order_by("number"))
    found = {program.policy_id: program.policy for program in programs}
    return sorted(found.values(), key=lambda policy: policy.number)


def indicator_lines(initiative: Initiative, year: int) -> list[IndicatorLine]:
    """The indicators of one initiative with live figures."""
    plan = initiative.program.policy.plan
    rows = PlanIndicator.objects.filter(initiative=initiative).order_by("id")
    return _lines(plan, year, rows, live=True, scale=ways_of(plan)[0][1])


def lines_for(
    plan: DxPlan, year: int, rows: Iterable[PlanIndicator], *, live: bool, rooms: Collection[str] | None = None
) -> list[IndicatorLine]:
    """The lines of some indicators of a plan in a fiscal year; `live` as for plan_tree."""
    return _lines(plan, year, rows, live=live, scale=ways_of(plan)[0][1], rooms=rooms)


def _lines(
    plan: DxPlan,
    year: int,
    rows: Iterable[PlanIndicator],
    *,
    live: bool,
    scale: Scale,
    rooms: Collection[str] | None = None,
) -> list[IndicatorLine]:
    indicators = list(rows)
    described = {one.code: one for one in all_measures(rooms)}
    targets, finals = _targets(indicators, year)
    results = _grouped(
        [
            (result.indicator_id, result)
            for result in WordResult.objects.filter(indicator__in=[one.id for one in indicators]).order_by("reached_on")
        ]
    )
    codes = sorted({one.measure_code for one in indicators if one.measure_code in described})
    actual, months = _figures(codes, described, year, live=live)
    return [
        _line(
            (scale, finals.get(one.id)), one, described.get(one.measure_code), targets.get(one.id), actual, months,
            results.get(one.id, ()),
        )
        for one in indicators
    ]  # fmt: skip


def _targets(
    indicators: Sequence[PlanIndicator], year: int
) -> tuple[dict[UUID, IndicatorTarget], dict[UUID, Decimal | None]]:
    """The targets of the year, and the last number that was promised, by indicator; one query."""
    rows = IndicatorTarget.objects.filter(indicator__in=[one.id for one in indicators]).order_by("fiscal_year")
    targets: dict[UUID, IndicatorTarget] = {}
    finals: dict[UUID, Decimal | None] = {}
    for row in rows:
        if row.fiscal_year == year:
            targets[row.indicator_id] = row
        if row.value is not None:
            finals[row.indicator_id] = row.value
    return targets, finals


def _line(
    judging: tuple[Scale, Decimal | None],
    indicator: PlanIndicator,
    described: Described | None,
    target: IndicatorTarget | None,
    actual: dict[str, Reading],
    months: dict[str, list[Reading]],
    results: Sequence[WordResult],
) -> IndicatorLine:
    reading = actual.get(indicator.measure_code)
    reached = attainment(
        actual=reading.figure.value if reading else None,
        target=target.value if target else None,
        direction=described.direction if described else "",
        policy=AttainmentPolicy(indicator.attainment_policy),
        baseline=indicator.baseline,
    )
    scale, final = judging
    grade = scale.grade(reached.rate) if reached else ""
    return IndicatorLine(
        indicator, described, target, reading, months.get(indicator.measure_code, ()), results, reached, grade, final
    )


def _figures(
    codes: list[str], described: dict[str, Described], year: int, *, live: bool
) -> tuple[dict[str, Reading], dict[str, list[Reading]]]:
    period = Period.year(year)
    last = Period.containing(min(period.last, clock.today()), PeriodKind.MONTH)
    if last.contains(clock.today()):
        last = last.previous()
    months = [last]
    while len(months) < SPARK_MONTHS:
        months.insert(0, months[0].previous())
    recorded = recorded_readings(codes, [*months, period])
    actual = {code: found[-1] for code, found in recorded.items()}
    if live:
        actual = {code: one for code, (one,) in readings_of([described[code] for code in codes], [period]).items()}
    return actual, {code: found[:-1] for code, found in recorded.items()}


def _grouped(pairs: list[tuple[UUID, Item]]) -> dict[UUID, list[Item]]:
    groups: dict[UUID, list[Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return dict(groups)
