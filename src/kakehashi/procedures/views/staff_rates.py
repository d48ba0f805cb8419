"""何％か、何が残っているか; どれから取り組むか; 対象外の定義; 年度の実績."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.kinds import ROADS
from kakehashi.procedures.forms import ExclusionRuleForm, MeasureForm
from kakehashi.procedures.models import ExclusionRule, Procedure
from kakehashi.procedures.models.procedure import Founding
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.inventory import BANDS, LEFT, get_procedure, next_ten
from kakehashi.procedures.selectors.measured import filed_in
from kakehashi.procedures.selectors.rates import Rates, effort_map, quadrants, rates_by, rates_of
from kakehashi.procedures.services import close_exclusion_rule, measure_procedure, write_exclusion_rule
from kakehashi.procedures.views.staff_inventory import share_of

_NONE = "none"


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def rates_page(request: Request) -> HttpResponse:
    """One screen: how many per cent, by kind, by volume and by section, and what is left; every figure opens its rows."""
    rows = Procedure.objects.all()
    kinds, foundings, departments = (rates_by(rows, name) for name in ("kind", "founding", "department_id"))
    names = {each.id: each.name for each in departments_on(clock.today())}
    tables: list[tuple[str, str, list[tuple[str, str, Rates]]]] = [
        (
            "種類",
            "kind",
            [(kind.value, road.label, kinds[kind.value]) for kind, road in ROADS.items() if kind.value in kinds],
        ),
        (
            "創設した団体",
            "founding",
            [(code or _NONE, label, foundings[code]) for code, label in Founding.choices if code in foundings],
        ),
        (
            "所管課",
            "department",
            sorted(
                (
                    (str(key) if key else _NONE, names.get(key, "未定" if key is None else "前の所属"), found)
                    for key, found in departments.items()
                ),
                key=lambda row: -row[2].left,
            ),
        ),
    ]
    context = {"rates": rates_of(rows), "tables": tables}
    return render(request, "procedures/staff/rates.html", context)


_LEFT_EDGE, _TOP_EDGE, _CELL_WIDTH, _CELL_HEIGHT = 70, 20, 110, 70


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def priority_page(request: Request) -> HttpResponse:
    """どれから取り組むか: the map of effort × volume with its table, its four parts, and the next ten."""
    rows, share = Procedure.objects.defer("survey"), share_of(request)
    found = effort_map(rows, share)
    context = {
        "next_ten": next_ten(rows, share),
        "bands": [label for label, _, _ in BANDS],
        "map": found,
        "dots": _dots(found),
        "efforts": [(effort, _LEFT_EDGE + (effort - 1) * _CELL_WIDTH + _CELL_WIDTH // 2) for effort, _ in found],
        "lines": [
            (label, _TOP_EDGE + (len(BANDS) - 1 - at) * _CELL_HEIGHT + _CELL_HEIGHT // 2)
            for at, (label, _, _) in enumerate(BANDS)
        ],
        "quadrants": quadrants(rows, share),
        "unknown": rates_of(rows.filter(LEFT)).unknown,
    }
    return render(request, "procedures/staff/priority.html", context)


def _dots(found: list[tuple[int, list[int]]]) -> list[dict[str, Any]]:
    """Where the circles of the map stand and how large they are; their area tells the number of procedures."""
    most = max((count for _, counts in found for count in counts), default=0) or 1
    return [
        {
            "effort": effort,
            "band": at,
            "label": BANDS[at][0],
            "count": count,
            "x": _LEFT_EDGE + (effort - 1) * _CELL_WIDTH + _CELL_WIDTH // 2,
            "y": _TOP_EDGE + (len(BANDS) - 1 - at) * _CELL_HEIGHT + _CELL_HEIGHT // 2,
            "r": round(12 + 20 * (count / most) ** 0.5),
        }
        for effort, counts in found
        for at, count in enumerate(counts)
        if count
    ]


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def rules_page(request: Request) -> HttpResponse:
    """対象外の定義: the written rules, and a new one."""
    form = ExclusionRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(request, form, None):
        return redirect("procedures-staff:rules")
    counts = rates_by(Procedure.objects.all(), "exclusion_rule_id")
    rules = [
        (each, counts[each.id].excluded if each.id in counts else 0) for each in ExclusionRule.objects.order_by("code")
    ]
    context = {"form": form, "rules": rules, "without": counts[None].excluded if None in counts else 0}
    return render(request, "procedures/staff/rules.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def rule_page(request: Request, rule_id: UUID) -> HttpResponse:
    """Rewrite one rule."""
    rule = get_object_or_404(ExclusionRule.objects, id=rule_id)
    form = ExclusionRuleForm(request.POST or None, instance=rule)
    fresh = get_object_or_404(ExclusionRule.objects, id=rule_id)
    if request.method == "POST" and form.is_valid() and _written(request, form, fresh):
        return redirect("procedures-staff:rules")
    context = {"form": form, "rule": fresh}
    return render(request, "procedures/staff/rule.html", context, status=422 if form.is_bound else 200)


def _written(request: Request, form: ExclusionRuleForm, rule: ExclusionRule | None) -> bool:
    given = form.cleaned_data
    try:
        write_exclusion_rule(
            actor=request.actor, code=given["code"], title=given["title"], text=given["text"], rule=rule
        )
    except DomainError as error:
        form.add_error(error.field, error.message)
        return False
    messages.success(request, "対象外のルールを保存しました。")
    return True


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def close_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Offer a rule no more."""
    close_exclusion_rule(actor=request.actor, rule=get_object_or_404(ExclusionRule.objects, id=rule_id))
    messages.success(request, "このルールは、これからは選べません。対象外になっている手続は、そのままです。")
    return redirect("procedures-staff:rules")


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def measure_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """実績を書く: what this system counted is proposed, a person completes it."""
    procedure = get_procedure(procedure_id)
    year, online, others = filed_in(procedure)
    form = MeasureForm(request.POST or None, initial={"year": year, "online": online, "others": others})
    if request.method == "POST" and form.is_valid():
        try:
            measure_procedure(actor=request.actor, procedure=procedure, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "実績を書きました。年間件数と利用率に使います。")
            return redirect("procedures-staff:procedure", procedure_id)
    context = {"form": form, "procedure": procedure, "year": year, "online": online, "others": others}
    return render(request, "procedures/staff/measure.html", context, status=422 if form.is_bound else 200)
