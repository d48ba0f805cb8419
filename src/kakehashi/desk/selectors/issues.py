"""Reads of cross-section issues, and of the same trouble elsewhere in the house."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet

from kakehashi.desk.domain.likeness import Likeness, likeness
from kakehashi.desk.domain.states import LABELS, is_open
from kakehashi.desk.models import Consultation, CrossIssue, IssueMember
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.search.selectors import search_texts

OPEN = [state.value for state in LABELS if is_open(state)]
_ALIKE_ENOUGH = 0.3
_MOST_ALIKE = 12


def issues_in(state: str) -> QuerySet[CrossIssue]:
    """Issues of one state (all for an unknown one) with the number of consultations and of sections."""
    rows = CrossIssue.objects.select_related("owner").annotate(
        asked=Count("members"), sections=Count("members__consultation__department", distinct=True)
    )
    return rows.filter(state=state) if state in CrossIssue.State.values else rows


def get_issue(issue_id: UUID) -> CrossIssue:
    """Return one issue. Raises NotFound."""
    found = CrossIssue.objects.select_related("owner").filter(id=issue_id).first()
    if found is None:
        raise NotFound
    return found


def members_of(issue: CrossIssue) -> list[IssueMember]:
    """The consultations of an issue, oldest first."""
    rows = IssueMember.objects.filter(issue=issue)
    return list(
        rows.select_related("consultation__department", "consultation__asked_by", "consultation__case").order_by("id")
    )


def issue_of(consultation: Consultation) -> CrossIssue | None:
    """The issue a consultation belongs to, or None."""
    member = IssueMember.objects.filter(consultation=consultation).select_related("issue").first()
    return member.issue if member is not None else None


def open_issues() -> list[CrossIssue]:
    """Issues a consultation may still join, newest first."""
    return list(CrossIssue.objects.filter(state=CrossIssue.State.OPEN).order_by("-raised_at")[:50])


def alike(
    actor: Actor, *, task: str, problem: str, purpose: str, leave_out: UUID | None = None
) -> list[tuple[Consultation, Likeness]]:
    """Open consultations with the same trouble, most alike first, with what is alike."""
    query = " ".join([task[:80], problem[:220], purpose[:90]]).replace("「", " ").replace("-", " ")
    if not query.strip():
        return []
    hits = search_texts(actor=actor, query=query, kinds=["desk.consultation"], limit=40)
    rows = Consultation.objects.filter(id__in=[hit.object_id for hit in hits], state__in=OPEN)
    most = max((hit.score for hit in hits), default=0.0) or 1.0
    words = {hit.object_id: hit.score / most for hit in hits}
    found = []
    for row in rows.select_related("department", "asked_by"):
        if row.id == leave_out:
            continue
        like = likeness(
            task=task, purpose=purpose, problem=problem,
            other_task=row.task, other_purpose=row.purpose, other_problem=row.problem, words=words[row.id],
        )  # fmt: skip
        if like.score >= _ALIKE_ENOUGH:
            found.append((row, like))
    return sorted(found, key=lambda pair: -pair[1].score)[:_MOST_ALIKE]


def same_trouble(actor: Actor, consultation: Consultation) -> list[Consultation]:
    """Open consultations with the trouble of this one, most alike first."""
    found = alike(
        actor, task=consultation.task, problem=consultation.problem, purpose=consultation.purpose, leave_out=consultation.id
    )  # fmt: skip
    return [row for row, _ in found]


def mergeable(consultation: Consultation, same: list[Consultation]) -> list[Consultation]:
    """What a consultation may go on in: those with the same trouble first, then the other open ones, newest first."""
    known = {consultation.id, *(row.id for row in same)}
    rows = Consultation.objects.filter(state__in=OPEN).exclude(id__in=known).select_related("department", "asked_by")
    return [*same, *rows.order_by("-created_at", "-id")[:100]]
