"""Evaluation scales of the town's own, and the further ways a plan is judged."""

from __future__ import annotations

from collections.abc import Collection

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.attainment import PlanPolicyOfAttainment
from kakehashi.plans.domain.scales import SCALES, BadScale, read_grades
from kakehashi.plans.models import DxPlan, EvaluationScale
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.scales import all_scales

MOST_EVALUATIONS = 8


@service
def save_scale(
    *, actor: Actor, label: str, grades_text: str, source: str = "", scale: EvaluationScale | None = None
) -> EvaluationScale:
    """Make a scale, or change one of the town's own, and write `plans.scale.saved`.

    `grades_text` has one line a step: rate, word, points. Raises PermissionRefused, DomainError beside the field.
    """
    require(actor, PlansPermission.EDIT)
    if not label.strip():
        raise DomainError("名前を書いてください。", field="label", code="required")
    try:
        grades = read_grades(grades_text)
    except BadScale as problem:
        raise DomainError(str(problem), field="grades_text") from problem
    found = scale or EvaluationScale(code=_free_code())
    found.label, found.source = label.strip(), source.strip()
    found.grades = [[str(one.at_least), one.word, one.points] for one in grades]
    found.save()
    record_event(
        actor=actor,
        code="plans.scale.saved",
        subject_kind="plans.scale",
        subject_id=found.id,
        payload={"label": found.label, "grades": found.grades},
    )
    return found


@service
def set_evaluations(*, actor: Actor, plan: DxPlan, wanted: Collection[tuple[str, str]]) -> DxPlan:
    """Say by which further (policy, scale code) a plan is judged, and write `plans.plan.edited`.

    Raises PermissionRefused, and DomainError for an unknown policy or scale, or for too many.
    """
    require(actor, PlansPermission.EDIT)
    known = {scale.code for scale in all_scales()}
    pairs = {(PlanPolicyOfAttainment(policy), code) for policy, code in wanted if policy in set(PlanPolicyOfAttainment)}
    if len(pairs) != len(set(wanted)) or any(code not in known for _, code in pairs):
        raise DomainError("この評価の決め方はありません。", code="unknown")
    if len(pairs) > MOST_EVALUATIONS:
        raise DomainError(f"評価の決め方は{MOST_EVALUATIONS}つまでにしてください。", code="too_many")
    plan = DxPlan.objects.select_for_update().get(id=plan.id)
    plan.further_ways = sorted([policy.value, code] for policy, code in pairs)
    plan.save(update_fields=["further_ways"])
    record_event(
        actor=actor,
        code="plans.plan.edited",
        subject_kind="plans.plan",
        subject_id=plan.id,
        payload={"changed": ["further_ways"], "ways": plan.further_ways},
    )
    return plan


def _free_code() -> str:
    taken = {*SCALES, *EvaluationScale.objects.values_list("code", flat=True)}
    return next(code for number in range(1, len(taken) + 2) if (code := f"town-{number}") not in taken)
