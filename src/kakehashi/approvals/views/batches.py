"""一括決裁: chosen in the list, shown on one page, decided one by one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kakehashi.approvals import services
from kakehashi.approvals.models import BatchRowState, DecisionBatch
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.batches import batch_of
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request


def _batch(request: Request, batch_id: UUID) -> DecisionBatch:
    found = batch_of(request.actor, batch_id)
    if found is None:
        raise Http404
    return found


@staff(ApprovalsPermission.ACT)
@reads_personal_data("決裁")
@require_POST
def plan(request: Request) -> HttpResponse:
    """Take what was ticked in the list to the page that shows it."""
    try:
        batch = services.plan_batch(actor=request.actor, proposal_ids=_chosen(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(reverse("approvals-staff:index") + "?box=turn")
    return redirect("approvals-staff:batch", batch.id)


def _chosen(request: Request) -> list[UUID]:
    chosen = []
    for text in request.POST.getlist("proposal"):
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    return chosen


@staff(ApprovalsPermission.ACT)
@reads_personal_data("決裁")
@require_safe
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    """Before 決裁する: each item with what is asked. After it: how far it is, and what could not be decided and why."""
    return render(request, "approvals/batch.html", _context(_batch(request, batch_id)))


@staff(ApprovalsPermission.ACT)
@reads_personal_data("決裁")
@require_POST
def confirm(request: Request, batch_id: UUID) -> HttpResponse:
    """決裁する, for everything on the page."""
    services.confirm_batch(actor=request.actor, batch=_batch(request, batch_id))
    return redirect("approvals-staff:batch", batch_id)


@staff(ApprovalsPermission.ACT)
@reads_personal_data("決裁")
@require_POST
def go_on(request: Request, batch_id: UUID) -> HttpResponse:
    """The page itself asks for the next decision, one a request and so one a transaction."""
    services.decide_next(actor=request.actor, batch=_batch(request, batch_id))
    if "HX-Request" in request.headers:
        return render(request, "approvals/_batch_rows.html", _context(_batch(request, batch_id)))
    return redirect("approvals-staff:batch", batch_id)


def _context(batch: DecisionBatch) -> dict[str, object]:
    rows = list(batch.rows.select_related("proposal__matter", "proposal__department"))
    counts = {state.value: sum(row.state == state for row in rows) for state in BatchRowState}
    return {"batch": batch, "rows": rows, "counts": counts, "total": len(rows)}
