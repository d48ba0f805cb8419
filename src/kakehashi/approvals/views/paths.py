"""Other roads of a proposal: the paper one, and a new draft from an old one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.approvals import services
from kakehashi.approvals.forms import PaperForm
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.views.page_context import page_context
from kakehashi.approvals.views.proposals import find_proposal
from kakehashi.files.services import store_file
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request


@staff(ApprovalsPermission.DRAFT)
@reads_personal_data("決裁（紙）", asks_reason=True)
@require_POST
def paper(request: Request, proposal_id: UUID) -> HttpResponse:
    """紙の決裁を登録する: the scan, where the paper lies, the day on it; all at once."""
    found = find_proposal(proposal_id)
    form = PaperForm(request.POST)
    upload = request.FILES.get("original")
    if form.is_valid():
        try:
            if upload is not None:
                stored = store_file(
                    actor=request.actor,
                    name=upload.name or "原本",
                    content=upload.read(),
                    purpose="approvals.attachment",
                )
                services.attach_original(
                    actor=request.actor, proposal=found, file=stored, location=form.cleaned_data["location"]
                )
            services.record_paper_decision(
                actor=request.actor,
                proposal=found,
                digest=request.POST.get("digest", ""),
                decided_on=form.cleaned_data["decided_on"],
            )
        except (DomainError, Stale) as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, "紙の決裁を登録しました。")
            return redirect("approvals-staff:proposal", found.id)
    context = page_context(request, find_proposal(found.id), None)
    context["paper"] = (context["paper"] or {}) | {"form": form}
    return render(request, "approvals/proposal.html", context, status=422)


@staff(ApprovalsPermission.DRAFT)
@reads_personal_data("起案", asks_reason=True)
@require_http_methods(["GET", "POST"])
def redraft(request: Request, proposal_id: UUID) -> HttpResponse:
    """再決裁 of a decided proposal, or 引用起案 from any: says what will happen, then makes the draft."""
    found = get_object_or_404(Proposal.objects.select_related("matter"), id=proposal_id)
    error, status = "", 200
    if request.method == "POST":
        corrects = request.POST.get("kind") == "corrects"
        try:
            new = services.redraft_proposal(
                actor=request.actor,
                proposal=found,
                idempotency_key=_key(request),
                corrects=corrects,
                reason=request.POST.get("reason", ""),
            )
        except DomainError as refused:
            error, status = refused.message, 422
        else:
            return redirect("approvals-staff:edit", new.id)
    context = {"proposal": found, "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "approvals/redraft.html", context, status=status)


def _key(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()
