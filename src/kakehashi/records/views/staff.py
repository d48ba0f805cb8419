"""行政文書ファイル管理簿, the disposal year, a file with 「なぜこの日？」, a document with its files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.records import selectors, services
from kakehashi.records.domain.retention import HoldGround
from kakehashi.records.forms import ExtensionForm, HoldForm, MoveForm, OriginalForm, PaperForm
from kakehashi.records.hooks import source_of, word
from kakehashi.records.models import Document, FileState, Hold, Original, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.views.inputs import typed, uuid_of, year_of
from kakehashi.records.views.record_files import changes_of

EXPORT_LIMIT = 20_000
HEADERS = [
    "分類（大）", "分類（中）", "分類（小）", "名称", "保存期間", "満了する日", "満了したときの措置", "保存場所",
    "作成・取得年度等", "作成・取得時の管理者", "起算日", "媒体の種別", "現在の管理者", "文書数", "保留", "根拠",
]  # fmt: skip


@staff(RecordsPermission.READ)
@require_safe
def index(request: Request) -> HttpResponse:
    """The registry; `?year=`, `?department=`, `?q=`, `?held=1` narrow it, `?format=` exports it."""
    rows = selectors.registry_files(
        fiscal_year=year_of(request.GET.get("year", "")),
        department_id=uuid_of(request.GET.get("department", "")),
        text=typed(request, "q"),
        held_only=request.GET.get("held") == "1",
    )
    if "format" in request.GET:
        return _export(request, rows, word("registry"))
    page = keyset_page(rows, order_by=("-record_fiscal_year", "-id"), cursor=request.GET.get("cursor"))
    return render(
        request,
        "records/index.html",
        {
            "page": page,
            "files": [(row, selectors.why_this_date(row)) for row in page.rows],
            "years": _years(),
            "departments": Department.objects.order_by("order", "code"),
            "chosen": request.GET,
            "registry_word": word("registry"),
        },
    )


@staff(RecordsPermission.READ)
@require_safe
def disposal(request: Request) -> HttpResponse:
    """What would be disposed of after a fiscal year, and why; by default the present one."""
    year = year_of(request.GET.get("year", "")) or fiscal_year(clock.today())
    rows = selectors.files_expiring_in(year)
    if "format" in request.GET:
        return _export(request, rows, f"満了一覧_{fiscal_year_label(year)}")
    page = keyset_page(rows, order_by=("expires_on", "id"), cursor=request.GET.get("cursor"), size=100)
    now = fiscal_year(clock.today())
    return render(
        request,
        "records/disposal.html",
        {
            "page": page,
            "files": [(row, selectors.why_this_date(row)) for row in page.rows],
            "year": year,
            "year_label": fiscal_year_label(year),
            "years": [(y, fiscal_year_label(y)) for y in range(now - 1, now + 12)],
            "today": clock.today(),
        },
    )


@staff(RecordsPermission.READ)
@reads_personal_data("文書の管理")
@require_safe
def file(request: Request, file_id: UUID) -> HttpResponse:
    """One record file: dates with reasons, holds, extensions, documents."""
    return _file_page(request, _file(file_id), HoldForm(), ExtensionForm())


@staff(RecordsPermission.MANAGE)
@reads_personal_data("文書の管理")
@require_POST
def hold(request: Request, file_id: UUID) -> HttpResponse:
    """Place a hold on a file."""
    record_file, form = _file(file_id), HoldForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.hold_file(
                actor=request.actor,
                record_file=record_file,
                ground=HoldGround(values["ground"]),
                reason=values["reason"],
                decided_on=values["decided_on"],
                clause=values["clause"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "廃棄を保留しました。")
            return redirect("records-staff:file", record_file.id)
    return _file_page(request, record_file, form, ExtensionForm(), status=422)


@staff(RecordsPermission.MANAGE)
@reads_personal_data("文書の管理")
@require_POST
def release(request: Request, hold_id: UUID) -> HttpResponse:
    """Take one hold away."""
    found = get_object_or_404(Hold.objects.select_related("record_file"), id=hold_id)
    record_file = services.release_hold(actor=request.actor, hold=found)
    messages.success(request, "保留を解除しました。")
    return redirect("records-staff:file", record_file.id)


@staff(RecordsPermission.MANAGE)
@reads_personal_data("文書の管理")
@require_POST
def extend(request: Request, file_id: UUID) -> HttpResponse:
    """Lengthen the period of a file."""
    record_file, form = _file(file_id), ExtensionForm(request.POST)
    if form.is_valid():
        try:
            services.extend_file(actor=request.actor, record_file=record_file, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "保存期間を延長しました。")
            return redirect("records-staff:file", record_file.id)
    return _file_page(request, record_file, HoldForm(), form, status=422)


@staff(RecordsPermission.READ)
@reads_personal_data("文書の管理")
@require_safe
def document(request: Request, document_id: UUID) -> HttpResponse:
    """One document: its dates, its number, its files and where it came from."""
    found = get_object_or_404(
        Document.objects.select_related("record_file__record_class", "record_file__department"), id=document_id
    )
    if not selectors.may_read_document(request.actor, found):
        raise Http404
    is_kept = found.record_file.state == FileState.KEPT
    source, paper = source_of(found.source_kind), selectors.paper_of(found)
    opens = source is not None and source.may_open(request.actor, found.source_id)
    volumes = selectors.other_volumes(found.record_file)
    return render(
        request,
        "records/document.html",
        {
            "document": found,
            "record_file": found.record_file,
            "explanation": selectors.why_this_date(found.record_file),
            "files": found.files.all() if is_kept else (),
            "source": source,
            "source_url": source.url(found.source_id) if source and opens else "",
            "renditions": source.renditions(found.source_id) if source and is_kept and opens else (),
            "paper": paper,
            "why_paper": selectors.why_paper(paper),
            "paper_form": PaperForm(initial={"place": paper.place, "sheets": paper.sheets} if paper else None),
            "original_form": OriginalForm(initial={"original": Original.SCAN, "clause": paper.clause if paper else ""}),
            "move_form": MoveForm(volumes=volumes) if is_kept and volumes.exists() else None,
            "may_file": request.actor.can(RecordsPermission.FILE, request.government.id),
            "may_manage": request.actor.can(RecordsPermission.MANAGE, request.government.id),
        },
    )


def _file(file_id: UUID) -> RecordFile:
    return get_object_or_404(RecordFile.objects.select_related("record_class", "department"), id=file_id)


def _file_page(
    request: Request, record_file: RecordFile, hold_form: HoldForm, extension_form: ExtensionForm, status: int = 200
) -> HttpResponse:
    page = keyset_page(
        selectors.documents_in(record_file).filter(selectors.readable(request.actor, "record_file__department_id")),
        order_by=("created_on", "id"),
        cursor=request.GET.get("cursor"),
    )
    context = {
        "record_file": record_file,
        "year_label": fiscal_year_label(record_file.record_fiscal_year),
        "changes": changes_of(record_file),
        "may_file": record_file.state == FileState.KEPT
        and request.actor.can(RecordsPermission.FILE, request.government.id),
        "tombstone": selectors.tombstone_of(record_file),
        "explanation": selectors.why_this_date(record_file),
        "holds": selectors.holds_on(record_file),
        "extensions": record_file.extensions.all(),
        "page": page,
        "hold_form": hold_form,
        "extension_form": extension_form,
        "may_manage": record_file.state == FileState.KEPT
        and request.actor.can(RecordsPermission.MANAGE, request.government.id),
    }
    return render(request, "records/file.html", context, status=status)


def _export(request: Request, rows: QuerySet[RecordFile], name: str) -> HttpResponse:
    return spreadsheet_response(
        kind=request.GET["format"],
        name=name,
        headers=HEADERS,
        rows=(_export_row(row) for row in rows.order_by("-record_fiscal_year", "id")[:EXPORT_LIMIT]),
    )


def _export_row(row: RecordFile) -> list[object]:
    """The columns of 施行令11条1項, in its order, and what explains them."""
    holds = getattr(row, "open_holds", [])
    return [
        row.record_class.large,
        row.record_class.middle,
        row.record_class.small,
        row.name,
        row.period_label,
        row.expires_on or "未定・なし",
        row.get_disposition_display(),
        row.place or "電子",
        fiscal_year_label(row.record_fiscal_year),
        row.creator_label,
        row.starts_on or "未定",
        row.get_medium_display(),
        row.department.name,
        getattr(row, "document_count", ""),
        "、".join(hold.reason for hold in holds),
        row.clause,
    ]


def _years() -> list[tuple[int, str]]:
    years = RecordFile.objects.order_by("-record_fiscal_year").values_list("record_fiscal_year", flat=True).distinct()
    return [(year, fiscal_year_label(year)) for year in years]
