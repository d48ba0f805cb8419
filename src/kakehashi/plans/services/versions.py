"""Versions of a plan (版): fixed with a reason, never changed."""

from __future__ import annotations

from django.db.models import Max

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.content import differences
from kakehashi.plans.models import DxPlan, PlanVersion
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.content import plan_content


@service
def fix_version(*, actor: Actor, plan: DxPlan, label: str = "", reason: str = "") -> PlanVersion:
    """Keep the plan as it stands as its next version, and write `plans.version.fixed`.

    The reason is required from the second version on. Raises PermissionRefused, and DomainError without a reason or when nothing
    has changed since the last version.
    """
    require(actor, PlansPermission.EDIT)
    last = _last(plan)
    if last and not reason.strip():
        raise DomainError("改めた理由を書いてください。", field="reason", code="required")
    made = keep_version(actor, plan, label=label, reason=reason)
    if made is None:
        raise DomainError("前の版から変わったところがありません。", code="unchanged")
    return made


def _last(plan: DxPlan) -> PlanVersion | None:
    return PlanVersion.objects.filter(plan=plan).order_by("-number").first()


def keep_version(actor: Actor, plan: DxPlan, *, label: str = "", reason: str = "") -> PlanVersion | None:
    """Keep the next version inside another act, which has asked for the permission; None when nothing has changed since the last."""
    DxPlan.objects.select_for_update().get(id=plan.id)
    last, content = _last(plan), plan_content(plan)
    changes = differences(last.content, content) if last else []
    if last and not changes:
        return None
    number = int(PlanVersion.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0) + 1
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        label=label.strip() or plan.edition or f"第{number}版",
        reason=reason.strip(),
        content=content,
        made_by=actor.label,
    )
    record_event(
        actor=actor,
        code="plans.version.fixed",
        subject_kind="plans.plan",
        subject_id=plan.id,
        payload={"number": number, "label": version.label, "reason": version.reason, "changes": len(changes)},
    )
    return version
