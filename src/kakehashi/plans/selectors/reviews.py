"""Reviews in the open scope."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.kernel.errors import NotFound
from kakehashi.plans.models import DxPlan, Initiative, PlanReview, ReviewLine


def reviews_of(plan: DxPlan) -> QuerySet[PlanReview]:
    """The reviews of a plan, the newest first, with how many lines they have (`lines_count`) and are unwritten (`waiting_count`)."""
    return (
        PlanReview.objects.filter(plan=plan)
        .annotate(lines_count=Count("lines"), waiting_count=Count("lines", filter=Q(lines__written_at__isnull=True)))
        .order_by("-fiscal_year", "-quarter", "-opened_at")
    )


def find_review(review_id: UUID) -> PlanReview:
    """The review with this id and its plan. Raises `NotFound`."""
    review = PlanReview.objects.filter(id=review_id).select_related("plan").first()
    if review is None:
        raise NotFound
    return review


def find_line(line_id: UUID) -> ReviewLine:
    """The line with this id, up to its plan. Raises `NotFound`."""
    line = (
        ReviewLine.objects.filter(id=line_id)
        .select_related("review__plan", "initiative__department", "initiative__program__policy")
        .first()
    )
    if line is None:
        raise NotFound
    return line


def lines_of(review: PlanReview) -> list[ReviewLine]:
    """The lines of a review in the order of the plan."""
    return list(
        ReviewLine.objects.filter(review=review)
        .select_related("initiative__department", "initiative__program__policy")
        .order_by("initiative__program__policy__number", "initiative__program__number", "initiative__number")
    )


def lines_about(initiative: Initiative) -> list[ReviewLine]:
    """What reviews said of an initiative, the newest first; only what was written."""
    return list(
        ReviewLine.objects.filter(initiative=initiative, written_at__isnull=False)
        .select_related("review")
        .order_by("-review__fiscal_year", "-review__quarter")
    )
