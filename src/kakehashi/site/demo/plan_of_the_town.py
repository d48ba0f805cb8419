"""The plan of a demo body: targets against the figures its own year of work makes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kakehashi.indicators.selectors import all_measures
from kakehashi.indicators.services import take_snapshots
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.ids import uuid7
from kakehashi.people.selectors import StaffActor
from kakehashi.plans.domain.reviews import MissCause, Move, Result
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.models import DxPlan, Initiative, PlanProgram, ReviewLine
from kakehashi.plans.services import (
    add_initiative,
    add_policy,
    add_program,
    attach_indicator,
    create_plan,
    open_review,
    publish_plan,
    record_words,
    report_initiative,
    set_evaluations,
    set_targets,
    write_line,
)
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models.procedure import Founding
from kakehashi.procedures.services import create_procedure, exclude_procedure, write_exclusion_rule
from kakehashi.site.demo import content
from kakehashi.site.demo.furnish import department_code
from kakehashi.site.demo.logic_of_the_plan import tell_logic
from kakehashi.site.demo.organisation import Body


def list_paper_procedures(body: Body) -> None:
    """Put the procedures that are still on paper on the inventory: without them every rate would be 100 %.

    One of them stays off line by a written rule (対象外); most of the others have a year to be online in.

    The government's scope must be open.
    """
    actor = system_actor(body.government.id, "見本の準備")
    size = max(1, (body.government.population or 0) // 3400)
    told, year = content.read("inventory"), fiscal_year(clock.today())
    rules = {row["code"]: write_exclusion_rule(actor=actor, **row) for row in told["rules"]}
    for row in told["procedures"]:
        volume = row.get("volume")
        basis = row.get("legal_basis", "")
        values = {
            "department": body.departments[department_code(body, row["department"])],
            "volume": None if volume is None else volume * size,
            "channels": ["counter", "post"],
            "legal_basis": basis.format(name=body.government.name),
            "founding": (Founding.OWN if "{name}" in basis else Founding.LAW) if basis else Founding.UNKNOWN,
            "target_year": year + row["years"] if "years" in row else None,
        }
        procedure = create_procedure(actor=actor, name=row["name"], kind=Kind(row["kind"]), values=values)
        if "rule" in row:
            exclude_procedure(actor=actor, procedure=procedure, rule=rules[row["rule"]])


def adopt_plan(body: Body) -> DxPlan:
    """Make and publish the plan, and take the snapshots of the past months, so that no page is empty.

    The government's scope must be open.
    """
    told = content.read("plan")
    actor = body.actor("officer")
    first = fiscal_year(clock.today())
    plan = create_plan(
        actor=actor,
        title=told["title"].format(name=body.government.name),
        first_year=first,
        last_year=first + told["years"] - 1,
        idempotency_key=uuid7(),
        details={key: told[key] for key in ("edition", "summary", "summary_easy", "summary_en")},
    )
    known = {one.code for one in all_measures()}
    for policy_row in told["policies"]:
        policy = add_policy(actor=actor, plan=plan, title=policy_row["name"], pillar=policy_row.get("pillar", ""))
        for program_row in policy_row["programs"]:
            program = add_program(actor=actor, policy=policy, title=program_row["name"])
            for row in program_row["initiatives"]:
                _initiative(actor, body, program, row, known)
    tell_logic(actor, plan)
    set_evaluations(actor=actor, plan=plan, wanted=[("initiatives", "met"), ("points", "seven")])
    publish_plan(actor=actor, plan=plan)
    take_snapshots()
    _review(actor, plan)
    return plan


def _review(actor: StaffActor, plan: DxPlan) -> None:
    """The review of the last quarter that began, partly written: one miss with its next move."""
    month = clock.today().month
    review = open_review(
        actor=actor, plan=plan, fiscal_year=plan.first_year, quarter=(month - 4) // 3 + 1 if month >= 4 else 4
    )
    for line in ReviewLine.objects.filter(review=review, initiative__logic_models__isnull=False, is_missed=False)[:1]:
        write_line(
            actor=actor,
            line=line,
            result=Result.RUNNING,
            move=Move.ACT,
            move_text="転入・転出の次に、こども医療の様式をつくります。",
        )
    for line in ReviewLine.objects.filter(review=review, initiative__state=InitiativeState.AT_RISK)[:1]:
        write_line(
            actor=actor,
            line=line,
            result=Result.PARTLY,
            cause=MissCause.USE,
            cause_text=line.initiative.reason,
            move=Move.OBSERVE,
            move_text=line.initiative.next_move,
        )


def _initiative(actor: StaffActor, body: Body, program: PlanProgram, row: dict[str, Any], known: set[str]) -> None:
    initiative = add_initiative(
        actor=actor,
        program=program,
        title=row["name"],
        description=row.get("description", ""),
        department=body.departments.get(department_code(body, row["department"])),
        details=_details(row, program.policy.plan),
    )
    for measure in row.get("measures", ()):
        if measure["code"] in known:
            _indicator(actor, initiative, measure)
    if "words" in row:
        _words(actor, initiative, row["words"])
    report_initiative(
        actor=actor,
        initiative=initiative,
        state=InitiativeState(row["state"]),
        reason=row.get("reason", ""),
        next_move=row.get("next_move", ""),
    )


def _details(row: dict[str, Any], plan: DxPlan) -> dict[str, Any]:
    details: dict[str, Any] = {"budget_yen": row.get("budget_yen"), "starts_on": date(plan.first_year, 4, 1)}
    if "unit" in row:
        details |= {"unit_name": row["unit"], "sunset_on": date(plan.last_year + 1, 3, 31)}
    return details


def _indicator(actor: StaffActor, initiative: Initiative, row: dict[str, Any]) -> None:
    first = initiative.program.policy.plan.first_year
    indicator = attach_indicator(
        actor=actor,
        initiative=initiative,
        measure_code=row["code"],
        baseline=Decimal(row["baseline"]),
        baseline_year=first - 1,
    )
    targets = {first + place: Decimal(number) for place, number in enumerate(row["targets"])}
    set_targets(actor=actor, indicator=indicator, values=targets)


def _words(actor: StaffActor, initiative: Initiative, row: dict[str, str]) -> None:
    first = initiative.program.policy.plan.first_year
    indicator = attach_indicator(actor=actor, initiative=initiative, label=row["label"])
    set_targets(actor=actor, indicator=indicator, values={}, words={first: row["target"]})
    record_words(actor=actor, indicator=indicator, reached_on=date(first, 4, 1), text=row["reached"])
