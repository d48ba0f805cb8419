"""効果: the figures of the whole government and of one procedure, the rows behind each, and what is assumed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.indicators.hooks import Period, RowPart
from kakehashi.indicators.selectors import rows_behind
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.kinds import ROADS, Kind
from kakehashi.procedures.forms.effect import AssumptionForm, EffectFilterForm, StepsFilterForm
from kakehashi.procedures.models import EffectAssumption, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.effect import (
    FIGURES,
    EffectScope,
    ProcedureEffect,
    TallyFilters,
    assumption_of,
    effects_by_procedure,
    figures_of,
    narrowed,
    own_assumption,
    steps_of,
    tallies_of,
)
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.services import ASSUMED, QUIET_DAYS, clear_assumption, set_assumption

__all__ = ["assumption_page", "assumptions_page", "effect_page", "procedure_assumption_page", "procedure_effect_page",
           "rows_page"]  # fmt: skip

_SHOWN = 200
_MOST_ROWS = 50_000
_HEADERS = (
    "手続", "種類", "所管課", "提出", "途中でやめた", "書きかけ", "完了率（%）", "終わった申請", "うちオンライン", "補正なし（%）",
    "処理日数の中央値", "90パーセンタイル", "日の数え方", "期間のうち（%）", "減った職員の時間（分）", "画面での作業（分・実測の中央値）",
    "減った来庁（回）", "減った紙（枚）",
)  # fmt: skip


def _periods() -> list[tuple[str, str]]:
    """The running fiscal year and the two before, and its months."""
    year = Period.containing(clock.today())
    years = [year, year.previous(), year.previous().previous()]
    months = [month for month in reversed(year.months()) if month.first <= clock.today()]
    return [(one.code, one.label) for one in (*years, *months)]


def _period(request: Request) -> Period:
    return Period.read(request.GET.get("period", ""), clock.today())


def _scope(request: Request, procedure: UUID | None = None) -> EffectScope:
    """What the address asks for; nonsense narrows nothing."""
    kind = request.GET.get("kind", "")
    return EffectScope(
        period=_period(request),
        department=_uuid(request.GET.get("department", "")),
        kind=kind if kind in set(Kind) else "",
        procedure=procedure or _uuid(request.GET.get("procedure", "")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _query(scope: EffectScope, **more: str) -> str:
    """The scope as an address's query, so that the rows of a figure are those of its page."""
    values = {
        "period": scope.period.code,
        "department": str(scope.department or ""),
        "kind": scope.kind,
        "procedure": str(scope.procedure or ""),
    }
    return urlencode({name: value for name, value in {**values, **more}.items() if value})


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def effect_page(request: Request) -> HttpResponse:
    """効果 of the whole government: each figure with its formula and its rows, and every procedure in a table."""
    scope = _scope(request)
    lines = effects_by_procedure(scope)
    if kind := request.GET.get("format"):
        name = f"手続の効果_{scope.period.label}"
        return spreadsheet_response(kind=kind, name=name, headers=_HEADERS, rows=[_cells(line) for line in lines])
    departments = [(str(each.id), each.name) for each in departments_on(clock.today())]
    context = {
        "form": EffectFilterForm(
            request.GET or None, periods=_periods(), departments=departments, initial={"period": scope.period.code}
        ),
        "scope": scope,
        "query": _query(scope),
        "figures": figures_of(scope),
        "lines": lines[:_SHOWN],
        "count": len(lines),
        "is_cut": len(lines) > _SHOWN,
        "now": clock.now(),
    }
    return render(request, "procedures/staff/effect.html", context)


def _cells(line: ProcedureEffect) -> list[Any]:
    each = line.procedure
    return [
        each.name, each.get_kind_display(), each.department.name if each.department else "", line.submitted, line.stopped,
        line.open, line.completion, line.finished, line.online, line.first_time_right, line.median_days, line.p90_days,
        each.get_standard_processing_unit_display(), line.within_share, line.minutes, line.screen_minutes, line.visits,
        line.sheets,
    ]  # fmt: skip


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def procedure_effect_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """効果 of one procedure: its figures, where people stop, and what is assumed of it."""
    procedure = get_procedure(procedure_id)
    scope = _scope(request, procedure.id)
    every = tallies_of(procedure, scope.period, TallyFilters())
    versions = sorted(set(every.values_list("version", flat=True)), reverse=True)
    form = StepsFilterForm(
        request.GET or None, periods=_periods(), versions=versions, initial={"period": scope.period.code}
    )
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    rows = tallies_of(
        procedure,
        scope.period,
        TallyFilters(chosen.get("version"), chosen.get("language", ""), chosen.get("device", "")),
    )
    counts = [sum(numbers) for numbers in zip(*rows.values_list("submitted", "stopped", "open"), strict=True)]
    submitted, stopped, still_open = counts or [0, 0, 0]
    context = {
        "procedure": procedure,
        "form": form,
        "scope": scope,
        "query": _query(scope),
        "figures": figures_of(scope),
        "steps": steps_of(procedure, rows),
        "begun": submitted + stopped + still_open,
        "submitted": submitted,
        "stopped": stopped,
        "open": still_open,
        "quiet_days": QUIET_DAYS,
        "own": own_assumption(procedure),
        "of_kind": assumption_of(procedure.kind),
        "now": clock.now(),
    }
    return render(request, "procedures/staff/procedure_effect.html", context)


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("効果の数字の行の確認")
@require_GET
def rows_page(request: Request, name: str) -> HttpResponse:
    """この数字の行: exactly what was counted, narrowed as the page it was opened from."""
    measure = FIGURES.get(f"procedures.{name}")
    if measure is None:
        raise Http404
    scope = _scope(request)
    parts = [(RowPart.NUMERATOR, measure.numerator_label if measure.is_share else "数えた行")]
    if measure.is_share:
        parts.append((RowPart.DENOMINATOR, measure.denominator_label))
    if measure.unknown:
        parts.append((RowPart.UNKNOWN, "前提がわからない"))
    asked = request.GET.get("part", "")
    part = RowPart(asked) if asked in {one for one, _ in parts} else RowPart.NUMERATOR
    found = rows_behind(narrowed(measure, scope), scope.period, part)
    columns = measure.columns
    headings = [column.heading for column in columns]
    if kind := request.GET.get("format"):
        cells = ([column.value(row) for column in columns] for row in found[:_MOST_ROWS])
        return spreadsheet_response(kind=kind, name=f"{measure.label}の行", headers=headings, rows=cells)
    page = keyset_page(found, ("-pk",), request.GET.get("cursor"), 50)
    url_of = measure.row_url or str
    context = {
        "measure": measure,
        "scope": scope,
        "of": Procedure.objects.filter(id=scope.procedure).first() if scope.procedure else None,
        "query": _query(scope),
        "part": part,
        "parts": parts,
        "headings": headings,
        "lines": [([(column.heading, column.value(row)) for column in columns], url_of(row)) for row in page.rows],
        "page": page,
        "count": found.count(),
    }
    return render(request, "procedures/staff/effect_rows.html", context)


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def assumptions_page(request: Request) -> HttpResponse:
    """前提: of each kind, and of the procedures that differ."""
    rows = list(EffectAssumption.objects.select_related("procedure").order_by("procedure__name"))
    of_kind = {each.kind: each for each in rows if each.procedure_id is None}
    context = {
        "kinds": [(kind.value, road.label, of_kind.get(kind.value)) for kind, road in ROADS.items()],
        "own": [each for each in rows if each.procedure_id is not None],
    }
    return render(request, "procedures/staff/assumptions.html", context)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def assumption_page(request: Request, kind: str) -> HttpResponse:
    """Write the assumption of a kind."""
    if kind not in set(Kind):
        raise Http404
    found = assumption_of(kind)
    form = AssumptionForm(request.POST or None, instance=found)
    if (done := _written(request, form, assumption_of(kind), kind=Kind(kind))) is not None:
        return done
    context = {"form": form, "label": ROADS[Kind(kind)].label, "found": found}
    return render(request, "procedures/staff/assumption.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def procedure_assumption_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """Write the assumption of one procedure; what the inventory knows of its paper is proposed."""
    procedure = get_procedure(procedure_id)
    found, of_kind = own_assumption(procedure), assumption_of(procedure.kind)
    form = AssumptionForm(request.POST or None, instance=found, initial={} if found else _proposed(procedure, of_kind))
    if (done := _written(request, form, own_assumption(procedure), procedure=procedure)) is not None:
        return done
    context = {"form": form, "procedure": procedure, "found": found, "of_kind": of_kind}
    return render(request, "procedures/staff/assumption.html", context, status=422 if form.is_bound else 200)


def _proposed(procedure: Procedure, of_kind: EffectAssumption | None) -> dict[str, Any]:
    """The kind's numbers, and of the sheets what the inventory says: the form itself and each paper attached to it."""
    proposed = {name: getattr(of_kind, name) for name in ASSUMED} if of_kind else {}
    if procedure.attachments:
        proposed |= {"sheets_before": 1 + len(procedure.attachments), "sheets_online": 0}
    return proposed


def _written(
    request: Request,
    form: AssumptionForm,
    before: EffectAssumption | None,
    *,
    procedure: Procedure | None = None,
    kind: Kind | None = None,
) -> HttpResponse | None:
    """The way on once it is saved or taken back; None where the form is to be shown."""
    there = (
        redirect("procedures-staff:procedure-effect", procedure.id)
        if procedure
        else redirect("procedures-staff:assumptions")
    )
    if request.method == "POST" and "clear" in request.POST and before is not None:
        clear_assumption(actor=request.actor, assumption=before)
        messages.success(request, "前提を消しました。")
        return there
    if request.method != "POST" or not form.is_valid():
        return None
    given = dict(form.cleaned_data)
    try:
        set_assumption(actor=request.actor, values=given, source=given.pop("source"), procedure=procedure, kind=kind)
    except DomainError as error:
        form.add_error(error.field, error.message)
        return None
    messages.success(request, "前提を保存しました。数字はすぐに変わります。")
    return there
