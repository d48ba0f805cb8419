"""手続台帳: the inventory on the staff's screens."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.selectors import latest_version
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.large import is_long
from kakehashi.procedures.domain.weights import local_share
from kakehashi.procedures.forms import ExcludeForm, ImportForm, InventoryFilterForm, ProcedureForm, TextForm
from kakehashi.procedures.models import ProcedureText
from kakehashi.procedures.models.parties import PROXY_CHOICES
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import offer_of, taken_of
from kakehashi.procedures.selectors.gates import checklist, review_of
from kakehashi.procedures.selectors.inventory import Filters, facet_counts, get_procedure, inventory, next_ten
from kakehashi.procedures.selectors.parties import rule_of
from kakehashi.procedures.selectors.rates import rates_of
from kakehashi.procedures.selectors.reception import window_of
from kakehashi.procedures.selectors.sheet import SHEET_HEADERS, sheet_rows
from kakehashi.procedures.services import (
    begin_survey,
    close_procedure,
    create_procedure,
    exclude_procedure,
    import_survey,
    include_procedure,
    open_procedure,
    review_form,
    start_form,
    update_procedure,
    write_text,
)
from kakehashi.procedures.services.import_works import report_as_json

ORDER = ("-volume_order", "-id")


def share_of(request: Request) -> float:
    """What a national count means for this government."""
    return local_share(request.government.population)


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def inventory_page(request: Request) -> HttpResponse:
    """The table of procedures with its filters, numbers and the next ten to do."""
    form = InventoryFilterForm(request.GET or None)
    filters, share = form.filters(), share_of(request)
    rows = inventory(filters, share)
    if kind := request.GET.get("format"):
        found = rows.order_by(*ORDER)
        return spreadsheet_response(kind=kind, name="手続台帳", headers=SHEET_HEADERS, rows=sheet_rows(found))
    form.say_counts(facet_counts(filters))
    page = keyset_page(rows.select_related("department"), ORDER, request.GET.get("cursor"))
    context = {
        "form": form,
        "page": page,
        "rates": rates_of(rows),
        "next_ten": [] if request.GET.get("cursor") else next_ten(rows, share),
        "is_narrowed": filters != Filters(),
    }
    return render(request, "procedures/staff/inventory.html", context)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def import_page(request: Request) -> HttpResponse:
    """Load the national survey and show what became of each row; a long file is loaded by the worker."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, institution = form.cleaned_data["file"], form.cleaned_data["institution"]
        key = form.cleaned_data["idempotency_key"]
        if is_long(size=file.size):
            work = begin_survey(
                actor=request.actor,
                name=file.name,
                content=file.read(),
                institution=institution,
                idempotency_key=key or uuid7(),
            )
            return redirect("procedures-staff:import-work", work.id)
        try:
            report = import_survey(actor=request.actor, data=file.read(), institution=institution)
        except DomainError as error:
            form.add_error(error.field or "file", error.message)
        else:
            context = {"report": report_as_json(report), "batch": report.batch}
            return render(request, "procedures/staff/import_done.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "procedures/staff/import.html", {"form": form}, status=status)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def new_page(request: Request) -> HttpResponse:
    """Put a procedure of the town's own on the inventory."""
    form = ProcedureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        name, kind = values.pop("name"), Kind(values.pop("kind"))
        try:
            procedure = create_procedure(actor=request.actor, name=name, kind=kind, values=values)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "台帳に載せました。")
            return redirect("procedures-staff:procedure", procedure.id)
    status = 422 if form.is_bound else 200
    return render(request, "procedures/staff/procedure_form.html", {"form": form}, status=status)


@staff(ProceduresPermission.READ_INVENTORY)
@require_GET
def procedure_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """One procedure: what is known, what residents read, and the way online."""
    procedure = get_procedure(procedure_id)
    texts = {text.language: text for text in procedure.texts.all()}
    version = latest_version(procedure.form) if procedure.form else None
    checks = checklist(procedure)
    context = {
        "procedure": procedure,
        "checks": checks,
        "is_ready": all(check.holds or not check.gate.is_required for check in checks),
        "review": review_of(procedure, version.id if version else None),
        "texts": [(code, label, texts.get(code)) for code, label in ProcedureText.LANGUAGES],
        "survey": [(name, value) for name, value in procedure.survey.items() if value],
        "exclude_form": ExcludeForm(),
        "version": version,
        "rule": rule_of(procedure),
        "proxy_choices": PROXY_CHOICES,
        "window": window_of(procedure),
        "taken": taken_of(procedure),
        "offer": offer_of(procedure),
        "may_offer": request.actor.can(ProceduresPermission.OFFER_FORMS, request.government.id),
    }
    return render(request, "procedures/staff/procedure.html", context)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def edit_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """Write what stands on the inventory."""
    procedure = get_procedure(procedure_id)
    form = ProcedureForm(request.POST or None, instance=procedure)
    if request.method == "POST" and form.is_valid():
        try:
            update_procedure(actor=request.actor, procedure=get_procedure(procedure_id), values=form.cleaned_data)
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
def text_page(request: Request, procedure_id: UUID, language: str) -> HttpResponse:
    """Write what residents read, in one language."""
    procedure = get_procedure(procedure_id)
    text = procedure.texts.filter(language=language).first()
    initial = {"name": procedure.name, "fee": procedure.fee, "contact": procedure.contact}
    form = TextForm(request.POST or None, instance=text, initial=None if text else initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_text(actor=request.actor, procedure=procedure, language=language, values=form.cleaned_data)
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
def exclude(request: Request, procedure_id: UUID) -> HttpResponse:
    """Take a procedure out of what will go online, with a reason."""
    procedure = get_procedure(procedure_id)
    form = ExcludeForm(request.POST)
    chosen = form.cleaned_data if form.is_valid() else {}
    try:
        exclude_procedure(
            actor=request.actor, procedure=procedure, reason=chosen.get("reason", ""), rule=chosen.get("rule")
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "オンライン化の対象外にしました。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def include(request: Request, procedure_id: UUID) -> HttpResponse:
    """Bring a procedure back to what will go online."""
    include_procedure(actor=request.actor, procedure=get_procedure(procedure_id))
    messages.success(request, "オンライン化の対象に戻しました。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_POST
def review(request: Request, procedure_id: UUID) -> HttpResponse:
    """様式を確認した."""
    try:
        review_form(actor=request.actor, procedure=get_procedure(procedure_id))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "様式を確認したことを記録しました。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def make_form(request: Request, procedure_id: UUID) -> HttpResponse:
    """様式を作る: the form begins with what the kind needs, and its editor opens."""
    procedure = start_form(actor=request.actor, procedure=get_procedure(procedure_id))
    try:
        return redirect("eforms-staff:edit", procedure.form_id)
    except NoReverseMatch:
        return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_POST
def publish(request: Request, procedure_id: UUID) -> HttpResponse:
    """オンラインで公開する; what is missing is named."""
    procedure = get_procedure(procedure_id)
    try:
        open_procedure(actor=request.actor, procedure=procedure)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "オンラインで公開しました。住民のページからすぐに申請できます。")
    return redirect("procedures-staff:procedure", procedure_id)


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_POST
def unpublish(request: Request, procedure_id: UUID) -> HttpResponse:
    """公開を止める: what was filed goes on."""
    close_procedure(actor=request.actor, procedure=get_procedure(procedure_id))
    messages.success(request, "公開を止めました。届いている申請は、そのまま審査できます。")
    return redirect("procedures-staff:procedure", procedure_id)
