"""受付の期間と件数 of one procedure."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.procedures.forms import ReceptionForm
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.reception import window_of
from kakehashi.procedures.services import set_reception


@staff(ProceduresPermission.OPEN_PROCEDURE)
@require_http_methods(["GET", "POST"])
def reception_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """Say from when, until when and how many."""
    procedure = get_procedure(procedure_id)
    window = window_of(procedure)
    names = ("opens_on", "closes_on", "places")
    form = ReceptionForm(
        request.POST or None, initial={name: getattr(window, name) for name in names} if window else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_reception(actor=request.actor, procedure=procedure, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "受付の期間と件数を保存しました。")
            return redirect("procedures-staff:procedure", procedure_id)
    context = {"form": form, "procedure": procedure, "window": window}
    return render(request, "procedures/staff/reception.html", context, status=422 if form.is_bound else 200)
