"""Lists: what waits for me, what I drafted, everything; and 後閲 that I owe."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kakehashi.approvals import selectors
from kakehashi.approvals.domain.states import PROPOSAL_LABELS
from kakehashi.approvals.models import Proposal, ProposalStep
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.kernel.access import staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

BOXES = {
    "turn": "あなたの番",
    "acting": "代決・引上げできるもの",
    "reading": "供覧",
    "mine": "起案したもの",
    "all": "すべて",
    "reviews": "後閲",
}
EXPORT_LIMIT = 10_000
HEADERS = [
    "起案番号",
    "文書番号",
    "件名",
    "決裁事項",
    "状態",
    "起案者",
    "起案日時",
    "決裁日時",
    "決裁者",
    "施行日",
    "根拠",
]


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁")
@require_safe
def index(request: Request) -> HttpResponse:
    """The list of proposals in one of the boxes; `?q=` and `?state=` narrow it, `?format=` exports it."""
    box = request.GET.get("box", "turn")
    box = box if box in BOXES else "turn"
    if box == "reviews":
        return _reviews(request)
    state = request.GET.get("state", "")
    rows = selectors.search_proposals(
        _rows(request, box).select_related("matter"),
        text=typed(request, "q"),
        state=state if state in PROPOSAL_LABELS else "",
    )
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=f"起案一覧_{BOXES[box]}",
            headers=HEADERS,
            rows=(_export_row(row) for row in rows.order_by("-created_at", "-id")[:EXPORT_LIMIT]),
        )
    page = keyset_page(rows, cursor=request.GET.get("cursor"))
    return render(
        request,
        "approvals/index.html",
        {
            "box": box,
            "boxes": BOXES,
            "page": page,
            "waiting": selectors.waiting_on(page.rows),
            "states": PROPOSAL_LABELS,
            "q": typed(request, "q"),
            "state": state,
            "may_draft": request.actor.can(ApprovalsPermission.DRAFT, request.government.id),
            "may_grant": request.actor.can(ApprovalsPermission.MANAGE_RULES, request.government.id),
            "batchable": _batchable(request, page.rows) if box == "turn" else set(),
            "owed_reviews": selectors.pending_post_reviews(request.actor).count(),
        },
    )


def typed(request: Request, name: str) -> str:
    """What was typed into a filter, without blanks around it and without NUL, which no text column takes."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def _rows(request: Request, box: str) -> QuerySet[Proposal]:
    if box == "turn":
        return selectors.proposals_waiting_for(request.actor)
    if box == "acting":
        return selectors.proposals_to_act_for(request.actor)
    if box == "reading":
        return selectors.proposals_to_read(request.actor)
    if box == "mine":
        return selectors.drafted_by(request.actor)
    return Proposal.objects.exclude(state="draft")


def _batchable(request: Request, rows: Sequence[Proposal]) -> set[UUID]:
    """Which rows of the page may be ticked for 一括決裁: their matter allows it and it is the decider's turn."""
    allowed = [row.id for row in rows if row.matter.batch_allowed and not row.bars and not row.is_on_paper]
    if not allowed:
        return set()
    deciding = ProposalStep.objects.filter(
        proposal_id__in=allowed, round=F("proposal__round"), kind="decide", state="active"
    )
    return set(deciding.values_list("proposal_id", flat=True))


def _reviews(request: Request) -> HttpResponse:
    steps = selectors.pending_post_reviews(request.actor)
    return render(request, "approvals/reviews.html", {"box": "reviews", "boxes": BOXES, "steps": steps[:200]})


def _export_row(row: Proposal) -> list[object]:
    return [
        row.number,
        row.document_number,
        row.subject,
        row.matter.name,
        row.state_enum.label,
        row.drafter_label,
        row.submitted_at,
        row.decided_at,
        row.decided_by_label,
        row.issued_on,
        row.clause,
    ]
