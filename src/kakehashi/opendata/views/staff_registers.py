"""Staff: the tables kept by hand — list, add, edit, retire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.opendata import services
from kakehashi.opendata.domain.columns import ColumnType, json_value
from kakehashi.opendata.domain.registry import RegisterTable
from kakehashi.opendata.forms.registers import RowForm
from kakehashi.opendata.permissions import OpendataPermission
from kakehashi.opendata.selectors.registers import cells_of, find_register, find_row, kept_rows, registers
from kakehashi.opendata.views.answers import add_problem, posted, posted_key


def register_or_404(code: str) -> RegisterTable:
    """A table this government keeps, else 404."""
    try:
        return find_register(code)
    except NotFound:
        raise Http404 from None


def keeper_or_403(request: Request, register: RegisterTable) -> None:
    """Refuse whoever may not change the table."""
    if not request.actor.can(register.permission, request.government.id):
        raise PermissionDenied(register.permission)


def _row_or_404(register: RegisterTable, row_id: UUID) -> Any:
    try:
        return find_row(register, row_id)
    except NotFound:
        raise Http404 from None


@staff(OpendataPermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """The tables kept here."""
    tables = [(register, kept_rows(register).count()) for register in registers()]
    return render(request, "opendata/staff/registers.html", {"tables": tables})


@staff(OpendataPermission.READ)
@require_GET
def rows(request: Request, code: str) -> HttpResponse:
    """The rows of a table."""
    register = register_or_404(code)
    words, retired = request.GET.get("q", "")[:100], request.GET.get("retired") == "1"
    found = kept_rows(register, words, with_retired=retired)
    kind = request.GET.get("format")
    if kind:
        return _export(register, kind, found)
    context = {
        "register": register,
        "page": keyset_page(found, ("identifier",), request.GET.get("cursor"), 50),
        "words": words,
        "retired": retired,
        "may_keep": request.actor.can(register.permission, request.government.id),
    }
    return render(request, "opendata/staff/rows.html", context)


def _export(register: RegisterTable, kind: str, found: Any) -> HttpResponse:
    derived = register.derived()
    lines = []
    for row in found.order_by("identifier"):
        cells = {**cells_of(register, row), **derived}
        lines.append([json_value(column, cells.get(column.key, "")) for column in register.columns])
    headers = [column.header for column in register.columns]
    return spreadsheet_response(kind=kind, name=register.label, headers=headers, rows=lines)


@staff(OpendataPermission.READ)
@require_http_methods(["GET", "POST"])
def add(request: Request, code: str) -> HttpResponse:
    """A new row."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    initial = {
        column.key: register.model._meta.get_field(column.key).get_default()
        for column in register.own_columns
        if column.type is ColumnType.MARK
    }
    form = RowForm(register, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_row(actor=request.actor, register=register, cells=form.cells, row_id=posted_key(request))
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, f"{register.noun}を足しました。")
            return redirect("opendata-staff:rows", code)
    context = {"register": register, "form": form, "title": f"{register.noun}を足す", "verb": "足す"}
    return render(request, "opendata/staff/row.html", context, status=422 if form.is_bound else 200)


@staff(OpendataPermission.READ)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str, row_id: UUID) -> HttpResponse:
    """Change a row."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    row = _row_or_404(register, row_id)
    initial = {**cells_of(register, row), "revision": row.revision}
    for column in register.own_columns:
        if column.type is ColumnType.MARK:
            initial[column.key] = bool(initial[column.key])
    form = RowForm(register, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_row(
                actor=request.actor, register=register, row=row, cells=form.cells,
                revision=form.cleaned_data.get("revision") or 0,
            )  # fmt: skip
        except (DomainError, Stale) as problem:
            if isinstance(problem, DomainError):
                add_problem(form, problem)
            else:
                form.add_error(None, problem.message)
        else:
            messages.success(request, "直しました。公開中のデータは、次に公開するときに変わります。")
            return redirect("opendata-staff:rows", code)
    context = {"register": register, "form": form, "row": row, "title": row.name, "verb": "直す"}
    return render(request, "opendata/staff/row.html", context, status=422 if form.is_bound else 200)


@staff(OpendataPermission.READ)
@require_POST
def retire(request: Request, code: str, row_id: UUID) -> HttpResponse:
    """廃止する, or take it back."""
    register = register_or_404(code)
    keeper_or_403(request, register)
    row = _row_or_404(register, row_id)
    if request.POST.get("back"):
        services.restore_row(actor=request.actor, register=register, row=row)
        messages.success(request, f"「{row.name}」の廃止を取り消しました。")
    else:
        services.retire_row(actor=request.actor, register=register, row=row)
        messages.success(request, f"「{row.name}」を廃止しました。次に公開するときから出なくなります。")
    return redirect("opendata-staff:rows", code)
