"""取り込む・まとめて変える: choose a file, match its columns, see what would become of every row, apply, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.selectors.papers import spare_papers
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.form_words import procedure_name
from kakehashi.procedures.domain.large import is_long
from kakehashi.procedures.domain.sheet_columns import ACTS, COLUMNS
from kakehashi.procedures.forms import InventoryFilterForm, SheetForm
from kakehashi.procedures.models import Batch, BatchSource, BatchState, ImportWork, RowState, WorkVerb
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.batch_row import counts_of
from kakehashi.procedures.selectors.batches import (
    applied_before,
    batches,
    get_batch,
    plan_batch,
    rows_of,
)
from kakehashi.procedures.selectors.import_works import last_failure, open_work, open_works
from kakehashi.procedures.selectors.inventory import inventory
from kakehashi.procedures.services import (
    apply_batch,
    ask_work,
    begin_sheet,
    discard_batch,
    lay_out_batch,
    make_batch,
    start_batch,
    take_in_sheet,
    undo_batch,
)
from kakehashi.procedures.views.staff_inventory import share_of

_SHOWN = 100
_MOST_SELECTED = 5_000


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def batches_page(request: Request) -> HttpResponse:
    """Choose a file; what was taken in before, with the way back."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _taken_in(request, form)
        except DomainError as error:
            form.add_error(error.field or "file", error.message)
    context = {
        "form": form,
        "columns": COLUMNS,
        "works": open_works(),
        "drafts": spare_papers().count(),
        "page": keyset_page(batches(), ("-made_at", "-id"), request.GET.get("cursor"), 20),
    }
    return render(request, "procedures/staff/batches.html", context, status=422 if form.is_bound else 200)


def _taken_in(request: Request, form: SheetForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    if is_long(size=file.size):
        key = form.cleaned_data["idempotency_key"] or uuid7()
        work = begin_sheet(actor=request.actor, name=file.name, content=file.read(), idempotency_key=key)
        return redirect("procedures-staff:import-work", work.id)
    return _tried(request, start_batch(actor=request.actor, name=file.name, content=file.read()))


def _tried(request: Request, batch: Batch) -> HttpResponse:
    """On to the dry run: of a long batch the worker makes it."""
    if is_long(rows=batch.layout["size"]):
        return redirect(
            "procedures-staff:import-work", ask_work(actor=request.actor, batch=batch, verb=WorkVerb.TRY).id
        )
    return redirect("procedures-staff:batch", batch.id)


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
    """Before: header, columns and the dry run. Afterwards: the report of every row and 取り込みを元に戻す."""
    batch = get_batch(batch_id)
    if (work := open_work(batch) or _unread(batch)) is not None:
        return redirect("procedures-staff:import-work", work.id)
    if request.method == "POST":
        return _lay_out(request, batch)
    if batch.state != BatchState.DRAFT:
        return _report(request, batch)
    failed = last_failure(batch)
    return _preview(request, batch, failed.message if failed else "", status=200)


def _unread(batch: Batch) -> ImportWork | None:
    """Why a batch cannot be shown: the worker could not read its file."""
    is_shown = batch.state != BatchState.DRAFT or "size" in batch.layout
    return None if is_shown else last_failure(batch)


def _lay_out(request: Request, batch: Batch) -> HttpResponse:
    given = request.POST
    is_header_only = given.get("what") == "header"
    mapping = {column.key: given.get(f"column.{column.key}", "") for column in COLUMNS}
    try:
        lay_out_batch(
            actor=request.actor,
            batch=batch,
            sheet=given.get("sheet", "").replace("\x00", ""),
            header_line=_number(given.get("header_from", "")),
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
        messages.success(
            request, "読み方を変えて、もう一度試しました。見出しの場所と列の対応は、次のファイルでも使います。"
        )
        return _tried(request, get_batch(batch.id))
    return redirect("procedures-staff:batch", batch.id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _preview(request: Request, batch: Batch, failure: str, status: int = 422) -> HttpResponse:
    context: dict[str, Any] = {"batch": batch, "failure": failure, "before": applied_before(batch)}
    if "rows" not in batch.layout:
        if "header_line" not in batch.layout.get("seen", {}):
            # It was chosen before this was kept.
            take_in_sheet(batch)
        headers, mapping = batch.layout["headers"], batch.layout["mapping"]
        context |= {
            "sheets": batch.layout["seen"]["sheets"],
            "header_from": batch.layout["seen"]["header_line"],
            "columns": [(column, mapping.get(column.key, -1)) for column in COLUMNS],
            "headers": list(enumerate(headers)),
            "unused": [text for at, text in enumerate(headers) if text and at not in mapping.values()],
            "top": batch.layout["seen"]["top"],
        }
    state = request.GET.get("state", "")
    counts, shown = _tried_rows(request, batch, state)
    context |= {
        "counts": _words(counts),
        "acts": [(words[0], counts[f"act.{act}"]) for act, words in ACTS.items() if f"act.{act}" in counts],
        "forms": counts.get("forms", 0),
        "will_change": counts.get(RowState.NEW, 0) + counts.get(RowState.CHANGE, 0),
        "state": state,
        "page": Paginator(shown, _SHOWN).get_page(request.GET.get("page")),
    }
    return render(request, "procedures/staff/batch.html", context, status=status if failure else 200)


def _tried_rows(request: Request, batch: Batch, state: str) -> tuple[dict[str, int], Any]:
    """The dry run: of a long batch as the worker kept it, else made now."""
    if batch.layout.get("is_tried"):
        return batch.counts, rows_of(batch, state if state in RowState.values else "").order_by("line", "id")
    plan = plan_batch(batch, request.actor)
    return counts_of(plan), [row for row in plan if not state or row.state == state]


def _words(counts: dict[str, int], *, is_done: bool = False) -> list[tuple[str, str, int]]:
    return [
        (state.value, state.done_label if is_done else str(state.label), counts[state])
        for state in RowState
        if counts.get(state)
    ]


def _report(request: Request, batch: Batch) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = rows_of(batch, state if state in RowState.values else "")
    if kind := request.GET.get("format"):
        found = rows.order_by("line", "id")
        return spreadsheet_response(
            kind=kind,
            name=f"{batch.name}の結果",
            headers=("行", "手続名", "結果", "説明"),
            rows=((row.line, row.name, RowState(row.state).done_label, row.text) for row in found.iterator()),
        )
    context = {
        "batch": batch,
        "counts": _words(batch.counts, is_done=True),
        "state": state,
        "page": keyset_page(rows, ("line", "id"), request.GET.get("cursor"), _SHOWN),
    }
    return render(request, "procedures/staff/batch_report.html", context)


def _for_the_worker(request: Request, batch: Batch, verb: WorkVerb) -> ImportWork | None:
    """The piece of work that is open for a batch already, or a new one for a long batch; None when it is done at once."""
    written = batch.counts.get("new", 0) + batch.counts.get("change", 0)
    rows = written if verb == WorkVerb.UNDO else batch.layout.get("size", 0)
    if is_long(rows=rows):
        return ask_work(actor=request.actor, batch=batch, verb=verb)
    return open_work(batch)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def apply(request: Request, batch_id: UUID) -> HttpResponse:
    """反映する."""
    try:
        batch = get_batch(batch_id)
        if (work := _for_the_worker(request, batch, WorkVerb.APPLY)) is not None:
            return redirect("procedures-staff:import-work", work.id)
        batch = apply_batch(actor=request.actor, batch=batch)
    except (DomainError, Stale) as error:
        messages.error(request, error.message)
    else:
        done = batch.counts.get("new", 0) + batch.counts.get("change", 0)
        messages.success(request, f"{done:,}件を反映しました。")
    return redirect("procedures-staff:batch", batch_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def undo(request: Request, batch_id: UUID) -> HttpResponse:
    """取り込みを元に戻す: what was changed since is left and named."""
    try:
        batch = get_batch(batch_id)
        if (work := _for_the_worker(request, batch, WorkVerb.UNDO)) is not None:
            return redirect("procedures-staff:import-work", work.id)
        batch = undo_batch(actor=request.actor, batch=batch)
    except (DomainError, Stale) as error:
        messages.error(request, error.message)
    except PermissionRefused:
        messages.error(request, "公開や停止を含むまとまりです。公開の権限のある人が元に戻せます。")
    else:
        kept = batch.counts.get("kept", 0)
        done = f"{batch.counts.get('undone', 0):,}件を元に戻しました。"
        messages.success(request, done + (f"{kept:,}件は、あとから変わったため戻していません。" if kept else ""))
    return redirect("procedures-staff:batch", batch_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def discard(request: Request, batch_id: UUID) -> HttpResponse:
    """やめる."""
    if (work := open_work(get_batch(batch_id))) is not None:
        return redirect("procedures-staff:import-work", work.id)
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
    return _tried(request, batch)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def from_papers(request: Request) -> HttpResponse:
    """A procedure with its form for every converted paper that none uses yet; the dry run comes first."""
    rows = [
        {"name": procedure_name(paper.title or paper.name), "form_from": f"下書き：{paper.name}"}
        for paper in spare_papers()[:_MOST_SELECTED]
    ]
    if not rows:
        messages.error(request, "変換した様式の下書きがありません。")
        return redirect("procedures-staff:batches")
    name = f"変換した様式から作る（{len(rows):,}件）"
    return _tried(request, make_batch(actor=request.actor, name=name, source=BatchSource.SELECTION, rows=rows))
