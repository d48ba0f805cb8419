"""One complete logic model with its evidence, and what its review sheet needs, for the plan of a demo body."""

from __future__ import annotations

from typing import Any

from kakehashi.kernel.clock import today
from kakehashi.people.selectors import StaffActor
from kakehashi.plans.domain.logic import Stage
from kakehashi.plans.models import DxPlan, Initiative, LogicBox, PlanIndicator
from kakehashi.plans.selectors import sheet_years
from kakehashi.plans.services import (
    draw_arrow,
    save_box,
    save_evidence,
    save_sheet_basis,
    set_factors,
    start_logic_model,
)
from kakehashi.site.demo import content


def tell_logic(actor: StaffActor, plan: DxPlan) -> None:
    """Draw the model of the initiative the content names; nothing where the plan has no such initiative. The scope must be open."""
    told = content.read("logic")
    initiative = Initiative.objects.filter(program__policy__plan=plan, title=told["initiative"]).first()
    if initiative is None:
        return
    model = start_logic_model(actor=actor, branch=initiative)
    set_factors(actor=actor, model=model, factors=told["factors"])
    indicators = {one.measure_code: one for one in PlanIndicator.objects.filter(initiative=initiative, kind="number")}
    boxes: dict[str, LogicBox] = {
        row["key"]: save_box(
            actor=actor,
            model=model,
            stage=Stage(row["stage"]),
            text=row["text"],
            indicator=indicators.get(row.get("indicator", "")),
        )
        for row in told["boxes"]
    }
    for row in told["arrows"]:
        arrow = draw_arrow(actor=actor, start=boxes[row["from"]], end=boxes[row["to"]])
        for evidence in row.get("evidence", ()):
            # A day of the content that has not come yet in the demo's time would be a promise.
            save_evidence(actor=actor, arrow=arrow, values={**evidence, "as_of": _past(evidence.get("as_of"))})
    _sheet(actor, initiative, indicators, told["sheet"])


def _past(day: Any) -> Any:
    return day if day is not None and day <= today() else None


def _sheet(
    actor: StaffActor, initiative: Initiative, indicators: dict[str, PlanIndicator], told: dict[str, Any]
) -> None:
    save_sheet_basis(
        actor=actor,
        initiative=initiative,
        legal_basis=told["legal_basis"],
        purpose="",
        money={
            year: (row.get("budget"), row.get("spent"))
            for year, row in zip(sheet_years(initiative), told["money"], strict=False)
        },
        reasons={indicators[code].id: reason for code, reason in told["reasons"].items() if code in indicators},
    )
