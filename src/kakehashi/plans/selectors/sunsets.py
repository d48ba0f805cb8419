"""Units for a time (期間を決めて置く組織) whose day is near or past and about which nobody has decided."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from kakehashi.kernel import clock
from kakehashi.plans.models import DxPlan, Initiative
from kakehashi.plans.models.tree import SUNSET_NOTICE_DAYS


def units_to_decide(plan: DxPlan | None = None) -> QuerySet[Initiative]:
    """Initiatives whose unit ends within thirty days or has passed its day, the oldest first; of one plan, or of all."""
    rows = Initiative.objects.filter(
        unit_closed_on=None, sunset_on__lte=clock.today() + timedelta(days=SUNSET_NOTICE_DAYS)
    ).exclude(unit_name="")
    if plan is not None:
        rows = rows.filter(program__policy__plan=plan)
    return rows.select_related("department", "program__policy__plan").order_by("sunset_on", "id")


def units_over(plan: DxPlan) -> QuerySet[Initiative]:
    """Those of a plan whose day is past: a review cannot be closed over them."""
    return units_to_decide(plan).filter(sunset_on__lt=clock.today())
