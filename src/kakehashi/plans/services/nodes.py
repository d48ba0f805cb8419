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
_EDITABLE = ("number", "title", "description", "department", "weight")


@service
def add_policy(*, actor: Actor, plan: DxPlan, title: str, description: str = "") -> PlanPolicy:
    """Add a policy (基本方針) at the end of a plan. Raises PermissionRefused, DomainError without a title."""
    require(actor, PlansPermission.EDIT)
    _lock(plan)
    return PlanPolicy.objects.create(
        plan=plan, number=_next(PlanPolicy.objects.filter(plan=plan)), title=_title(title), description=description
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
) -> Initiative:
    """Add an initiative (取組) at the end of a programme. Raises PermissionRefused, DomainError without a title."""
    require(actor, PlansPermission.EDIT)
    _lock(program)
    return Initiative.objects.create(
        program=program,
        number=_next(Initiative.objects.filter(program=program)),
        title=_title(title),
        description=description,
        department=department,
        weight=weight,
    )


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


def _title(text: str) -> str:
    if not text.strip():
        raise DomainError("名前を書いてください。", field="title", code="required")
    return text.strip()


def _lock(parent: DxPlan | PlanPolicy | PlanProgram) -> None:
    """Two people who add at once wait for each other, so that numbers follow without a gap or a clash."""
    type(parent).objects.select_for_update().get(id=parent.id)


def _next(siblings: Any) -> int:
    return int(siblings.aggregate(last=Max("number"))["last"] or 0) + 1
