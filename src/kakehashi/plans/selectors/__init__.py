"""Reads of the plans room."""

from kakehashi.plans.selectors.plans import (
    find_indicator,
    find_initiative,
    find_plan,
    find_policy,
    find_program,
    plans,
    published_plans,
    targets_for_measure,
)
from kakehashi.plans.selectors.tree import (
    IndicatorLine,
    InitiativeLine,
    PlanTree,
    indicator_lines,
    plan_tree,
    plan_year,
)

__all__ = [
    "IndicatorLine",
    "InitiativeLine",
    "PlanTree",
    "find_indicator",
    "find_initiative",
    "find_plan",
    "find_policy",
    "find_program",
    "indicator_lines",
    "plan_tree",
    "plan_year",
    "plans",
    "published_plans",
    "targets_for_measure",
]
