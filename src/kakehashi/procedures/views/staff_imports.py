"""時間のかかる取り込みの画面: how far it is, and the result when it has ended."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.procedures.models import ImportWork, WorkState, WorkVerb
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.import_works import get_work


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_GET
def work_page(request: Request, work_id: UUID) -> HttpResponse:
    """The bar while it waits or runs (asked again by itself, or by the link); then the result, or what went wrong."""
    work = get_work(work_id)
    is_asked_again = "HX-Request" in request.headers
    if work.is_open:
        name = "_import_progress" if is_asked_again else "import_work"
        return render(request, f"procedures/staff/{name}.html", {"work": work})
    if is_asked_again:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if work.state == WorkState.DONE:
        return _result(request, work)
    return render(request, "procedures/staff/import_work.html", {"work": work})


def _result(request: Request, work: ImportWork) -> HttpResponse:
    if work.verb == WorkVerb.SURVEY:
        return render(request, "procedures/staff/import_done.html", {"report": work.report, "batch": work.batch})
    if work.batch_id is None:
        return redirect("procedures-staff:batches")
    return redirect("procedures-staff:batch", work.batch_id)
