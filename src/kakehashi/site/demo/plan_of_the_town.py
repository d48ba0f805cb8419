"""The DX plan of a demo municipality, whose numbers come from the rooms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.plans.models import DxPlan, Initiative
from kakehashi.plans.services import (
    add_initiative,
    add_policy,
    add_program,
    attach_indicator,
    create_plan,
    publish_plan,
    set_targets,
)
from kakehashi.site.demo import content
from kakehashi.site.demo.organisation import Body


def adopt_plan(body: Body) -> DxPlan:
    """Write and publish the body's plan; its scope must be open."""
    actor = system_actor(body.government.id, "見本の準備")
    data = content.read("plan")
    plan = create_plan(
        actor=actor,
        title=data["title"].format(name=body.government.name),
        first_year=data["period"]["from"],
        last_year=data["period"]["to"],
        idempotency_key=uuid7(),
        details={"summary": data["summary"].format(name=body.government.name)},
    )
    for policy_row in data["policies"]:
        policy = add_policy(actor=actor, plan=plan, title=policy_row["name"])
        for program_row in policy_row["programs"]:
            program = add_program(actor=actor, policy=policy, title=program_row["name"])
            for row in program_row["initiatives"]:
                initiative = add_initiative(actor=actor, program=program, title=row["name"])
                _measure(actor, initiative, row["measures"])
    return publish_plan(actor=actor, plan=plan)


def _measure(actor: Actor, initiative: Initiative, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        indicator = attach_indicator(
            actor=actor,
            initiative=initiative,
            measure_code=row["code"],
            baseline=Decimal(row["baseline"]),
            baseline_year=2025,
            baseline_note="計画を作ったときの庁内調査。",
        )
        targets = {int(year): Decimal(value) for year, value in row["targets"].items()}
        set_targets(actor=actor, indicator=indicator, values=targets)
