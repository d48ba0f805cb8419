"""文書をさがす: full text over documents and what came in, as far as the person may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kakehashi.kernel.access import staff
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.records import selectors
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.views.inputs import typed


@staff(RecordsPermission.READ)
@reads_personal_data("文書の検索")
@require_safe
def find(request: Request) -> HttpResponse:
    """What is found for `?q=`, best first."""
    query = typed(request, "q")
    return render(request, "records/find.html", {"query": query, "hits": selectors.find_records(request.actor, query)})
