"""Reads of the plans room."""

from kakehashi.plans.selectors.content import plan_content, versions_of
from kakehashi.plans.selectors.dashboards import (
    head_codes,
    head_numbers,
    section_figures,
    section_initiatives,
    unwritten_lines,
)
from kakehashi.plans.selectors.logic import (
    drawn_model,
    find_arrow,
    find_box,
    find_evidence,
    find_model,
    indicators_for,
    model_about,
    models_of,
    still_indicators,
)
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
from kakehashi.plans.selectors.review_sheets import basis_of, money_of, reasons_of, review_sheet, sheet_years
from kakehashi.plans.selectors.reviews import find_line, find_review, lines_about, lines_of, reviews_of
from kakehashi.plans.selectors.scales import all_scales, scale_of, ways_of
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
    "all_scales",
    "basis_of",
    "drawn_model",
    "find_arrow",
    "find_box",
    "find_evidence",
    "find_indicator",
    "find_initiative",
    "find_line",
    "find_model",
    "find_plan",
    "find_policy",
    "find_program",
    "find_review",
    "head_codes",
    "head_numbers",
    "indicator_lines",
    "indicators_for",
    "lines_about",
    "lines_of",
    "model_about",
    "models_of",
    "money_of",
    "plan_content",
    "plan_tree",
    "plan_year",
    "plans",
    "published_plans",
    "reasons_of",
    "review_sheet",
    "reviews_of",
    "scale_of",
    "section_figures",
    "section_initiatives",
    "sheet_years",
    "still_indicators",
    "targets_for_measure",
    "unwritten_lines",
    "versions_of",
    "ways_of",
]
