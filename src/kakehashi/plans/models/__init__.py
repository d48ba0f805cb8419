"""Tables of the plans room."""

from kakehashi.plans.models.area_map import AreaMap
from kakehashi.plans.models.evaluations import (
    EvaluationScale,
    HeadNumber,
    PlanReview,
    PlanVersion,
    ReviewLine,
)
from kakehashi.plans.models.indicators import IndicatorKind, IndicatorTarget, PlanIndicator, WordResult
from kakehashi.plans.models.inquiries import (
    InquiryCall,
    InquiryReply,
    InquiryState,
    InquiryTask,
    MunicipalInquiry,
    ReplyStage,
    TaskState,
)
from kakehashi.plans.models.logic import Evidence, LogicArrow, LogicBox, LogicModel
from kakehashi.plans.models.money import IndicatorReason, InitiativeYear, SheetBasis
from kakehashi.plans.models.sharing import SharedFigure, SharedMeasure, SharingChoice, SharingRenewal
from kakehashi.plans.models.tree import DxPlan, Initiative, PlanKind, PlanPolicy, PlanProgram

__all__ = [
    "AreaMap",
    "DxPlan",
    "EvaluationScale",
    "Evidence",
    "HeadNumber",
    "IndicatorKind",
    "IndicatorReason",
    "IndicatorTarget",
    "Initiative",
    "InitiativeYear",
    "InquiryCall",
    "InquiryReply",
    "InquiryState",
    "InquiryTask",
    "LogicArrow",
    "LogicBox",
    "LogicModel",
    "MunicipalInquiry",
    "PlanIndicator",
    "PlanKind",
    "PlanPolicy",
    "PlanProgram",
    "PlanReview",
    "PlanVersion",
    "ReplyStage",
    "ReviewLine",
    "SharedFigure",
    "SharedMeasure",
    "SharingChoice",
    "SharingRenewal",
    "SheetBasis",
    "TaskState",
    "WordResult",
]
