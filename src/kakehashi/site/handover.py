"""What the rooms hand over when somebody leaves a post, and what a personnel change leaves without a hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from kakehashi.approvals.domain.states import StepState
from kakehashi.approvals.models import ProposalStep
from kakehashi.cases.models import Case
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.hooks import (
    Breakage,
    HandoverItem,
    HandoverSection,
    LosingPost,
    register_breakage_check,
    register_handover_part,
)
from kakehashi.people.models import Post, PostHolding
from kakehashi.records.models import RecordFile

_LISTED = 30
_WAITING = (StepState.WAITING.value, StepState.ACTIVE.value)


def _url(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def open_cases(post_id: UUID, holder_id: UUID | None, on: date) -> HandoverSection:
    """The open cases of whoever holds the post, those due first on top."""
    cases = Case.objects.filter(handler_id=holder_id, closed_at__isnull=True) if holder_id else Case.objects.none()
    rows = list(cases.order_by("sort_on", "id")[:_LISTED])
    items = [
        HandoverItem(
            f"{case.number or '番号待ち'} {case.subject}",
            _url("cases-staff:case", case.id),
            f"{case.state_label}{f'・期限 {format_wareki(case.due_on)}' if case.due_on else ''}",
        )
        for case in rows
    ]
    total = len(rows) if len(rows) < _LISTED else cases.count()
    return HandoverSection(
        "担当している案件", items, total, "案件をまとめて引き継ぐ", _hand_over_url(post_id, holder_id, on)
    )


def _hand_over_url(post_id: UUID, holder_id: UUID | None, on: date) -> str:
    """The page that hands the cases over: to the holder after the present one, where the change is known already."""
    if holder_id is None:
        return ""
    url = _url("cases-staff:hand-over", holder_id)
    after = PostHolding.objects.filter(post_id=post_id, valid_from__gt=on).exclude(person_id=holder_id)
    successor = after.order_by("valid_from").values_list("person_id", flat=True).first()
    return f"{url}?to={successor}" if successor else url


def waiting_steps(post_id: UUID, holder_id: UUID | None, on: date) -> HandoverSection:
    """The steps of approval that wait for the post, whoever holds it."""
    steps = ProposalStep.objects.filter(post_id=post_id, state__in=_WAITING).select_related("proposal")
    rows = list(steps.order_by("activated_at", "id")[:_LISTED])
    items = [
        HandoverItem(
            step.proposal.subject,
            _url("approvals-staff:proposal", step.proposal_id),
            "この職の番" if step.state == StepState.ACTIVE.value else "前の人の番",
        )
        for step in rows
    ]
    return HandoverSection("この職を待つ起案", items, len(rows) if len(rows) < _LISTED else steps.count())


def record_files(post_id: UUID, holder_id: UUID | None, on: date) -> HandoverSection:
    """The record files (簿冊) of the post's department that are still kept, the latest year first."""
    post = Post.objects.get(id=post_id)
    files = (
        RecordFile.objects.filter(department_id=post.department_id) if post.department_id else RecordFile.objects.none()
    )
    kept = files.exclude(expires_on__lt=on).order_by("-record_fiscal_year", "name")
    rows = list(kept[:_LISTED])
    items = [
        HandoverItem(
            f"{fiscal_year_label(row.record_fiscal_year)} {row.name}",
            _url("records-staff:file", row.id),
            f"満了日 {format_wareki(row.expires_on)}" if row.expires_on else "満了日は未定",
        )
        for row in rows
    ]
    return HandoverSection("所属の簿冊", items, len(rows) if len(rows) < _LISTED else kept.count())


def cases_without_hand(losing: Sequence[LosingPost], on: date) -> list[Breakage]:
    """Open cases of people who leave a post: a case belongs to a person and does not follow the post by itself."""
    names = {each.person_id: each.person_name for each in losing}
    counts = (
        Case.objects.filter(handler_id__in=names, closed_at__isnull=True)
        .values("handler_id")
        .annotate(n=Count("id"))
        .order_by("handler_id")
    )
    return [
        Breakage(
            f"{names[row['handler_id']]}さんが担当する案件が{row['n']}件残ります。",
            row["n"],
            _url("cases-staff:hand-over", row["handler_id"]),
        )
        for row in counts
    ]


def steps_without_hand(losing: Sequence[LosingPost], on: date) -> list[Breakage]:
    """Steps of approval that wait for a post nobody will hold."""
    vacant = {each.post_id: each.post_name for each in losing if each.vacant}
    counts = (
        ProposalStep.objects.filter(post_id__in=vacant, state__in=_WAITING)
        .values("post_id")
        .annotate(n=Count("id"))
        .order_by("post_id")
    )
    return [
        Breakage(
            f"空席になる{vacant[row['post_id']]}を、起案{row['n']}件が待っています。",
            row["n"],
            _url("approvals-staff:index"),
        )
        for row in counts
    ]


def register() -> None:
    """Tell people what the rooms above have to hand over."""
    register_handover_part("cases.open", open_cases)
    register_handover_part("approvals.waiting", waiting_steps)
    register_handover_part("records.files", record_files)
    register_breakage_check("cases.open", cases_without_hand)
    register_breakage_check("approvals.waiting", steps_without_hand)
