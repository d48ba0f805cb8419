"""A plan from a sheet of the same layout it goes out in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from kakehashi.indicators.selectors import all_measures
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.books import UnreadableBook, read_apart
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.plans.domain.attainment import AttainmentPolicy
from kakehashi.plans.domain.content import Change, Content, differences
from kakehashi.plans.domain.sheet import ReadSheet, UnreadableSheet, read_rows
from kakehashi.plans.domain.targets import TargetMethod
from kakehashi.plans.models import DxPlan, Initiative, PlanIndicator, PlanPolicy, PlanProgram
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.content import plan_content
from kakehashi.plans.services.indicators import attach_indicator, set_targets
from kakehashi.plans.services.nodes import add_initiative, add_policy, add_program, edit_node

LARGEST_FILE = 5_000_000


def read_sheet(content: bytes) -> ReadSheet:
    """The first sheet of an Excel file in the plan's layout. Raises DomainError beside the file."""
    if len(content) > LARGEST_FILE:
        raise DomainError("5MBまでのファイルを選んでください。", field="file")
    try:
        books = read_apart(content)
    except UnreadableBook:
        raise DomainError("Excelのファイルとして読めません。", field="file", code="unreadable") from None
    try:
        return read_rows(books[0]["cells"] if books else [])
    except UnreadableSheet as problem:
        raise DomainError(str(problem), field="file", code="unreadable") from problem


def changes_of(plan: DxPlan, content: Content) -> list[Change]:
    """What taking the sheet in would change. What the sheet does not name stays as it is."""
    before = plan_content(plan)
    after = _merged(before, content)
    return differences({"policies": before["policies"]}, {"policies": after["policies"]})


@service
def import_sheet(*, actor: Actor, plan: DxPlan, content: Content) -> list[Change]:
    """Take a sheet's content into the plan, and write `plans.plan.imported`; gives what changed.

    Branches are known by their numbers: those that are there are changed, others are added at that number, nothing is removed.
    Raises PermissionRefused, and DomainError for an unknown department or measure, or a year outside the plan.
    """
    require(actor, PlansPermission.EDIT)
    DxPlan.objects.select_for_update().get(id=plan.id)
    changes = changes_of(plan, content)
    if not changes:
        return []
    departments = {row.name: row for row in departments_on(clock.today())}
    known = {one.code for one in all_measures()}
    for row in content["policies"]:
        policy = _found(PlanPolicy.objects.filter(plan=plan), row, lambda row: _policy(actor, plan, row))
        edit_node(actor=actor, node=policy, changes={key: row[key] for key in ("title", "pillar")})
        for inner in row["programs"]:
            _take_program(actor, policy, inner, departments, known)
    record_event(
        actor=actor,
        code="plans.plan.imported",
        subject_kind="plans.plan",
        subject_id=plan.id,
        payload={
            "changes": [[one.where, one.field, one.before, one.after] for one in changes[:200]],
            "count": len(changes),
        },
    )
    return changes


def _take_program(
    actor: Actor, policy: PlanPolicy, row: dict[str, Any], departments: dict[str, Department], known: set[str]
) -> None:
    program = _found(PlanProgram.objects.filter(policy=policy), row, lambda row: _program(actor, policy, row))
    edit_node(actor=actor, node=program, changes={"title": row["title"]})
    for one in row["initiatives"]:
        _take_initiative(actor, program, one, departments, known)


def _policy(actor: Actor, plan: DxPlan, row: dict[str, Any]) -> PlanPolicy:
    return add_policy(actor=actor, plan=plan, title=row["title"], pillar=row["pillar"])


def _program(actor: Actor, policy: PlanPolicy, row: dict[str, Any]) -> PlanProgram:
    return add_program(actor=actor, policy=policy, title=row["title"])


def _found(rows: Any, row: dict[str, Any], make: Callable[[dict[str, Any]], Any]) -> Any:
    """The branch with the row's number, made at that number where there is none."""
    found = rows.filter(number=row["number"]).first()
    if found is None:
        found = make(row)
        if found.number != row["number"]:
            found.number = row["number"]
            found.save(update_fields=["number"])
    return found


def _take_initiative(
    actor: Actor, program: PlanProgram, row: dict[str, Any], departments: dict[str, Department], known: set[str]
) -> None:
    name = row["department"]
    if name and name not in departments:
        raise DomainError(f"取組「{row['title']}」の担当課「{name}」は、今の組織にありません。", code="unknown")
    changes: dict[str, Any] = {key: row[key] for key in ("title", "description", "weight", "budget_yen", "unit_name")}
    changes |= {key: _day(row[key]) for key in ("starts_on", "ends_on", "sunset_on")}
    changes["department"] = departments.get(name)
    initiative: Initiative = _found(
        Initiative.objects.filter(program=program),
        row,
        lambda row: add_initiative(actor=actor, program=program, title=row["title"]),
    )
    edit_node(actor=actor, node=initiative, changes=changes)
    for one in row["indicators"]:
        if one["measure_code"] and one["measure_code"] not in known:
            raise DomainError(f"指標コード「{one['measure_code']}」はありません。", code="unknown")
        _take_indicator(actor, initiative, one)


def _take_indicator(actor: Actor, initiative: Initiative, row: dict[str, Any]) -> None:
    code = row["measure_code"]
    same = PlanIndicator.objects.filter(initiative=initiative, measure_code=code)
    indicator = (same if code else same.filter(label=row["label"])).first()
    baseline = Decimal(row["baseline"]) if row["baseline"] else None
    values: dict[str, Any] = {
        "label": row["label"],
        "attainment_policy": AttainmentPolicy(row["attainment_policy"]),
        "baseline": baseline,
        "baseline_year": row["baseline_year"],
    }
    if indicator is None:
        indicator = attach_indicator(actor=actor, initiative=initiative, measure_code=code, **values)
    else:
        for key, value in values.items():
            setattr(indicator, key, value)
        indicator.save(update_fields=list(values))
    targets = {int(year): text for year, text in row["targets"].items()}
    if code:
        years = initiative.program.policy.plan.years
        numbers = {year: Decimal(targets[year]) if year in targets else None for year in {*years, *targets}}
        set_targets(actor=actor, indicator=indicator, values=numbers)
        if indicator.target_method != row["target_method"]:
            indicator.target_method = TargetMethod(row["target_method"])
            indicator.save(update_fields=["target_method"])
    else:
        set_targets(actor=actor, indicator=indicator, values={}, words=targets)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _merged(before: Content, sheet: Content) -> Content:
    """The plan's content with what the sheet says laid over it."""
    return {
        "plan": before["plan"],
        "policies": _over(before["policies"], sheet["policies"], ("programs", "initiatives")),
    }


def _over(old: list[dict[str, Any]], new: list[dict[str, Any]], below: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = {row["number"]: dict(row) for row in old}
    for row in new:
        former = rows.get(row["number"], {"indicators": [], "programs": [], "initiatives": []})
        merged = {**former, **row}
        if below and below[0] in row:
            merged[below[0]] = _over(former.get(below[0], []), row[below[0]], below[1:])
        if "indicators" in row:
            merged["indicators"] = _indicators_over(former.get("indicators", []), row["indicators"])
        rows[row["number"]] = merged
    return [rows[number] for number in sorted(rows)]


def _indicators_over(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def key(one: dict[str, Any]) -> str:
        return str(one["measure_code"] or one["label"])

    rows = {key(one): dict(one) for one in old}
    for one in new:
        rows[key(one)] = {**rows.get(key(one), {}), **one}
    return list(rows.values())
