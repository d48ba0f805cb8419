"""Many reports at once: first what would happen to each, then the act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kakehashi.indicators import services
from kakehashi.indicators.domain.reports import STAGE_WORDS, ReportStage
from kakehashi.indicators.models import RecordedValue, ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.services.bulk import MOST
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request

_VERBS = {
    ReportStage.SUBMITTED: "提出する",
    ReportStage.APPROVED: "承認する",
    ReportStage.RETURNED: "差し戻す",
}
_FROM = {
    ReportStage.SUBMITTED: {ReportStage.DRAFT, ReportStage.RETURNED},
    ReportStage.APPROVED: {ReportStage.SUBMITTED},
    ReportStage.RETURNED: {ReportStage.SUBMITTED},
}


@staff(IndicatorsPermission.RECORD)
@require_POST
def bulk(request: Request) -> HttpResponse:
    """Show what would become of the chosen reports; with `confirmed`, do it."""
    wanted = request.POST.get("to", "")
    if wanted not in {stage.value for stage in _VERBS}:
        return redirect("indicators-staff:reports")
    to, ids = ReportStage(wanted), _ids(request)
    if not ids:
        messages.error(request, "報告を一つ以上選んでください。")
        return redirect("indicators-staff:reports")
    problem = ""
    if "confirmed" in request.POST:
        try:
            handled = services.handle_reports(
                actor=request.actor, report_ids=ids, to=to, answer=request.POST.get("answer", "")
            )
        except DomainError as refused:
            problem = refused.message
        else:
            _say(request, to, handled)
            return redirect(f"{reverse('indicators-staff:reports')}?stage={to.value}")
    return render(request, "indicators/bulk.html", _preview(request, to, ids, problem), status=422 if problem else 200)


def _preview(request: Request, to: ReportStage, ids: list[UUID], problem: str) -> dict[str, Any]:
    reports = list(
        ValueReport.objects.filter(id__in=ids).select_related("measure__department").order_by("created_at", "id")
    )
    stands = {
        (one.measure_code, one.period_kind, one.period_first): one
        for one in RecordedValue.objects.filter(
            measure_code__in={one.measure.code for one in reports}, department=None, is_current=True
        )
    }
    lines = [
        (one, stands.get((one.measure.code, one.period_kind, one.period_first)), _hindrance(request, one, to))
        for one in reports
    ]
    return {
        "to": to.value,
        "verb": _VERBS[to],
        "word": STAGE_WORDS[to],
        "lines": lines,
        "count": sum(not hindrance for _, _, hindrance in lines),
        "needs_answer": to is ReportStage.RETURNED,
        "answer": request.POST.get("answer", ""),
        "problem": problem,
    }


def _hindrance(request: Request, report: ValueReport, to: ReportStage) -> str:
    """Why a report will stay where it is; empty where it goes on."""
    if ReportStage(report.stage) not in _FROM[to]:
        return f"今は「{report.get_stage_display()}」です。"
    if to is ReportStage.APPROVED and report.written_by_id is not None and report.written_by_id == request.actor.id:
        return "自分が書いた値は、ほかの人が承認します。"
    return ""


def _say(request: Request, to: ReportStage, handled: services.Handled) -> None:
    if handled.done:
        messages.success(request, f"{handled.done}件を「{STAGE_WORDS[to]}」にしました。")
    for report, why in handled.left[:20]:
        messages.error(request, f"{report.measure.label}（{report.period.label}）は進めていません：{why}")


def _ids(request: Request) -> list[UUID]:
    found: list[UUID] = []
    for one in request.POST.getlist("report")[: MOST + 1]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
