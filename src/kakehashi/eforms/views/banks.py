"""金融機関の一覧: loading it, looking at how much there is, taking it out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.eforms.domain.banks import HEADINGS
from kakehashi.eforms.forms import BankListForm
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors.banks import branches
from kakehashi.eforms.services import import_banks
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response


@staff(EformsPermission.PUBLISH)
@require_http_methods(["GET", "POST"])
def banks(request: Request) -> HttpResponse:
    """The list of banks: POST replaces it by a CSV, GET shows how long it is or gives it out."""
    if kind := request.GET.get("format"):
        return spreadsheet_response(kind=kind, name="金融機関の一覧", headers=HEADINGS, rows=branches())
    form = BankListForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = import_banks(actor=request.actor, content=form.cleaned_data["file"].read())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, f"{len(found.branches):,}の支店を取り込みました。")
            if not found.problems:
                return redirect("eforms-staff:banks")
            problems, form = found.problems, BankListForm()
    rows = branches()
    context = {
        "form": form,
        "count": len(rows),
        "banks": len({row[0] for row in rows}),
        "problems": problems[:100],
        "headings": HEADINGS,
    }
    return render(request, "eforms/staff/banks.html", context, status=422 if form.is_bound else 200)
