"""What a personnel change does to proposals on their way: posts keep them, a vacant post stops them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse

from kakehashi.approvals.domain.states import ProposalState, StepState
from kakehashi.approvals.models import ProposalStep
from kakehashi.people.hooks import Breakage, HandoverItem, HandoverSection, LosingPost

LISTED = 20


def _lying_with(post_ids: Sequence[UUID]) -> QuerySet[ProposalStep]:
    return ProposalStep.objects.filter(
        post_id__in=post_ids,
        state=StepState.ACTIVE.value,
        round=F("proposal__round"),
        proposal__state=ProposalState.IN_CIRCULATION.value,
    )


def in_flight_breakages(losing: Sequence[LosingPost], on: date) -> list[Breakage]:
    """Proposals that would lie with a post nobody holds. A post with a successor hands them on by itself."""
    found = []
    for post in losing:
        if not post.vacant:
            continue
        count = _lying_with([post.post_id]).count()
        if count:
            found.append(
                Breakage(
                    message=f"{post.post_name}が欠員になり、手元の起案{count}件が止まります。",
                    count=count,
                    url=reverse("approvals-staff:index") + "?box=all&state=in_circulation",
                )
            )
    return found


def handover_section(post_id: UUID, person_id: UUID | None, on: date) -> HandoverSection:
    """Proposals that lie with the post, for its next holder."""
    steps = _lying_with([post_id]).select_related("proposal").order_by("activated_at")
    return HandoverSection(
        title="手元にある起案",
        items=[
            HandoverItem(
                label=step.proposal.subject,
                url=reverse("approvals-staff:proposal", args=[step.proposal_id]),
                note=f"{step.kind_enum.label}（{step.proposal.drafter_label}の起案）",
            )
            for step in steps[:LISTED]
        ],
        total=steps.count(),
    )
