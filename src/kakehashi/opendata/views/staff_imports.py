"""Staff: a file into a kept table — upload, match the columns, try, apply."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.opendata import services
from kakehashi.opendata.domain.importing import FATE_WORDS, Fate
from kakehashi.opendata.domain.registry import RegisterTable
from kakehashi.opendata.forms.registers import MatchForm, UploadForm
from kakehashi.opendata.models import ImportState, TableImport
from kakehashi.opendata.permissions import OpendataPermission
from kakehashi.opendata.selectors.registers import find_import, imports_of
from kakehashi.opendata.services.importing import known_heading
from kakehashi.opendata.views.answers import add_problem, posted, posted_key
from kakehashi.opendata.views.staff_registers import keeper_or_403, register_or_404

_SHOWN = 200
LARGEST = 20_000_000


def _import_or_404(register: RegisterTable, import_id: UUID) -> TableImport:
    try:
        return find_import(register, import_id)
    except NotFound:
        raise Http404 from None


@staff(OpendataPermission.READ)
@require_http_methods(["GET", "POST"])
def upload(request: Request, code: str) -> HttpResponse:
    """Choose a file."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    form = UploadForm(register, posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given.size > LARGEST:
                raise DomainError(f"ファイルが大きすぎます（{LARGEST // 1_000_000}MBまで）。", field="file")
            made = services.start_import(
                actor=request.actor, register=register, name=given.name, content=given.read(),
                kind=form.cleaned_data.get("kind", ""), idempotency_key=posted_key(request),
            )  # fmt: skip
        except DomainError as problem:
            add_problem(form, problem)
        else:
            return redirect("opendata-staff:import", code, made.id)
    context = {"register": register, "form": form, "imports": imports_of(register)[:10]}
    return render(request, "opendata/staff/upload.html", context, status=422 if form.is_bound else 200)


@staff(OpendataPermission.READ)
@require_http_methods(["GET", "POST"])
def one(request: Request, code: str, import_id: UUID) -> HttpResponse:
    """The columns, and what every line would do. Matching them again tries again; nothing is written before 取り込む."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    table_import = _import_or_404(register, import_id)
    if table_import.state == ImportState.APPLIED:
        return _applied(request, register, table_import)
    initial = {f"column_{key}": header for key, header in table_import.matches.items()}
    form = MatchForm(
        register,
        table_import.headers,
        posted(request),
        initial=initial | {"retires_missing": table_import.retires_missing},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.match_import(
                actor=request.actor, register=register, table_import=table_import, matches=form.matches,
                retires_missing=form.cleaned_data["retires_missing"],
            )  # fmt: skip
        except DomainError as problem:
            add_problem(form, DomainError(problem.message, field=f"column_{problem.field}" if problem.field else None))
        else:
            return redirect("opendata-staff:import", code, import_id)
    plan = services.plan_import(register, table_import)
    used = set(table_import.matches.values())
    lines = [line for line in plan.lines if line.fate is not Fate.SAME or line.notes]
    context = {
        "register": register,
        "table_import": table_import,
        "form": form,
        "plan": plan,
        "counts": _counts(plan.counts, with_missing=table_import.retires_missing),
        "lines": sorted(lines, key=lambda line: (line.fate is not Fate.BROKEN, line.line))[:_SHOWN],
        "unused": [
            (header, known_heading(register, header))
            for header in table_import.headers
            if header and header not in used
        ],
        "has_id": all(column.key in table_import.matches for column in register.own_columns if column.is_unique),
    }
    return render(request, "opendata/staff/import.html", context, status=422 if form.errors else 200)


def _counts(counts: dict[str, int], *, with_missing: bool) -> list[tuple[str, int]]:
    shown = [(word, counts.get(fate.value, 0)) for fate, word in FATE_WORDS.items()]
    return [*shown, ("廃止する", counts.get("missing", 0))] if with_missing else shown


def _applied(request: Request, register: RegisterTable, table_import: TableImport) -> HttpResponse:
    report = table_import.report
    lines = [(*line[:3], FATE_WORDS[Fate(line[3])], line[4], line[5]) for line in report.get("lines", [])]
    context = {
        "register": register,
        "table_import": table_import,
        "counts": _counts(report.get("counts", {}), with_missing=table_import.retires_missing),
        "lines": lines[:_SHOWN],
    }
    return render(request, "opendata/staff/imported.html", context)


@staff(OpendataPermission.READ)
@require_POST
def apply(request: Request, code: str, import_id: UUID) -> HttpResponse:
    """取り込む."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    table_import = _import_or_404(register, import_id)
    services.apply_import(actor=request.actor, register=register, table_import=table_import)
    messages.success(request, "取り込みました。")
    return redirect("opendata-staff:import", code, import_id)


@staff(OpendataPermission.READ)
@require_GET
def report(request: Request, code: str, import_id: UUID) -> HttpResponse:
    """Every line with what became (or would become) of it."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    table_import = _import_or_404(register, import_id)
    if table_import.state == ImportState.APPLIED:
        rows = [
            (*line[:3], FATE_WORDS[Fate(line[3])], line[4], "／".join(line[5])) for line in table_import.report["lines"]
        ]
    else:
        plan = services.plan_import(register, table_import)
        rows = [(line, "", "", FATE_WORDS[Fate.BROKEN], why, "") for line, why in plan.faults]
        rows += [
            (one.line, one.identifier, one.name, one.word, one.problem, "／".join(one.notes)) for one in plan.lines
        ]
    headers = ("行", "ID", "名称", "どうなるか", "理由", "気づいたこと")
    kind = request.GET.get("format", "csv")
    return spreadsheet_response(kind=kind, name=f"{register.label} 取込みの報告", headers=headers, rows=sorted(rows))
