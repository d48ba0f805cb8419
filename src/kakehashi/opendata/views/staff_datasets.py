"""Staff: the datasets, what would be published, the findings, and publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.opendata import selectors, services
from kakehashi.opendata.domain.findings import RULES
from kakehashi.opendata.forms.datasets import DatasetForm, WithdrawForm
from kakehashi.opendata.permissions import OpendataPermission
from kakehashi.opendata.selectors.registers import link_of_key
from kakehashi.opendata.views.answers import add_problem, may_publish, posted, source_or_404

_SHOWN_FINDINGS = 100
_SHOWN_ROWS = 20
_SHOWN_CHANGES = 200


@staff(OpendataPermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """Every dataset this town is offered: state, age, edition."""
    lines = selectors.staff_lines()
    kind = request.GET.get("format")
    if kind:
        headers = ("データ", "状態", "版", "件数", "問合せ先", "更新の頻度", "最後に確かめた日", "遅れている日数")
        return spreadsheet_response(
            kind=kind, name="オープンデータ", headers=headers, rows=[_cells(one) for one in lines]
        )
    late = [one for one in lines if one.dataset.is_public and one.freshness.is_late]
    context = {"lines": lines, "late": late, "may_publish": may_publish(request)}
    return render(request, "opendata/staff/index.html", context)


def _cells(line: selectors.Line) -> tuple[object, ...]:
    dataset, freshness = line.dataset, line.freshness
    return (
        line.source.title,
        dataset.get_state_display(),
        line.number,
        line.row_count,
        dataset.department.name if dataset.department else "",
        dataset.get_frequency_display(),
        freshness.confirmed_on,
        freshness.days_late,
    )


@staff(OpendataPermission.READ)
@require_GET
def dataset(request: Request, code: str) -> HttpResponse:
    """One dataset: what the tables say now, what the check found, what would change, the editions."""
    source = source_or_404(code)
    draft, found = selectors.draft_of(source), selectors.dataset_of(source)
    newest = selectors.latest_edition(found)
    findings = [(each, link_of_key(source, each.row_key)) for each in draft.checked.findings[:_SHOWN_FINDINGS]]
    context = {
        "source": source,
        "dataset": found,
        "draft": draft,
        "findings": findings,
        "more_findings": max(0, draft.checked.blocking + draft.checked.warnings - len(findings)),
        "preview": draft.rows[:_SHOWN_ROWS],
        "newest": newest,
        "differences": selectors.differences_between(newest, draft.columns, draft.rows),
        "editions": selectors.editions_of(found)[:20],
        "may_publish": may_publish(request),
        "formats": source.formats,
    }
    return render(request, "opendata/staff/dataset.html", context)


@staff(OpendataPermission.READ)
@require_GET
def findings(request: Request, code: str) -> HttpResponse:
    """Every finding as a list to work through."""
    source = source_or_404(code)
    headers = ("行", "列", "値", "ID", "決まり", "公開できるか", "直し方")
    rows = [
        (one.row or "", one.column, one.value, one.row_key, one.facts.says, "できない" if one.is_blocking else "できる（注意）", one.mend)
        for one in selectors.draft_of(source).checked.findings
    ]  # fmt: skip
    kind = request.GET.get("format", "csv")
    return spreadsheet_response(kind=kind, name=f"{source.title} 点検の結果", headers=headers, rows=rows)


@staff(OpendataPermission.PUBLISH)
@require_http_methods(["GET", "POST"])
def settings(request: Request, code: str) -> HttpResponse:
    """Contact, licence, frequency, nightly refresh."""
    source = source_or_404(code)
    found = selectors.dataset_of(source)
    initial = {key: getattr(found, key) for key in ("department", "licence", "frequency", "refreshes", "note")}
    form = DatasetForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_dataset(actor=request.actor, source=source, values=form.cleaned_data)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "決めました。")
            return redirect("opendata-staff:dataset", code)
    context = {"source": source, "form": form, "title": "公開の決まり", "verb": "この内容に決める"}
    return render(request, "opendata/staff/form.html", context, status=422 if form.is_bound else 200)


@staff(OpendataPermission.PUBLISH)
@require_POST
def publish(request: Request, code: str) -> HttpResponse:
    """公開する: a new edition, unless nothing has changed."""
    source = source_or_404(code)
    try:
        edition = services.publish_dataset(actor=request.actor, source=source)
    except DomainError as problem:
        messages.error(request, problem.message)
        return redirect("opendata-staff:settings" if problem.field == "department" else "opendata-staff:dataset", code)
    if edition is None:
        messages.success(request, "前の版から変わりがないことを確かめました。最終確認日を今日にしました。")
    else:
        messages.success(request, f"第{edition.number}版（{edition.row_count:,}件）を公開しました。")
    return redirect("opendata-staff:dataset", code)


@staff(OpendataPermission.PUBLISH)
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, code: str) -> HttpResponse:
    """取り下げる, with the reason."""
    source = source_or_404(code)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_dataset(actor=request.actor, source=source, reason=form.cleaned_data["reason"])
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "公開を取り下げました。")
            return redirect("opendata-staff:dataset", code)
    context = {"source": source, "form": form, "title": "公開を取り下げる", "verb": "取り下げる"}
    return render(request, "opendata/staff/form.html", context, status=422 if form.is_bound else 200)


@staff(OpendataPermission.READ)
@require_GET
def edition(request: Request, code: str, number: int) -> HttpResponse:
    """One edition: its rows and what it changed against the one before."""
    source = source_or_404(code)
    found = selectors.dataset_of(source)
    try:
        shown = selectors.find_edition(found, number)
        before = selectors.find_edition(found, number - 1) if number > 1 else None
    except NotFound:
        raise Http404 from None
    context = {
        "source": source,
        "dataset": found,
        "edition": shown,
        "columns": shown.data_columns,
        "preview": shown.rows[:_SHOWN_ROWS],
        "differences": selectors.differences_between(before, shown.data_columns, shown.rows),
        "formats": source.formats,
    }
    return render(request, "opendata/staff/edition.html", context)


@staff(OpendataPermission.READ)
@require_GET
def rules(request: Request) -> HttpResponse:
    """The rules of machine-readability that are checked."""
    return render(request, "opendata/staff/rules.html", {"rules": RULES.values()})
