"""The review sheet of an initiative: on screen, as Excel, as PDF; and the little that has to be written for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.documents import ChartDocument, Item, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import EXCEL, as_workbook, spreadsheet_response
from kakehashi.kernel.wareki import format_wareki
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.review_sheet import UNWRITTEN, ReviewSheet
from kakehashi.plans.forms import SheetBasisForm
from kakehashi.plans.models import Initiative
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted


@staff(PlansPermission.READ)
@require_GET
def review_sheet(request: Request, initiative_id: UUID) -> HttpResponse:
    """The sheet of a fiscal year; `format` csv, xlsx or pdf gives it as a file."""
    found = selectors.find_initiative(initiative_id)
    years = selectors.sheet_years(found)
    sheet = selectors.review_sheet(found, _year(request, years))
    if kind := request.GET.get("format"):
        issuer = request.government.name if request.government else ""
        return _paper(sheet, found, issuer) if kind == "pdf" else _file(kind, sheet)
    context: dict[str, Any] = {
        "initiative": found,
        "plan": found.program.policy.plan,
        "sheet": sheet,
        "years": [(year, fiscal_year_label(year)) for year in years],
        "unwritten": UNWRITTEN,
        "logic": selectors.model_about(found),
    }
    return render(request, "plans/review_sheet.html", context)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def sheet_basis(request: Request, initiative_id: UUID) -> HttpResponse:
    """Write what nothing else knows."""
    found = selectors.find_initiative(initiative_id)
    reasons = selectors.reasons_of(found)
    lines = selectors.indicator_lines(found, selectors.plan_year(found.program.policy.plan))
    form = SheetBasisForm(
        posted(request),
        basis=selectors.basis_of(found),
        money=selectors.money_of(found),
        indicators=[(line.indicator.id, line.label, reasons.get(line.indicator.id, "")) for line in lines],
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_sheet_basis(actor=request.actor, initiative=found, **form.values)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "保存しました。")
            return redirect("plans-staff:review-sheet", initiative_id)
    context = {
        "form": form,
        "plan": found.program.policy.plan,
        "initiative": found,
        "title": "レビューシートに足りないところを書く",
        "verb": "保存する",
    }
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


def _year(request: Request, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    return min(max(fiscal_year(clock.today()), years[0]), years[-1])


def _tables(sheet: ReviewSheet) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """The tables of the sheet: heading, columns, rows. The screen, Excel and PDF say the same."""
    both = ("項目", "内容")
    indicators: list[tuple[str, ...]] = [
        (one.role, one.label, one.baseline or UNWRITTEN, *year.texts, one.policy, one.reason or UNWRITTEN)
        for one in sheet.indicators
        for year in one.years
    ]
    head: tuple[str, ...] = (
        "種類",
        "指標",
        "基準値",
        "年度",
        "目標",
        "実績",
        "達成率",
        "達成率の決め方",
        "成果目標を決めた理由",
    )
    return [
        ("事業の概要", both, [(name, text or UNWRITTEN) for name, text in sheet.rows]),
        ("予算額・執行額", ("年度", "予算額", "執行額", "執行率"), [row.texts for row in sheet.money]),
        ("活動指標・成果指標", head, indicators or [(UNWRITTEN, *[""] * 8)]),
        ("点検・評価", both, [(name, text or UNWRITTEN) for name, text in sheet.check]),
        ("改善の方向", both, [(name, text or UNWRITTEN) for name, text in sheet.improvement]),
    ]


def _file(kind: str, sheet: ReviewSheet) -> HttpResponse:
    name = f"レビューシート {sheet.title} {sheet.year_label}"
    if kind == "xlsx":
        response = HttpResponse(as_workbook(_tables(sheet)), content_type=EXCEL)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
        return response
    rows = [(title, *row) for title, _, rows in _tables(sheet) for row in rows]
    return spreadsheet_response(kind=kind, name=name, headers=("欄",), rows=rows)


def _paper(sheet: ReviewSheet, found: Initiative, issuer: str) -> HttpResponse:
    today = format_wareki(clock.today())
    document = ChartDocument(
        title=f"レビューシート（{sheet.year_label}）",
        subtitle=sheet.title,
        issued_on=today,
        issuer_name=issuer,
        is_lying=False,
        items=tuple(
            Item(heading=title, rows=tuple((one[0], one[1]) for one in rows))
            if len(head) == 2
            else Item(heading=title, head=head, table=tuple(rows))
            for title, head, rows in _tables(sheet)
        ),
        footer=f"{found.program.policy.plan.title}（{today}の状態）",
    )
    response = HttpResponse(render_pdf(document, made_at=clock.now()), content_type="application/pdf")
    name = quote(f"レビューシート {sheet.title} {sheet.year_label}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.pdf"
    return response
