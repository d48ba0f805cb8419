"""Tables of the plans room."""

from kakehashi.plans.models.indicators import IndicatorKind, IndicatorTarget, PlanIndicator, WordResult
from kakehashi.plans.models.tree import DxPlan, Initiative, PlanPolicy, PlanProgram

__all__ = [
    "DxPlan",
    "IndicatorKind",
    "IndicatorTarget",
    "Initiative",
    "PlanIndicator",
    "PlanPolicy",
    "PlanProgram",
    "WordResult",
]
