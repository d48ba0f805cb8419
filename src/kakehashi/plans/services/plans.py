"""A plan as a whole: made, edited, shown to residents, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.skeletons import SKELETONS
from kakehashi.plans.models import DxPlan, PlanKind, PlanPolicy, PlanProgram
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.services.versions import keep_version

LONGEST_PLAN = 15
_EDITABLE = (
    "title", "edition", "kind", "legal_basis", "first_year", "last_year", "summary", "summary_easy", "summary_en", "attainment_policy", "scale_code",
)  # fmt: skip


@service
def create_plan(
    *,
    actor: Actor,
    title: str,
    first_year: int,
    last_year: int,
    idempotency_key: UUID,
    skeleton_code: str = "empty",
    details: Mapping[str, str] | None = None,
) -> DxPlan:
    """Make a plan, empty or from a skeleton, and write `plans.plan.created`. The same key twice makes one plan.

    `details` may hold edition, summaries, attainment_policy and scale_code. Raises PermissionRefused, and DomainError for
    years that are out of order or too many.
    """
    require(actor, PlansPermission.EDIT)
    made = DxPlan.objects.filter(idempotency_key=idempotency_key).first()
    if made is not None:
        return made
    skeleton = SKELETONS.get(skeleton_code)
    if skeleton is None:
        raise DomainError("この骨組みはありません。", field="skeleton_code")
    allowed = {key: value for key, value in (details or {}).items() if key in _EDITABLE}
    plan = DxPlan(title=title.strip(), first_year=first_year, last_year=last_year, idempotency_key=idempotency_key)
    for key, value in allowed.items():
        setattr(plan, key, value)
    plan.skeleton_label = skeleton.label if skeleton.policies else ""
    _check(plan)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return DxPlan.objects.get(idempotency_key=idempotency_key)
    for policy_number, one in enumerate(skeleton.policies, start=1):
        policy = PlanPolicy.objects.create(plan=plan, number=policy_number, title=one.title, pillar=one.pillar)
        PlanProgram.objects.bulk_create(
            [PlanProgram(policy=policy, number=number, title=name) for number, name in enumerate(one.programs, start=1)]
        )
    payload = {"title": plan.title, "first_year": first_year, "last_year": last_year, "skeleton": skeleton_code}
    _record(actor, plan, "created", payload)
    return plan


@service
def edit_plan(*, actor: Actor, plan: DxPlan, changes: Mapping[str, object]) -> DxPlan:
    """Change the plan's own words, years or policies of attainment, and write `plans.plan.edited` with the names of what changed.

    Raises PermissionRefused, and DomainError for years that are out of order.
    """
    require(actor, PlansPermission.EDIT)
    changed = [key for key in _EDITABLE if key in changes and getattr(plan, key) != changes[key]]
    if not changed:
        return plan
    for key in changed:
        setattr(plan, key, changes[key])
    _check(plan)
    plan.save(update_fields=changed)
    _record(actor, plan, "edited", {"changed": changed})
    return plan


@service
def publish_plan(*, actor: Actor, plan: DxPlan) -> DxPlan:
    """Show the plan to residents, keep it as a version and write `plans.plan.published`; a published plan stays as it is.

    Raises PermissionRefused, and DomainError for a plan without an initiative or without a word to residents.
    """
    require(actor, PlansPermission.PUBLISH)
    if plan.published_at is not None:
        return plan
    if not plan.summary.strip():
        raise DomainError("住民への説明を書いてから公開してください。", field="summary", code="required")
    if not PlanProgram.objects.filter(policy__plan=plan, initiatives__isnull=False).exists():
        raise DomainError("取組が一つもありません。取組を加えてから公開してください。", code="empty")
    plan.published_at = clock.now()
    plan.save(update_fields=["published_at"])
    keep_version(actor, plan, reason="住民への公開")
    _record(actor, plan, "published", {})
    return plan


@service
def withdraw_plan(*, actor: Actor, plan: DxPlan) -> DxPlan:
    """Take the plan off the residents' pages and write `plans.plan.withdrawn`. Raises PermissionRefused."""
    require(actor, PlansPermission.PUBLISH)
    if plan.published_at is None:
        return plan
    plan.published_at = None
    plan.save(update_fields=["published_at"])
    _record(actor, plan, "withdrawn", {})
    return plan


def _check(plan: DxPlan) -> None:
    if not plan.title.strip():
        raise DomainError("計画の名前を書いてください。", field="title", code="required")
    if plan.last_year < plan.first_year:
        raise DomainError("最後の年度は、最初の年度より後にしてください。", field="last_year")
    if plan.kind == PlanKind.ORDINANCE and not plan.legal_basis.strip():
        raise DomainError("根拠の条例・法律を書いてください。", field="legal_basis", code="required")
    if plan.last_year - plan.first_year >= LONGEST_PLAN:
        raise DomainError(f"計画は{LONGEST_PLAN}年度までにしてください。", field="last_year")


def _record(actor: Actor, plan: DxPlan, verb: str, payload: dict[str, object]) -> None:
    record_event(actor=actor, code=f"plans.plan.{verb}", subject_kind="plans.plan", subject_id=plan.id, payload=payload)
