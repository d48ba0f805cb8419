"""The town's own paper: a procedure's form made from it, and an application printed back into it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.eforms.selectors.papers import paper_form, spare_papers
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.procedures.forms import PaperForm
from kakehashi.procedures.hooks import sample_paper
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.originals import filled_original
from kakehashi.procedures.services import start_form_from_paper

MOST_SPARE = 100


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def from_paper(request: Request, procedure_id: UUID) -> HttpResponse:
    """様式から作る: drop one file, or take a draft that a dropped folder gave."""
    procedure = get_procedure(procedure_id)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    sample = sample_paper()
    if request.method == "POST" and form.is_valid():
        chosen, file = form.cleaned_data["paper"], form.cleaned_data["file"]
        name, content = (file.name, file.read()) if file else ("", b"")
        if form.cleaned_data["sample"] and sample:
            name, content = sample[0], sample[1](request.government.name)
        try:
            paper = start_form_from_paper(
                actor=request.actor,
                procedure=procedure,
                name=name,
                content=content,
                paper=paper_form(chosen) if chosen else None,
            )
        except DomainError as error:
            form.add_error("file", error.message)
        except NotFound as error:
            raise Http404 from error
        else:
            messages.success(request, "下書きができました。元の様式とならべて、項目を確かめてください。")
            return redirect("eforms-staff:review", paper.id)
    context = {"procedure": procedure, "form": form, "spare": list(spare_papers()[:MOST_SPARE]), "sample": sample}
    return render(request, "procedures/staff/from_paper.html", context, status=422 if form.is_bound else 200)


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data("元の様式への印字", asks_reason=True)
@require_GET
def print_original(request: Request, application_id: UUID) -> HttpResponse:
    """元の様式に印字: the answers in the town's own Word, Excel or PDF file."""
    application = get_application(application_id)
    try:
        filled = filled_original(application)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("procedures-staff:application", application_id)
    if filled is None:
        raise Http404
    response = HttpResponse(filled.content, content_type=filled.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filled.name)}"
    return response
