"""The tree of departments as it stands on a day, and what became of a department that was abolished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .periods import Period


@dataclass(frozen=True, slots=True)
class DepartmentFact:
    """One department in its period. A reorganised department is a new row; the old one names its successor."""

    id: UUID
    code: str
    name: str
    period: Period
    parent_id: UUID | None = None
    successor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the organisation chart. `is_orphan`: its parent is not in force on that day."""

    department: DepartmentFact
    depth: int
    is_orphan: bool = False


def tree_on(departments: Iterable[DepartmentFact], on: date) -> list[TreeRow]:
    """The departments in force on a day, parents before children, siblings by code.

    A department whose parent is abolished without a successor or belongs to a loop is shown at the root and marked as an orphan, so that
    nobody disappears from the chart because of an incomplete reorganisation.
    """
    everything = {fact.id: fact for fact in departments}
    in_force = {each.id: each for each in everything.values() if each.period.covers(on)}
    children: defaultdict[UUID | None, list[DepartmentFact]] = defaultdict(list)
    for fact in sorted(in_force.values(), key=lambda each: (each.code, each.name)):
        children[_parent_on(everything, fact, on)].append(fact)
    rows: list[TreeRow] = []
    seen: set[UUID] = set()

    def walk(fact: DepartmentFact, depth: int, *, is_orphan: bool) -> None:
        if fact.id in seen:
            return
        seen.add(fact.id)
        rows.append(TreeRow(fact, depth, is_orphan))
        for child in children[fact.id]:
            walk(child, depth + 1, is_orphan=False)

    for root in children[None]:
        walk(root, 0, is_orphan=root.parent_id is not None)
    # Departments that are their own ancestors were reached by no root.
    for fact in sorted(in_force.values(), key=lambda each: each.code):
        walk(fact, 0, is_orphan=True)
    return rows


def _parent_on(departments: Mapping[UUID, DepartmentFact], fact: DepartmentFact, on: date) -> UUID | None:
    """The department above on that day: a section whose 部 was followed by another stands under that one."""
    above = current_department(departments, fact.parent_id, on) if fact.parent_id else None
    return above.id if above is not None and above.id != fact.id else None


def ancestors(departments: Mapping[UUID, DepartmentFact], department_id: UUID) -> list[DepartmentFact]:
    """The department's parents, nearest first. A loop in the data ends the walk instead of hanging it."""
    found: list[DepartmentFact] = []
    seen = {department_id}
    parent_id = departments[department_id].parent_id
    while parent_id is not None and parent_id not in seen and parent_id in departments:
        seen.add(parent_id)
        found.append(departments[parent_id])
        parent_id = departments[parent_id].parent_id
    return found


def current_department(
    departments: Mapping[UUID, DepartmentFact], department_id: UUID, on: date
) -> DepartmentFact | None:
    """The department itself when in force on that day, else the first of its successors that is; None when none is."""
    seen: set[UUID] = set()
    next_id: UUID | None = department_id
    while next_id is not None and next_id not in seen and next_id in departments:
        seen.add(next_id)
        fact = departments[next_id]
        if fact.period.covers(on):
            return fact
        next_id = fact.successor_id
    return None


def would_loop(departments: Mapping[UUID, DepartmentFact], department_id: UUID, new_parent_id: UUID | None) -> bool:
    """Whether hanging the department under the new parent would make it its own ancestor."""
    if new_parent_id is None:
        return False
    if new_parent_id == department_id:
        return True
    return any(fact.id == department_id for fact in ancestors(departments, new_parent_id))
