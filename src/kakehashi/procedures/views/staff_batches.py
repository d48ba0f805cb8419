"""取り込む・まとめて変える: choose a file, match its columns, see what would become of every row, apply, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.sheet_columns import ACTS, COLUMNS
from kakehashi.procedures.forms import InventoryFilterForm, SheetForm
from kakehashi.procedures.models import Batch, BatchSource, BatchState, RowState
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.batch_plan import counts_of
from kakehashi.procedures.selectors.batches import (
    applied_before,
    batches,
    get_batch,
    headers_of_batch,
    plan_batch,
    rows_of,
    sheets_of,
)
from kakehashi.procedures.selectors.inventory import inventory
from kakehashi.procedures.services import (
    apply_batch,
    discard_batch,
    lay_out_batch,
    make_batch,
    start_batch,
    undo_batch,
)
from kakehashi.procedures.views.staff_inventory import share_of

_SHOWN = 100
_TOP_ROWS = 12
_MOST_SELECTED = 5_000


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def batches_page(request: Request) -> HttpResponse:
    """Choose a file; what was taken in before, with the way back."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = start_batch(actor=request.actor, name=file.name, content=file.read())
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("procedures-staff:batch", batch.id)
    context = {
        "form": form,
        "columns": COLUMNS,
        "page": keyset_page(batches(), ("-made_at", "-id"), request.GET.get("cursor"), 20),
    }
    return render(request, "procedures/staff/batches.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_GET
def sample(request: Request) -> HttpResponse:
    """An empty table with the headers we know best."""
    row = {
        "name": "住宅改修補助金の交付申請",
        "kind": "処分",
        "legal_basis": "○○町住宅改修補助金交付要綱",
        "volume": 40,
    }
    return spreadsheet_response(
        kind="xlsx",
        name="手続台帳の見本",
        headers=[column.label for column in COLUMNS],
        rows=[[row.get(column.key, "") for column in COLUMNS]],
    )


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def batch_page(request: Request, batch_id: UUID) -> HttpResponse:
    """Before: header, columns and the dry run. Afterwards: the report of every row and 取り込みを取り消す."""
    batch = get_batch(batch_id)
    if request.method == "POST":
        return _lay_out(request, batch)
    if batch.state != BatchState.DRAFT:
        return _report(request, batch)
    return _preview(request, batch, "")


def _lay_out(request: Request, batch: Batch) -> HttpResponse:
    given = request.POST
    is_header_only = given.get("what") == "header"
    mapping = {column.key: given.get(f"column.{column.key}", "") for column in COLUMNS}
    try:
        lay_out_batch(
            actor=request.actor,
            batch=batch,
            sheet=given.get("sheet", "").replace("\x00", ""),
            header_from=_number(given.get("header_from", "")) - 1,
            header_rows=_number(given.get("header_rows", "")),
            mapping=None
            if is_header_only
            else {key: _number(text) for key, text in mapping.items() if text.isascii() and text.isdigit()},
            fill_down="fill_down" in given,
        )
    except Stale as error:
        messages.error(request, error.message)
    except DomainError as error:
        return _preview(request, batch, error.message)
    else:
        messages.success(request, "読み方を変えて、もう一度試しました。列の対応は、次のファイルでも使います。")
    return redirect("procedures-staff:batch", batch.id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _preview(request: Request, batch: Batch, failure: str) -> HttpResponse:
    context: dict[str, Any] = {"batch": batch, "failure": failure, "before": applied_before(batch)}
    if "rows" not in batch.layout:
        sheets = sheets_of(batch)
        sheet = next(each for each in sheets if each.name == batch.layout["sheet"])
        headers = headers_of_batch(batch, sheet)
        mapping = batch.layout["mapping"]
        context |= {
            "sheets": [each.name for each in sheets],
            "header_from": batch.layout["header_from"] + 1,
            "columns": [(column, mapping.get(column.key, -1)) for column in COLUMNS],
            "headers": list(enumerate(headers)),
            "unused": [text for at, text in enumerate(headers) if text and at not in mapping.values()],
            "top": [
                (n, sheet.lines[n - 1], [cell[:40] for cell in row]) for n, row in enumerate(sheet.rows[:_TOP_ROWS], 1)
            ],
        }
    plan = plan_batch(batch, request.actor)
    counts, state = counts_of(plan), request.GET.get("state", "")
    shown = [row for row in plan if not state or row.state == state]
    page = Paginator(shown, _SHOWN).get_page(request.GET.get("page"))
    context |= {
        "counts": _words(counts),
        "acts": [(words[0], counts[f"act.{act}"]) for act, words in ACTS.items() if f"act.{act}" in counts],
        "will_change": sum(row.will_write for row in plan),
        "state": state,
        "page": page,
    }
    return render(request, "procedures/staff/batch.html", context, status=422 if failure else 200)


def _words(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(state.value, str(state.label), counts[state]) for state in RowState if counts.get(state)]


def _report(request: Request, batch: Batch) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = rows_of(batch, state if state in RowState.values else "")
    if kind := request.GET.get("format"):
        found = rows.order_by("line", "id")
        return spreadsheet_response(
            kind=kind,
            name=f"{batch.name}の結果",
            headers=("行", "手続名", "結果", "説明"),
            rows=((row.line, row.name, row.get_state_display(), row.text) for row in found.iterator()),
        )
    context = {
        "batch": batch,
        "counts": _words(batch.counts),
        "state": state,
        "page": keyset_page(rows, ("line", "id"), request.GET.get("cursor"), _SHOWN),
    }
    return render(request, "procedures/staff/batch_report.html", context)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def apply(request: Request, batch_id: UUID) -> HttpResponse:
    """反映する."""
    try:
        batch = apply_batch(actor=request.actor, batch=get_batch(batch_id))
    except (DomainError, Stale) as error:
        messages.error(request, error.message)
    else:
        done = batch.counts.get("new", 0) + batch.counts.get("change", 0)
        messages.success(request, f"{done:,}件を反映しました。")
    return redirect("procedures-staff:batch", batch_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def undo(request: Request, batch_id: UUID) -> HttpResponse:
    """取り込みを取り消す: what was changed since is left and named."""
    try:
        batch = undo_batch(actor=request.actor, batch=get_batch(batch_id))
    except (DomainError, Stale) as error:
        messages.error(request, error.message)
    except PermissionRefused:
        messages.error(request, "公開や停止を含むまとまりです。公開の権限のある人が取り消せます。")
    else:
        kept = batch.counts.get("kept", 0)
        done = f"{batch.counts.get('undone', 0):,}件を元に戻しました。"
        messages.success(request, done + (f"{kept:,}件は、あとから変わったため戻していません。" if kept else ""))
    return redirect("procedures-staff:batch", batch_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def discard(request: Request, batch_id: UUID) -> HttpResponse:
    """やめる."""
    try:
        discard_batch(actor=request.actor, batch=get_batch(batch_id))
    except Stale as error:
        messages.error(request, error.message)
        return redirect("procedures-staff:batch", batch_id)
    messages.success(request, "取り込みをやめました。何も変わっていません。")
    return redirect("procedures-staff:batches")


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def select(request: Request) -> HttpResponse:
    """Everything the inventory is narrowed to, to be opened or closed together; the dry run comes first."""
    act = request.POST.get("act", "")
    words = {"open": "まとめて公開する", "close": "まとめて公開を止める"}
    if act not in words:
        return redirect("procedures-staff:inventory")
    filters = InventoryFilterForm(request.GET or None).filters()
    ids = inventory(filters, share_of(request)).order_by("-volume_order", "-id").values_list("id", flat=True)
    rows = [{"id": str(key), "act": ACTS[act][0]} for key in ids[:_MOST_SELECTED]]
    if not rows:
        messages.error(request, "この条件に合う手続はありません。")
        return redirect("procedures-staff:inventory")
    batch = make_batch(
        actor=request.actor, name=f"{words[act]}（{len(rows):,}手続）", source=BatchSource.SELECTION, rows=rows
    )
    return redirect("procedures-staff:batch", batch.id)
