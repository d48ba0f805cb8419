"""The evaluation scales a town can choose from: those that came with the program, then its own."""

from __future__ import annotations

from kakehashi.plans.domain.attainment import PlanPolicyOfAttainment
from kakehashi.plans.domain.scales import DEFAULT_SCALE, SCALES, Scale
from kakehashi.plans.models import DxPlan, EvaluationScale


def all_scales() -> list[Scale]:
    """Every scale of the open scope's government."""
    return [*SCALES.values(), *(row.scale for row in EvaluationScale.objects.order_by("code"))]


def scale_of(code: str) -> Scale:
    """The scale with a code; the usual one when it is gone. Asks the database only for a scale of the town's own."""
    if code in SCALES:
        return SCALES[code]
    row = EvaluationScale.objects.filter(code=code).first()
    return row.scale if row else SCALES[DEFAULT_SCALE]


def ways_of(plan: DxPlan) -> list[tuple[PlanPolicyOfAttainment, Scale]]:
    """How a plan is judged: its main policy and scale first, then the further ones. No query unless a scale is the town's own."""
    pairs = [(plan.attainment_policy, plan.scale_code), *(plan.further_ways or ())]
    own = any(code not in SCALES for _, code in pairs)
    scales = {scale.code: scale for scale in all_scales()} if own else SCALES
    return [(PlanPolicyOfAttainment(policy), scales.get(code, SCALES[DEFAULT_SCALE])) for policy, code in pairs]
