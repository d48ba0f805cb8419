"""手続をさがす: the residents' list, and the page of one procedure."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from kakehashi.kernel.access import resident
from kakehashi.procedures.selectors.public import find_procedures, guide_of, median_days, public_procedure
from kakehashi.procedures.services import start_draft
from kakehashi.procedures.views.passes import applicant_of, grant


@resident
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Find a procedure by words or by life event."""
    text = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    event = request.GET.get("event", "")[:30].replace("\x00", "")
    language = get_language() or "ja"
    rows = find_procedures(actor=applicant_of(request), text=text, event=event)
    found = [(each, guide_of(each, language)) for each in rows]
    context = {"text": text, "event": event, "found": found}
    return render(request, "procedures/resident/search.html", context)


@resident
@require_GET
def procedure_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """What for, who may, what you need, fee, how long, ways, contact, and the way in."""
    procedure = public_procedure(procedure_id)
    context = {
        "procedure": procedure,
        "guide": guide_of(procedure, get_language() or "ja"),
        "median": median_days(procedure),
    }
    return render(request, "procedures/resident/procedure.html", context)


@resident
@require_POST
def start(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """申請を始める: a draft of one's own, and its first page."""
    procedure = public_procedure(procedure_id)
    draft = start_draft(actor=applicant_of(request), procedure=procedure, language=get_language() or "ja")
    first = draft.form_version.definition["steps"][0]["key"]
    return grant(request, redirect("procedures:step", draft.id, first), draft=draft.id)
