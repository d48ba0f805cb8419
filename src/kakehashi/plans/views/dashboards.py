"""The head's one page and the pages of sections; each fits on paper and has its numbers as a file."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.approvals.selectors import proposals_waiting_for
from kakehashi.governments.selectors import room_is_on
from kakehashi.indicators.adapters.charts import draw_bars
from kakehashi.indicators.selectors import late_values, open_anomalies
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.attainment import POLICY_WORDS
from kakehashi.plans.domain.states import NEEDS_NEXT_MOVE
from kakehashi.plans.forms import HeadForm
from kakehashi.plans.hooks import stories_since
from kakehashi.plans.models import Initiative
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.dashboards import NumberLine
from kakehashi.plans.selectors.sunsets import units_to_decide
from kakehashi.plans.views.answers import add_problem, posted

STORIES, DAYS = 3, 31
# A rate far over its target would make all other bars too short to compare.
LONGEST_BAR = 150.0


@staff(PlansPermission.READ)
@require_GET
def head(request: HttpRequest) -> HttpResponse:
    """首長の1枚: ten numbers with their targets, what waits for a decision, what is behind and its next move, three stories."""
    numbers = selectors.head_numbers()
    if kind := request.GET.get("format"):
        return _export_numbers(kind, numbers)
    waiting = _waiting(request)
    plans = [
        (plan, selectors.plan_tree(plan, selectors.plan_year(plan), live=False))
        for plan in selectors.published_plans()[:3]
    ]
    context = {
        "numbers": numbers,
        "policies": _policies(numbers),
        "chart": _bars(numbers),
        "waiting": waiting[:5],
        "waiting_count": len(waiting),
        "plans": plans,
        "sunsets": list(units_to_decide()),
        "behind": Initiative.objects.filter(state__in=NEEDS_NEXT_MOVE)
        .select_related("department")
        .order_by("-reported_at")[:5],
        "late_count": len(late_values()),
        "anomaly_count": open_anomalies().count(),
        "stories": stories_since(clock.now() - timedelta(days=DAYS), STORIES),
        "today": clock.today(),
        "can_edit": bool(request.actor.can(PlansPermission.EDIT, request.government.id)),  # type: ignore[attr-defined]
    }
    return render(request, "plans/head.html", context)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the numbers of the head's page."""
    form = HeadForm(posted(request), initial={"codes": selectors.head_codes()})
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_head_numbers(actor=request.actor, codes=form.cleaned_data["codes"])  # type: ignore[attr-defined]
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "首長の1枚の数字を選びました。")
            return redirect("plans-staff:head")
    context = {"form": form, "title": "首長の1枚の数字を選ぶ", "verb": "この数字にする"}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.READ)
@require_GET
def sections(request: HttpRequest) -> HttpResponse:
    """The sections that own initiatives."""
    owning = set(Initiative.objects.exclude(department=None).values_list("department_id", flat=True))
    found = [one for one in departments_on(clock.today()) if one.id in owning]
    return render(request, "plans/sections.html", {"departments": found})


@staff(PlansPermission.READ)
@require_GET
def section(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """One section: its initiatives with targets and figures, what it counts itself, what it still has to write."""
    department = Department.objects.filter(id=department_id).first()
    if department is None:
        raise Http404
    lines = selectors.section_initiatives(department)
    if kind := request.GET.get("format"):
        return _export_section(kind, department, lines)
    context = {
        "department": department,
        "lines": lines,
        "figures": selectors.section_figures(department, lines),
        "unwritten": selectors.unwritten_lines(department.id),
        "late": [one for one in late_values() if one.measure.department_id == department.id],
        "budget_yen": sum(one.initiative.budget_yen or 0 for one in lines),
        "chart": _bars_of(
            [(line.label, line.attainment.rate) for one in lines for line in one.indicators if line.attainment]
        ),
    }
    return render(request, "plans/section.html", context)


def _policies(numbers: list[NumberLine]) -> list[tuple[str, list[str]]]:
    """Each way of making a rate once, with the numbers it is used for."""
    found: dict[str, list[str]] = {}
    for one in numbers:
        if one.policy and one.attainment and one.attainment.rate is not None:
            found.setdefault(POLICY_WORDS[one.policy], []).append(one.described.label)
    return list(found.items())


def _waiting(request: HttpRequest) -> list[Any]:
    if not room_is_on(request.government.id, "approvals"):  # type: ignore[attr-defined]
        return []
    return list(proposals_waiting_for(request.actor).order_by("created_at")[:100])  # type: ignore[attr-defined]


def _bars(numbers: list[NumberLine]) -> SafeString:
    return _bars_of([(one.described.label, one.attainment.rate) for one in numbers if one.attainment])


def _bars_of(pairs: list[tuple[str, Decimal | None]]) -> SafeString:
    labels, rates = [label for label, _ in pairs[:12]], [rate for _, rate in pairs[:12]]
    return mark_safe(draw_bars(labels, rates, "今年度の目標に対する達成率", longest=LONGEST_BAR))  # noqa: S308 - drawn by the library, which escapes


def _export_numbers(kind: str, numbers: list[NumberLine]) -> HttpResponse:
    headers = ["指標", "単位", "今年度の値", "今年度の目標", "達成率(%)", "達成率の決め方", "計算式", "分母の決め方"]
    rows = [
        [
            one.described.label,
            one.described.unit,
            one.reading.figure.word if one.reading.figure.value is None else float(one.reading.figure.value),
            None if one.target is None else float(one.target),
            float(one.attainment.rate) if one.attainment and one.attainment.rate is not None else None,
            POLICY_WORDS[one.policy] if one.policy else "",
            one.described.formula_text,
            one.described.policy_text,
        ]
        for one in numbers
    ]
    return spreadsheet_response(kind=kind, name="首長の1枚", headers=headers, rows=rows)


def _export_section(kind: str, department: Department, lines: Any) -> HttpResponse:
    headers = ["取組", "状態", "予算（円）", "指標", "目標", "実績", "達成率(%)", "達成率の決め方", "次の一手"]
    rows: list[list[Any]] = []
    for one in lines:
        item = one.initiative
        for line in one.indicators or [None]:
            cells: list[Any] = ["", "", "", "", ""]
            if line is not None:
                figure = line.reading.figure if line.reading else None
                target = "" if line.target is None else line.target.words or line.target.value
                actual = "" if figure is None else figure.word if figure.value is None else float(figure.value)
                rate = line.attainment.rate if line.attainment else ""
                cells = [line.label, target, actual, rate, line.policy_text if line.attainment else ""]
            rows.append([item.title, item.state_word, item.budget_yen, *cells, item.next_move])
    return spreadsheet_response(kind=kind, name=f"{department.name}の取組", headers=headers, rows=rows)
