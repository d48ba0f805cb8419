"""What waits on whom, and how long."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.waiting import PostPile, waiting_by_post
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.selectors import departments_on

HEADERS = [
    "職",
    "件数",
    "最長（開庁日）",
    "中央値（開庁日）",
    "件名",
    "起案番号",
    "段階",
    "届いた日時",
    "待ち（開庁日）",
]


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁")
@require_safe
def waiting(request: Request) -> HttpResponse:
    """Piles by post; `?department=` one section, `?format=` as a spreadsheet."""
    departments = list(departments_on(clock.today()))
    chosen = next((each for each in departments if str(each.id) == request.GET.get("department", "")), None)
    piles = waiting_by_post(chosen)
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name="だれのところに何が",
            headers=HEADERS,
            rows=(row for pile in piles for row in _rows(pile)),
        )
    context = {"piles": piles, "departments": departments, "chosen": chosen, "total": sum(p.count for p in piles)}
    return render(request, "approvals/waiting.html", context)


def _rows(pile: PostPile) -> list[list[object]]:
    head: list[object] = [pile.post.name, pile.count, pile.longest, pile.middle]
    return [[*head, item.subject, item.number, item.kind.label, item.since, item.days] for item in pile.items]
