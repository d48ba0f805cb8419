"""Tables of the plans room."""

from kakehashi.plans.models.evaluations import (
    EvaluationScale,
    HeadNumber,
    PlanReview,
    PlanVersion,
    ReviewLine,
)
from kakehashi.plans.models.indicators import IndicatorKind, IndicatorTarget, PlanIndicator, WordResult
from kakehashi.plans.models.sharing import SharedFigure, SharedMeasure, SharingChoice
from kakehashi.plans.models.tree import DxPlan, Initiative, PlanKind, PlanPolicy, PlanProgram

__all__ = [
    "DxPlan",
    "EvaluationScale",
    "HeadNumber",
    "IndicatorKind",
    "IndicatorTarget",
    "Initiative",
    "PlanIndicator",
    "PlanKind",
    "PlanPolicy",
    "PlanProgram",
    "PlanReview",
    "PlanVersion",
    "ReviewLine",
    "SharedFigure",
    "SharedMeasure",
    "SharingChoice",
    "WordResult",
]
