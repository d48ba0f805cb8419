"""The branches of the tree: policies, programmes, initiatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.plans.models import DxPlan, Initiative, PlanPolicy, PlanProgram
from kakehashi.plans.permissions import PlansPermission

Node = PlanPolicy | PlanProgram | Initiative
_DETAILS = ("budget_yen", "starts_on", "ends_on", "unit_name", "sunset_on")
_EDITABLE = ("number", "title", "description", "pillar", "department", "weight", *_DETAILS)
LARGEST_BUDGET = 10**15


@service
def add_policy(*, actor: Actor, plan: DxPlan, title: str, description: str = "", pillar: str = "") -> PlanPolicy:
    """Add a policy (基本方針) at the end of a plan. Raises PermissionRefused, DomainError without a title."""
    require(actor, PlansPermission.EDIT)
    _lock(plan)
    return PlanPolicy.objects.create(
        plan=plan,
        number=_next(PlanPolicy.objects.filter(plan=plan)),
        title=_title(title),
        description=description,
        pillar=pillar,
    )


@service
def add_program(*, actor: Actor, policy: PlanPolicy, title: str, description: str = "") -> PlanProgram:
    """Add a programme (施策) at the end of a policy. Raises PermissionRefused, DomainError without a title."""
    require(actor, PlansPermission.EDIT)
    _lock(policy)
    return PlanProgram.objects.create(
        policy=policy,
        number=_next(PlanProgram.objects.filter(policy=policy)),
        title=_title(title),
        description=description,
    )


@service
def add_initiative(
    *,
    actor: Actor,
    program: PlanProgram,
    title: str,
    description: str = "",
    department: Department | None = None,
    weight: int = 1,
    details: Mapping[str, object] | None = None,
) -> Initiative:
    """Add an initiative (取組) at the end of a programme.

    `details` may hold budget_yen (whole yen), starts_on, ends_on, unit_name and sunset_on. Raises PermissionRefused, and
    DomainError without a title, for days out of order, or for a unit for a time without its last day.
    """
    require(actor, PlansPermission.EDIT)
    _lock(program)
    initiative = Initiative(
        program=program,
        number=_next(Initiative.objects.filter(program=program)),
        title=_title(title),
        description=description,
        department=department,
        weight=weight,
    )
    for key, value in (details or {}).items():
        if key in _DETAILS:
            setattr(initiative, key, value)
    _check(initiative)
    initiative.save(force_insert=True)
    return initiative


@service
def edit_node(*, actor: Actor, node: Node, changes: Mapping[str, object]) -> Node:
    """Change the words, department or weight of a policy, programme or initiative.

    Raises PermissionRefused, and DomainError without a title. The state of an initiative has its own verb, report_initiative.
    """
    require(actor, PlansPermission.EDIT)
    names = {field.name for field in node._meta.fields}
    changed = [key for key in _EDITABLE if key in changes and key in names]
    for key in changed:
        setattr(node, key, changes[key])
    node.title = _title(node.title)
    if isinstance(node, Initiative):
        _check(node)
    node.save(update_fields=changed)
    return node


@service
def remove_node(*, actor: Actor, node: Node) -> None:
    """Remove a branch that has nothing below it. Raises PermissionRefused, and DomainError while something is."""
    require(actor, PlansPermission.EDIT)
    children: Any = (
        node.programs if isinstance(node, PlanPolicy)
        else node.initiatives if isinstance(node, PlanProgram)
        else node.indicators
    )  # fmt: skip
    if children.exists():
        raise DomainError("下に内容があるため消せません。先に下の内容を移すか消してください。", code="not_empty")
    node.delete()


def _check(initiative: Initiative) -> None:
    """Days in order, a budget in whole yen, and a last day for every unit that is set up for a time."""
    if initiative.budget_yen is not None and not 0 <= initiative.budget_yen < LARGEST_BUDGET:
        raise DomainError("予算は0円以上の整数で書いてください。", field="budget_yen")
    if initiative.starts_on and initiative.ends_on and initiative.ends_on < initiative.starts_on:
        raise DomainError("終える日は、始める日より後にしてください。", field="ends_on")
    if initiative.unit_name.strip() and initiative.sunset_on is None:
        raise DomainError("期間を決めて置く組織には、終える日が必要です。", field="sunset_on", code="required")
    if initiative.sunset_on is not None and not initiative.unit_name.strip():
        raise DomainError("終える日のある組織の名前を書いてください。", field="unit_name", code="required")


def _title(text: str) -> str:
    if not text.strip():
        raise DomainError("名前を書いてください。", field="title", code="required")
    return text.strip()


def _lock(parent: DxPlan | PlanPolicy | PlanProgram) -> None:
    """Two people who add at once wait for each other, so that numbers follow without a gap or a clash."""
    type(parent).objects.select_for_update().get(id=parent.id)


def _next(siblings: Any) -> int:
    return int(siblings.aggregate(last=Max("number"))["last"] or 0) + 1
