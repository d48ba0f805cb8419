"""一括の操作: the page that shows what will be passed over and why, runs, and takes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kakehashi.cases import hooks
from kakehashi.cases.forms import BatchForm
from kakehashi.cases.models import BatchState, Case, CaseBatch, CaseBatchRow, RowState
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.services import PIECE_SECONDS, run_piece, start_batch, undo_batch
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.undo import confirm_with_undo

__all__ = ["batch_page", "run", "undo"]

_PURPOSE = "案件の一括処理"
_WITHOUT_SCRIPT = 10.0


@staff(CasePermission.HANDLE)
@reads_personal_data(_PURPOSE)
@require_GET
def batch_page(request: Request, batch_id: UUID) -> HttpResponse:
    """What will happen to which cases; while it runs, how far it is; afterwards, what became of each."""
    batch = _get(request, batch_id)
    act = hooks.batch_act(batch.act)
    form = BatchForm(asked=act.fields(request.actor)) if act.fields and batch.state == BatchState.PLANNED else None
    return _page(request, batch, form)


@staff(CasePermission.HANDLE)
@reads_personal_data(_PURPOSE)
@require_POST
def run(request: Request, batch_id: UUID) -> HttpResponse:
    """Begin, or go on with the next piece."""
    batch = _get(request, batch_id)
    act = hooks.batch_act(batch.act)
    begins = batch.state == BatchState.PLANNED
    if begins:
        form = BatchForm(request.POST, asked=act.fields(request.actor)) if act.fields else None
        if form is not None and not form.is_valid():
            return _page(request, batch, form, status=422)
        batch = start_batch(actor=request.actor, batch=batch, values=form.values() if form is not None else {})
    was_running = batch.state == BatchState.RUNNING
    # Without a script each further piece is a press of the button, so it is a larger one.
    seconds = PIECE_SECONDS if begins or request.headers.get("HX-Request") else _WITHOUT_SCRIPT
    batch = run_piece(actor=request.actor, batch=batch, seconds=seconds)
    if batch.state == BatchState.DONE and was_running:
        _say(request, batch)
    if request.headers.get("HX-Request") and batch.state == BatchState.RUNNING:
        return render(request, "cases/_batch_progress.html", {"batch": batch, **_counts(batch)})
    target = reverse("cases-staff:batch-page", args=[batch.id])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


@staff(CasePermission.HANDLE)
@require_POST
def undo(request: Request, batch_id: UUID) -> HttpResponse:
    """元に戻す: the whole batch, where nothing has left the building."""
    batch = _get(request, batch_id)
    try:
        count = undo_batch(actor=request.actor, batch=batch)
    except Stale:
        messages.warning(request, "この一括の操作は、もう元に戻してあります。")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{count}件を元に戻しました。")
    return redirect("cases-staff:batch-page", batch.id)


def _say(request: Request, batch: CaseBatch) -> None:
    counts = _counts(batch)
    act = hooks.batch_act(batch.act)
    sentence = f"「{act.label}」を{counts['done']}件に行いました。" + (
        f"{counts['skipped']}件は見送りました。" if counts["skipped"] else ""
    )
    if act.undo is not None and counts["done"]:
        confirm_with_undo(request, sentence, reverse("cases-staff:batch-undo", args=[batch.id]))
    else:
        messages.success(request, sentence)


def _page(request: Request, batch: CaseBatch, form: Any, status: int = 200) -> HttpResponse:
    act = hooks.batch_act(batch.act)
    rows = list(
        CaseBatchRow.objects.filter(batch=batch)
        .select_related("case__department", "case__handler")
        .order_by("position")
    )
    if batch.state == BatchState.PLANNED:
        _foresee(request, act, rows)
    groups = [
        (state, title, [row for row in rows if row.state == state])
        for state, title in (
            (RowState.SKIPPED, "見送る案件" if batch.state == BatchState.PLANNED else "見送った案件"),
            (RowState.WAITING, "行う案件" if batch.state == BatchState.PLANNED else "これから行う案件"),
            (RowState.DONE, "行った案件"),
            (RowState.UNDONE, "元に戻した案件"),
        )
    ]
    back = batch.back if url_has_allowed_host_and_scheme(batch.back, {request.get_host()}) else ""
    context = {
        "batch": batch,
        "act": act,
        "form": form,
        "groups": [group for group in groups if group[2]],
        "will": sum(row.state == RowState.WAITING for row in rows),
        "described": act.describe(batch.values) if act.describe and batch.values else (),
        "back": back or reverse("cases-staff:inbox"),
        **_counts(batch),
    }
    return render(request, "cases/batch.html", context, status=status)


def _foresee(request: Request, act: hooks.BatchAct, rows: list[CaseBatchRow]) -> None:
    """Which rows would be passed over as things stand; shown, not stored: it is asked again when it runs."""
    cases: list[Case] = [row.case for row in rows]
    reasons = act.why_not(request.actor, cases, {})
    for row in rows:
        if reason := reasons.get(row.case_id):
            row.state, row.reason = RowState.SKIPPED, reason


def _counts(batch: CaseBatch) -> dict[str, int]:
    states = list(CaseBatchRow.objects.filter(batch=batch).values_list("state", flat=True))
    return {
        "total": len(states),
        "done": states.count(RowState.DONE),
        "skipped": states.count(RowState.SKIPPED),
        "handled": len(states) - states.count(RowState.WAITING),
    }


def _get(request: Request, batch_id: UUID) -> CaseBatch:
    """One's own batch; another person's does not exist for anybody else."""
    found: CaseBatch | None = CaseBatch.objects.filter(id=batch_id, made_by_id=request.actor.id).first()
    if found is None or not hooks.knows_batch_act(found.act):
        raise Http404
    return found
