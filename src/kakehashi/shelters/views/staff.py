"""Staff: our sites beside those of the national list."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.kernel.access import staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.shelters import selectors
from kakehashi.shelters.permissions import SheltersPermission


@staff(SheltersPermission.KEEP)
@require_GET
def compare(request: Request) -> HttpResponse:
    """What the national list has and ours lacks, the other way round, and where the kinds of disaster differ."""
    told = selectors.compare_with_reference()
    kind = request.GET.get("format")
    if kind:
        rows = [("国の一覧にだけある", one.common_id, one.name, one.address) for one in told.only_national]
        rows += [("町の一覧にだけある", one.identifier, one.name, one.address) for one in told.only_ours]
        rows += [(words, one.identifier, one.name, one.address) for one, words in told.differing]
        return spreadsheet_response(
            kind=kind, name="国の一覧との違い", headers=("違い", "ID", "名称", "住所"), rows=rows
        )
    context = {"told": told, "editions": selectors.reference_editions()}
    return render(request, "shelters/staff/compare.html", context)
