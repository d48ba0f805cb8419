"""A plan in the open scope as plain data (domain/content.py), and its versions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kakehashi.indicators.selectors import all_measures
from kakehashi.plans.domain.attainment import PLAN_POLICY_WORDS, PlanPolicyOfAttainment
from kakehashi.plans.domain.content import Content
from kakehashi.plans.domain.logic import Kept
from kakehashi.plans.domain.sheet import plain
from kakehashi.plans.models import DxPlan, Initiative, PlanIndicator, PlanPolicy, PlanProgram, PlanVersion
from kakehashi.plans.selectors.logic import kept_models
from kakehashi.plans.selectors.scales import scale_of


def plan_content(plan: DxPlan) -> Content:
    """The plan as it stands; at most eleven queries whatever its size."""
    programs, initiatives, indicators = defaultdict(list), defaultdict(list), defaultdict(list)
    names = {one.code: one.label for one in all_measures()}
    logic = kept_models(plan)
    rows = PlanIndicator.objects.filter(initiative__program__policy__plan=plan).order_by("id")
    for row in rows.prefetch_related("targets"):
        indicators[row.initiative_id].append(_indicator(row, names))
    for one in Initiative.objects.filter(program__policy__plan=plan).select_related("department").order_by("number"):
        initiatives[one.program_id].append(_with(logic.get(one.id), _initiative(one, indicators[one.id])))
    for program in PlanProgram.objects.filter(policy__plan=plan).order_by("number"):
        inner = {**_words(program), "initiatives": initiatives[program.id]}
        programs[program.policy_id].append(_with(logic.get(program.id), inner))
    policies = PlanPolicy.objects.filter(plan=plan).order_by("number")
    return {
        "plan": _plan(plan),
        "policies": [{**_words(one), "pillar": one.pillar, "programs": programs[one.id]} for one in policies],
    }


def versions_of(plan: DxPlan) -> QuerySet[PlanVersion]:
    """The versions of a plan, the newest first, without their content."""
    return PlanVersion.objects.filter(plan=plan).defer("content").order_by("-number")


def _with(logic: Kept | None, node: dict[str, Any]) -> dict[str, Any]:
    """The branch with its logic model, where it has one."""
    return node if logic is None else {**node, "logic": logic}


def _plan(plan: DxPlan) -> dict[str, str]:
    return {
        "title": plan.title,
        "edition": plan.edition,
        "kind": plan.get_kind_display(),
        "legal_basis": plan.legal_basis,
        "years": plan.years_label,
        "summary": plan.summary,
        "attainment_policy": PLAN_POLICY_WORDS[PlanPolicyOfAttainment(plan.attainment_policy)],
        "scale": scale_of(plan.scale_code).label,
    }


def _words(node: PlanPolicy | PlanProgram) -> dict[str, Any]:
    return {"number": node.number, "title": node.title, "description": node.description}


def _initiative(one: Initiative, indicators: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "description": one.description,
        "department": one.department.name if one.department else "",
        "weight": one.weight,
        "budget_yen": one.budget_yen,
        "starts_on": _day(one.starts_on),
        "ends_on": _day(one.ends_on),
        "unit_name": one.unit_name,
        "sunset_on": _day(one.sunset_on),
        "indicators": indicators,
    }


def _indicator(row: PlanIndicator, names: dict[str, str]) -> dict[str, Any]:
    targets = sorted(row.targets.all(), key=lambda target: target.fiscal_year)
    return {
        "measure_code": row.measure_code,
        "label": row.label,
        "name": row.label or names.get(row.measure_code, row.measure_code),
        "attainment_policy": row.attainment_policy,
        "baseline": plain(row.baseline),
        "baseline_year": row.baseline_year,
        "target_method": row.target_method,
        "targets": {str(one.fiscal_year): plain(one.value) if one.value is not None else one.words for one in targets},
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
