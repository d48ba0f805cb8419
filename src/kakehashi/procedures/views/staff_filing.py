"""申請のしかた: whether a procedure takes proxies and co-signers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.procedures.forms import FilingRuleForm
from kakehashi.procedures.models import CoSigning
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.parties import rule_of
from kakehashi.procedures.services import set_filing_rule


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def filing_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """代理・連署を決める for one procedure."""
    procedure = get_procedure(procedure_id)
    rule = rule_of(procedure)
    known = {
        "proxies": rule.proxies,
        "proofs": rule.proofs,
        "co_signing": rule.co_signing,
        "least_co_signers": rule.least_co_signers or None,
    }
    form = FilingRuleForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_filing_rule(
                actor=request.actor,
                procedure=procedure,
                proxies=given["proxies"],
                proofs=given["proofs"],
                co_signing=CoSigning(given["co_signing"]),
                least_co_signers=given["least_co_signers"] or 0,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "代理・連署を決めました。")
            return redirect("procedures-staff:procedure", procedure.id)
    context = {"form": form, "procedure": procedure}
    return render(request, "procedures/staff/filing.html", context, status=422 if form.is_bound else 200)
