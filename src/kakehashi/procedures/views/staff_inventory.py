"""手続台帳: the inventory on the staff's screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.selectors import latest_version
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.forms import ExcludeForm, ImportForm, InventoryFilterForm, ProcedureForm, TextForm
from kakehashi.procedures.models import Procedure, ProcedureText
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.inventory import (
    BANDS,
    Filters,
    effort_map,
    get_procedure,
    inventory,
    next_ten,
    summarise,
)
from kakehashi.procedures.services import (
    close_procedure,
    create_procedure,
    exclude_procedure,
    import_survey,
    missing_for_opening,
    open_procedure,
    start_form,
    update_procedure,
    write_text,
)

ORDER = ("-volume_order", "-id")
EXPORT_HEADERS = (
    "手続ID", "手続名", "種類", "種類の確認", "段階", "根拠", "所管課", "年間件数", "うちオンライン", "件数の出典",
    "標準処理期間（日）", "数え方", "手数料", "提出先", "対象外の理由",
)  # fmt: skip


def _filters(request: HttpRequest) -> tuple[InventoryFilterForm, Filters]:
    form = InventoryFilterForm(request.GET or None)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    return form, Filters(
        text=chosen.get("q", ""),
        kind=chosen.get("kind", ""),
        stage=chosen.get("stage", ""),
        institution=chosen.get("institution", ""),
        volume=chosen.get("volume", ""),
    )


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def inventory_page(request: HttpRequest) -> HttpResponse:
    """The table of procedures with its filters, numbers and the next ten to do."""
    form, filters = _filters(request)
    rows = inventory(filters)
    if kind := request.GET.get("format"):
        return spreadsheet_response(
            kind=kind, name="手続台帳", headers=EXPORT_HEADERS, rows=_export(rows.order_by(*ORDER))
        )
    page = keyset_page(rows.select_related("department"), ORDER, request.GET.get("cursor"))
    context = {
        "form": form,
        "page": page,
        "summary": summarise(rows),
        "next_ten": [] if request.GET.get("cursor") else next_ten(rows),
        "map": [] if request.GET.get("cursor") else effort_map(rows),
        "bands": [label for label, _, _ in BANDS],
        "is_narrowed": filters != Filters(),
    }
    return render(request, "procedures/staff/inventory.html", context)


def _export(rows: QuerySet[Procedure]) -> Iterator[tuple[Any, ...]]:
    for each in rows.select_related("department"):
        yield (
            each.survey_id, each.name, each.get_kind_display(), "済" if each.kind_confirmed else "推定",
            each.get_stage_display(), each.legal_basis, each.department.name if each.department else "",
            each.volume, each.online_volume, each.get_volume_source_display(),
            each.standard_processing_days, each.get_standard_processing_unit_display(), each.fee,
            "、".join(each.institutions), each.excluded_reason,
        )  # fmt: skip


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Load the national survey and show what became of each row."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = import_survey(
                actor=request.actor,  # type: ignore[attr-defined]
                data=form.cleaned_data["file"].read(),
                institution=form.cleaned_data["institution"],
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return render(request, "procedures/staff/import_done.html", {"report": report})
    status = 422 if form.is_bound else 200
    return render(request, "procedures/staff/import.html", {"form": form}, status=status)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """Put a procedure of the town's own on the inventory."""
    form = ProcedureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        name, kind = values.pop("name"), Kind(values.pop("kind"))
        try:
            procedure = create_procedure(actor=request.actor, name=name, kind=kind, values=values)  # type: ignore[attr-defined]
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "台帳に載せました。")
            return redirect("procedures-staff:procedure", procedure.id)
    status = 422 if form.is_bound else 200
    return render(request, "procedures/staff/procedure_form.html", {"form": form}, status=status)


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def procedure_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """One procedure: what is known, what residents read, and the way online."""
    procedure = get_procedure(procedure_id)
    texts = {text.language: text for text in procedure.texts.all()}
    context = {
        "procedure": procedure,
        "texts": [(code, label, texts.get(code)) for code, label in ProcedureText.LANGUAGES],
        "survey": [(name, value) for name, value in procedure.survey.items() if value],
        "exclude_form": ExcludeForm(),
        "missing": [] if procedure.is_online else missing_for_opening(procedure),
        "version": latest_version(procedure.form) if procedure.form else None,
    }
    return render(request, "procedures/staff/procedure.html", context)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Write what stands on the inventory."""
    procedure = get_procedure(procedure_id)
    form = ProcedureForm(request.POST or None, instance=procedure)
    if request.method == "POST" and form.is_valid():
        try:
            update_procedure(actor=request.actor, procedure=get_procedure(procedure_id), values=form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "保存しました。")
            return redirect("procedures-staff:procedure", procedure_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "procedure": get_procedure(procedure_id)}
    return render(request, "procedures/staff/procedure_form.html", context, status=status)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def text_page(request: HttpRequest, procedure_id: UUID, language: str) -> HttpResponse:
    """Write what residents read, in one language."""
    procedure = get_procedure(procedure_id)
    text = procedure.texts.filter(language=language).first()
    initial = {"name": procedure.name, "fee": procedure.fee, "contact": procedure.contact}
    form = TextForm(request.POST or None, instance=text, initial=None if text else initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_text(actor=request.actor, procedure=procedure, language=language, values=form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "案内文を保存しました。")
            return redirect("procedures-staff:procedure", procedure_id)
    label = dict(ProcedureText.LANGUAGES).get(language, "")
    context = {"form": form, "procedure": procedure, "language": language, "language_label": label}
    return render(request, "procedures/staff/text.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def exclude(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """Take a procedure out of what will go online, with a reason."""
    procedure = get_procedure(procedure_id)
    form = ExcludeForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        exclude_procedure(actor=request.actor, procedure=procedure, reason=reason)  # type: ignore[attr-defined]
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "オンライン化の対象外にしました。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def make_form(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """様式を作る: the form begins with what the kind needs, and its editor opens."""
    procedure = start_form(actor=request.actor, procedure=get_procedure(procedure_id))  # type: ignore[attr-defined]
    try:
        return redirect("eforms-staff:edit", procedure.form_id)
    except NoReverseMatch:
        return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_POST
def publish(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """オンラインで公開する; what is missing is named."""
    procedure = get_procedure(procedure_id)
    try:
        open_procedure(actor=request.actor, procedure=procedure)  # type: ignore[attr-defined]
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "オンラインで公開しました。住民のページからすぐに申請できます。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_POST
def unpublish(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """公開を止める: what was filed goes on."""
    close_procedure(actor=request.actor, procedure=get_procedure(procedure_id))  # type: ignore[attr-defined]
    messages.success(request, "公開を止めました。届いている申請は、そのまま審査できます。")
    return redirect("procedures-staff:procedure", procedure_id)
