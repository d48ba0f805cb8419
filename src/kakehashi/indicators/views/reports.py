"""Reports of values: those under way, those that are late, approving, returning, locking; numbers that moved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kakehashi.indicators import selectors, services
from kakehashi.indicators.domain.anomalies import ANOMALY_WORDS, AnomalyKind
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import STAGE_TONES, STAGE_WORDS, ReportStage
from kakehashi.indicators.forms import ExplainForm, LockForm, ReturnForm, RuleForm
from kakehashi.indicators.models import Anomaly, ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.tables import spreadsheet_response


@staff(IndicatorsPermission.READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Reports by stage; those that wait for approval first."""
    return _index(request, LockForm())


@staff(IndicatorsPermission.READ)
@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """Who has not reported: every late value with its section, how long, and when it was reminded."""
    found = selectors.late_values()
    if kind := request.GET.get("format"):
        headers = ["指標", "期間", "担当課", "報告の期限", "遅れ（日）", "今の段階", "最後の催促"]
        rows = [
            [
                one.measure.label,
                one.period.label,
                one.measure.department.name if one.measure.department else "",
                one.due,
                one.days,
                STAGE_WORDS[ReportStage(one.report.stage)] if one.report else "",
                one.reminded_at,
            ]
            for one in found
        ]
        return spreadsheet_response(kind=kind, name="遅れている報告", headers=headers, rows=rows)
    context = {"lines": found, "can_approve": _may_approve(request), "stages": STAGE_WORDS}
    return render(request, "indicators/late.html", context)


@staff(IndicatorsPermission.APPROVE)
@require_POST
def rule(request: HttpRequest) -> HttpResponse:
    """Say where values from a file begin."""
    form = RuleForm(request.POST)
    if form.is_valid():
        services.set_reporting_rule(actor=request.actor, stage=ReportStage(form.cleaned_data["imported_stage"]))  # type: ignore[attr-defined]
        messages.success(request, "取り込んだ値の扱いを決めました。")
    return redirect("indicators-staff:reports")


@staff(IndicatorsPermission.APPROVE)
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind the sections of everything that is late."""
    people = services.remind_late(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, f"{people}人に催促しました。")
    return redirect("indicators-staff:late")


@staff(IndicatorsPermission.READ)
@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report: the value, where it comes from, who wrote it, and what stands now."""
    return _show(request, _report(report_id), ReturnForm())


@staff(IndicatorsPermission.RECORD)
@require_POST
def submit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand a draft in."""
    return _act(request, report_id, services.submit_report, "提出しました。")


@staff(IndicatorsPermission.APPROVE)
@require_POST
def approve(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Approve a value."""
    return _act(request, report_id, services.approve_report, "承認しました。指標と計画に出ます。")


@staff(IndicatorsPermission.APPROVE)
@require_POST
def send_back(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Return a value with a reason."""
    found, form = _report(report_id), ReturnForm(request.POST)
    if form.is_valid():
        try:
            services.return_report(actor=request.actor, report=found, answer=form.cleaned_data["answer"])  # type: ignore[attr-defined]
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, "差し戻しました。")
            return redirect("indicators-staff:reports")
    return _show(request, found, form)


@staff(IndicatorsPermission.APPROVE)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the values of a fiscal year."""
    form = LockForm(request.POST)
    if form.is_valid():
        try:
            count = services.lock_year(actor=request.actor, period=Period.year(form.cleaned_data["year"]))  # type: ignore[attr-defined]
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, f"{count}件の値を確定しました。")
            return redirect("indicators-staff:reports")
    return _index(request, form)


@staff(IndicatorsPermission.READ)
@require_GET
def anomalies(request: HttpRequest) -> HttpResponse:
    """Numbers that moved with no rows behind them, and nobody said why."""
    return _anomalies(request, None, ExplainForm())


@staff(IndicatorsPermission.APPROVE)
@require_POST
def explain(request: HttpRequest, anomaly_id: UUID) -> HttpResponse:
    """Say why a number moved."""
    found, form = get_object_or_404(Anomaly, id=anomaly_id), ExplainForm(request.POST)
    if form.is_valid():
        try:
            services.explain_anomaly(actor=request.actor, anomaly=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, "説明を残しました。")
            return redirect("indicators-staff:anomalies")
    return _anomalies(request, found, form)


def _anomalies(request: HttpRequest, chosen: Anomaly | None, form: ExplainForm) -> HttpResponse:
    labels = {one.code: (one.label, one.unit) for one in selectors.all_measures()}
    lines = []
    for one in selectors.open_anomalies()[:100]:
        label, unit = labels.get(one.measure_code, (one.measure_code, ""))
        own = form if one == chosen else ExplainForm(prefix="")
        lines.append(
            {"anomaly": one, "label": label, "unit": unit, "words": ANOMALY_WORDS[AnomalyKind(one.kind)], "form": own}
        )
    context = {"lines": lines, "can_approve": _may_approve(request), "form": form}
    return render(request, "indicators/anomalies.html", context, status=422 if form.errors else 200)


def _index(request: HttpRequest, form: LockForm) -> HttpResponse:
    stage = request.GET.get("stage", ReportStage.SUBMITTED)
    chosen = ReportStage(stage) if stage in set(ReportStage) else ReportStage.SUBMITTED
    rows = ValueReport.objects.filter(stage=chosen).select_related("measure__department")
    page = keyset_page(rows, ("-created_at", "-id"), request.GET.get("cursor"), 50)
    context = {
        "page": page,
        "chosen": chosen,
        "stages": STAGE_WORDS.items(),
        "tone": STAGE_TONES[chosen],
        "form": form,
        "can_approve": _may_approve(request),
        "acts": _acts(request, chosen),
        "rule_form": RuleForm(initial={"imported_stage": selectors.imported_stage()}),
    }
    return render(request, "indicators/reports.html", context, status=422 if form.errors else 200)


def _acts(request: HttpRequest, stage: ReportStage) -> list[tuple[str, str]]:
    """What may be done with several reports of a stage at once: (stage they go to, verb)."""
    if stage is ReportStage.SUBMITTED and _may_approve(request):
        return [(ReportStage.APPROVED.value, "承認する"), (ReportStage.RETURNED.value, "差し戻す")]
    may_record = request.actor.can(IndicatorsPermission.RECORD, request.government.id)  # type: ignore[attr-defined]
    if stage in {ReportStage.DRAFT, ReportStage.RETURNED} and may_record:
        return [(ReportStage.SUBMITTED.value, "提出する")]
    return []


def _show(request: HttpRequest, found: ValueReport, form: ReturnForm) -> HttpResponse:
    stage = ReportStage(found.stage)
    context: dict[str, Any] = {
        "report": found,
        "measure": found.measure,
        "tone": STAGE_TONES[stage],
        "word": STAGE_WORDS[stage],
        "former": selectors.history(found.measure.code, found.period)[:1],
        "form": form,
        "can_approve": _may_approve(request),
        "is_own": found.written_by_id == request.actor.id,  # type: ignore[attr-defined]
    }
    return render(request, "indicators/report.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, report_id: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act(actor=request.actor, report=_report(report_id))  # type: ignore[attr-defined]
        messages.success(request, said)
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("indicators-staff:report", report_id)


def _report(report_id: UUID) -> ValueReport:
    return get_object_or_404(ValueReport.objects.select_related("measure__department"), id=report_id)


def _may_approve(request: HttpRequest) -> bool:
    return bool(request.actor.can(IndicatorsPermission.APPROVE, request.government.id))  # type: ignore[attr-defined]
