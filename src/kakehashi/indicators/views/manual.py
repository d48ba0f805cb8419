"""Measures kept by hand: make one, enter values, import them."""

from __future__ import annotations

from base64 import b64decode, b64encode

from django import forms as django_forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.indicators import services
from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.forms import ManualMeasureForm, RedefineForm, ValueForm, ValuesFileForm
from kakehashi.indicators.models import Finality, ManualMeasure
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.selectors.measures import manual_measure
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError

_LARGEST_FILE = 1_000_000
_SALT = "indicators.values_file"


@staff(IndicatorsPermission.DEFINE)
@require_http_methods(["GET", "POST"])
def define(request: HttpRequest) -> HttpResponse:
    """Make a measure whose values people enter."""
    form = ManualMeasureForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.define_measure(actor=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            _add(form, problem)
        else:
            messages.success(request, "指標を作りました。続けて値を入れられます。")
            return redirect("indicators-staff:measure", made.code)
    return render(request, "indicators/define.html", {"form": form}, status=422 if form.errors else 200)


@staff(IndicatorsPermission.RECORD)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Report or correct the value of a fiscal year: a draft, or handed in at once."""
    measure = _measure(code)
    form = ValueForm(_posted(request), initial={"year": request.GET.get("year", "")})
    if request.method == "POST" and form.is_valid():
        try:
            submitted = _report(request, measure, form)
        except DomainError as problem:
            _add(form, problem)
        else:
            said = "提出しました。承認されると、指標と計画に出ます。" if submitted else "下書きに残しました。"
            messages.success(request, f"{form.period.label}の値を{said}")
            return redirect("indicators-staff:measure", code)
    context = {"form": form, "measure": measure}
    return render(request, "indicators/record.html", context, status=422 if form.errors else 200)


@staff(IndicatorsPermission.RECORD)
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest, code: str) -> HttpResponse:
    """Import values from a CSV: first what it would change, then, confirmed, the reports; broken lines are named."""
    measure = _measure(code)
    if request.method == "POST" and "content" in request.POST:
        return _take_in(request, measure)
    form = ValuesFileForm(_posted(request), request.FILES or None)
    preview, sealed = None, ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > _LARGEST_FILE:
            form.add_error("file", "1MBまでのファイルを選んでください。")
        else:
            content = file.read()
            try:
                preview = services.preview_values(actor=request.actor, measure=measure, content=content)  # type: ignore[attr-defined]
            except DomainError as problem:
                _add(form, problem)
            told = {"measure": code, "content": b64encode(content).decode()}
            sealed = signing.dumps(told, salt=_SALT, compress=True)
    context = {"form": form, "measure": measure, "preview": preview, "sealed": sealed}
    return render(request, "indicators/import.html", context, status=422 if form.errors else 200)


@staff(IndicatorsPermission.DEFINE)
@require_http_methods(["GET", "POST"])
def redefine(request: HttpRequest, code: str) -> HttpResponse:
    """Change how a measure is counted: a new version; the old series stays."""
    measure = _measure(code)
    now = {key: getattr(measure, key) for key in ("formula_text", "denominator_policy", "unit", "source")}
    form = RedefineForm(_posted(request), initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.redefine_measure(actor=request.actor, measure=measure, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as problem:
            _add(form, problem)
        else:
            messages.success(request, "定義を改めました。前の値は、前の定義の系列として残ります。")
            return redirect("indicators-staff:measure", code)
    context = {"form": form, "measure": measure}
    return render(request, "indicators/redefine.html", context, status=422 if form.errors else 200)


def _take_in(request: HttpRequest, measure: ManualMeasure) -> HttpResponse:
    """Import what was looked at before."""
    try:
        sealed = signing.loads(request.POST["content"], salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        raise Http404 from None
    if sealed["measure"] != measure.code:
        raise Http404
    content = b64decode(sealed["content"])
    result = services.import_values(actor=request.actor, measure=measure, content=content)  # type: ignore[attr-defined]
    context = {"form": ValuesFileForm(), "measure": measure, "result": result}
    return render(request, "indicators/import.html", context)


def _report(request: HttpRequest, measure: ManualMeasure, form: ValueForm) -> bool:
    data = form.cleaned_data
    report = services.write_report(
        actor=request.actor,  # type: ignore[attr-defined]
        measure=measure,
        period=form.period,
        value=data["value"],
        numerator=data["numerator"],
        denominator=data["denominator"],
        state=FigureState(data["state"]),
        source=data["source"],
        surveyed_on=data["surveyed_on"],
        finality=Finality(data["finality"] or Finality.CONFIRMED),
        note=data["note"],
    )
    if "keep" in request.POST:
        return False
    services.submit_report(actor=request.actor, report=report)  # type: ignore[attr-defined]
    return True


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _measure(code: str) -> ManualMeasure:
    measure = manual_measure(code)
    if measure is None:
        raise Http404
    return measure


def _add(form: django_forms.BaseForm, problem: DomainError) -> None:
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
