"""Finding plans and their branches in the open scope."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse

from kakehashi.indicators.hooks import TargetValue
from kakehashi.kernel.errors import NotFound
from kakehashi.plans.models import DxPlan, IndicatorTarget, Initiative, PlanIndicator, PlanPolicy, PlanProgram

Row = TypeVar("Row", bound=Model)


def plans() -> QuerySet[DxPlan]:
    """Every plan, the latest first."""
    return DxPlan.objects.order_by("-first_year", "-id")


def published_plans() -> QuerySet[DxPlan]:
    """The plans that residents may read, the latest first."""
    return plans().filter(published_at__isnull=False)


def find_plan(plan_id: UUID) -> DxPlan:
    """The plan with this id. Raises `NotFound`."""
    return found_one(DxPlan.objects.filter(id=plan_id))


def find_policy(policy_id: UUID) -> PlanPolicy:
    """The policy with this id and its plan. Raises `NotFound`."""
    return found_one(PlanPolicy.objects.filter(id=policy_id).select_related("plan"))


def find_program(program_id: UUID) -> PlanProgram:
    """The programme with this id, up to its plan. Raises `NotFound`."""
    return found_one(PlanProgram.objects.filter(id=program_id).select_related("policy__plan"))


def find_initiative(initiative_id: UUID) -> Initiative:
    """The initiative with this id, up to its plan. Raises `NotFound`."""
    return found_one(Initiative.objects.filter(id=initiative_id).select_related("program__policy__plan", "department"))


def find_indicator(indicator_id: UUID) -> PlanIndicator:
    """The indicator with this id, up to its plan. Raises `NotFound`."""
    return found_one(PlanIndicator.objects.filter(id=indicator_id).select_related("initiative__program__policy__plan"))


def targets_for_measure(code: str) -> list[TargetValue]:
    """The targets that plans set for a measure, for the page of the measure."""
    rows = IndicatorTarget.objects.filter(indicator__measure_code=code, value__isnull=False).select_related(
        "indicator__initiative__program__policy__plan"
    )
    found = []
    for row in rows:
        initiative = row.indicator.initiative
        label = f"{initiative.program.policy.plan.title}：{initiative.title}"
        if row.value is not None:
            url = reverse("plans-staff:initiative", args=[initiative.id])
            found.append(TargetValue(row.fiscal_year, row.value, label, url))
    return found


def found_one(rows: QuerySet[Row]) -> Row:
    """The one row that was looked for. Raises `NotFound`."""
    row = rows.first()
    if row is None:
        raise NotFound
    return row
