"""A small plan for tests: one policy, one programme, two initiatives, measured by values entered by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.models import ManualMeasure
from kakehashi.indicators.services import define_measure
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.ids import uuid7
from kakehashi.plans.domain.logic import Stage
from kakehashi.plans.models import DxPlan, Initiative, LogicArrow, LogicBox, LogicModel, PlanIndicator
from kakehashi.plans.services import (
    add_initiative,
    add_policy,
    add_program,
    attach_indicator,
    create_plan,
    draw_arrow,
    save_box,
    save_evidence,
    set_targets,
    start_logic_model,
)


@dataclass(frozen=True)
class SmallPlan:
    """A plan of five years from last year on, and its parts."""

    plan: DxPlan
    year: int
    measure: ManualMeasure
    initiative: Initiative
    other: Initiative
    indicator: PlanIndicator
    words: PlanIndicator


def small_plan(actor: Actor) -> SmallPlan:
    """Make the plan in the open scope: this year's target of the one number is 60."""
    year = fiscal_year(clock.today())
    plan = create_plan(
        actor=actor,
        title="ひばり町DX推進計画",
        first_year=year - 1,
        last_year=year + 3,
        idempotency_key=uuid7(),
        details={"summary": "役場の手続を便利にする計画です。", "summary_easy": "やくばの てつづきを べんりに します。", "summary_en": "A plan for easier services."},
    )  # fmt: skip
    policy = add_policy(actor=actor, plan=plan, title="便利な窓口")
    program = add_program(actor=actor, policy=policy, title="手続のオンライン化")
    initiative = add_initiative(actor=actor, program=program, title="オンライン申請を広げる", weight=3)
    other = add_initiative(actor=actor, program=program, title="全体方針を定める")
    measure = define_measure(
        actor=actor, label="満足度", unit="%", direction=Direction.UP, formula_text="満足 ÷ 回答", source="アンケート"
    )
    indicator = attach_indicator(
        actor=actor, initiative=initiative, measure_code=measure.code, baseline=Decimal(40), baseline_year=year - 1
    )
    set_targets(actor=actor, indicator=indicator, values={year - 1: Decimal(50), year: Decimal(60)})
    words = attach_indicator(actor=actor, initiative=other, label="全体方針")
    set_targets(actor=actor, indicator=words, values={}, words={year: "方針を策定する"})
    return SmallPlan(plan, year, measure, initiative, other, indicator, words)


@dataclass(frozen=True)
class SmallLogic:
    """A logic model of the small plan's first initiative: a chain of four boxes, its first arrow well founded, and one long arrow."""

    model: LogicModel
    activity: LogicBox
    output: LogicBox
    short: LogicBox
    impact: LogicBox
    strong: LogicArrow
    weak: LogicArrow


def small_logic(actor: Actor, small: SmallPlan) -> SmallLogic:
    """Make the model in the open scope; the short outcome is measured by the one number of the plan."""
    model = start_logic_model(actor=actor, branch=small.initiative)

    def box(stage: Stage, text: str, indicator: PlanIndicator | None = None) -> LogicBox:
        return save_box(actor=actor, model=model, stage=stage, text=text, indicator=indicator)

    activity, output = box(Stage.ACTIVITY, "様式をつくる"), box(Stage.OUTPUT, "オンラインの手続が増える")
    short, impact = (
        box(Stage.OUTCOME_SHORT, "来庁しなくてよくなる", small.indicator),
        box(Stage.IMPACT, "暮らしの時間が増える"),
    )
    strong = draw_arrow(actor=actor, start=activity, end=output)
    weak = draw_arrow(actor=actor, start=output, end=short)
    draw_arrow(actor=actor, start=activity, end=impact)
    save_evidence(actor=actor, arrow=strong, values={"kind": "statistics", "source": "行政手続の調査（令和6年度）"})
    return SmallLogic(model, activity, output, short, impact, strong, weak)
