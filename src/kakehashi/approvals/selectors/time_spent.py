"""Reads for 時間の使われ方: the traces of decided proposals, as values only; no row of a person is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kakehashi.approvals.domain.paper import PaperReason
from kakehashi.approvals.domain.states import StepKind
from kakehashi.approvals.domain.time_spent import StepTrace, Trace
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal, ProposalStep, ProposalVersion
from kakehashi.indicators.hooks import Period

_SAID = [OpinionKind.OPINION.value, OpinionKind.DISSENT.value, OpinionKind.RETURN.value]


@dataclass(frozen=True)
class Scope:
    """What is looked at: decisions of a period, of one section or matter if named."""

    period: Period
    department_id: UUID | None = None
    matter_code: str = ""


def decided_in_scope(scope: Scope) -> QuerySet[Proposal]:
    """Proposals decided in the period, in the order of matters and the organisation."""
    rows = Proposal.objects.filter(decided_at__gte=scope.period.start_at, decided_at__lt=scope.period.end_at)
    rows = rows.exclude(submitted_at=None)
    if scope.department_id is not None:
        rows = rows.filter(department_id=scope.department_id)
    if scope.matter_code:
        rows = rows.filter(matter_code=scope.matter_code)
    return rows.order_by("matter__order", "matter_code", "department__order", "department__code", "decided_at", "id")


def traces_of(scope: Scope) -> list[Trace]:
    """The traces behind every figure of the page. Four queries, however many proposals."""
    rows = decided_in_scope(scope).values_list(
        "id",
        "matter__name",
        "department__name",
        "decided_at",
        "paper_route_code",
        "paper_route_reason",
        "matter_code",
        "department_id",
    )
    proposals = list(rows)
    ids = decided_in_scope(scope).order_by().values("id")
    steps = _steps(ids)
    firsts = _first_submissions(ids)
    returns: dict[UUID, int] = {}
    for proposal_id in Opinion.objects.filter(proposal__in=ids, kind=OpinionKind.RETURN).values_list(
        "proposal_id", flat=True
    ):
        returns[proposal_id] = returns.get(proposal_id, 0) + 1
    return [
        Trace(
            proposal_id=row_id,
            matter=matter,
            section=section,
            submitted_at=firsts.get(row_id, decided_at),
            decided_at=decided_at,
            returns=returns.get(row_id, 0),
            paper=_paper(code, reason),
            steps=tuple(steps.get(row_id, ())),
            matter_code=matter_code,
            department_id=department_id,
        )
        for row_id, matter, section, decided_at, code, reason, matter_code, department_id in proposals
        if decided_at is not None
    ]


def _paper(code: str, reason: str) -> str:
    """The list's words; what was written beside them may name somebody."""
    if code:
        return PaperReason(code).label
    return PaperReason.OTHER.label if reason else ""


def _first_submissions(ids: QuerySet[Proposal, Any]) -> dict[UUID, dt.datetime]:
    """When each first went round: `submitted_at` is that of the last round."""
    rows = ProposalVersion.objects.filter(proposal__in=ids).order_by("-round")
    return dict(rows.values_list("proposal_id", "submitted_at"))


def _steps(ids: QuerySet[Proposal, Any]) -> dict[UUID, list[StepTrace]]:
    """Boxes of every round that somebody stamped electronically; a stamp carried from an earlier round took no time again."""
    said = set(Opinion.objects.filter(proposal__in=ids, kind__in=_SAID).values_list("step_id", flat=True))
    rows = ProposalStep.objects.filter(
        proposal__in=ids, activated_at__isnull=False, acted_at__gte=F("activated_at"), carried_round__isnull=True
    ).exclude(kind=StepKind.ABOVE.value)
    found: dict[UUID, list[StepTrace]] = {}
    for step_id, proposal_id, kind, reached, seen, acted, post in rows.order_by("round", "order", "id").values_list(
        "id", "proposal_id", "kind", "activated_at", "seen_at", "acted_at", "post_label"
    ):
        if reached is not None and acted is not None:
            trace = StepTrace(StepKind(kind), reached, seen, acted, post, step_id in said)
            found.setdefault(proposal_id, []).append(trace)
    return found


def return_reasons(scope: Scope) -> list[tuple[UUID, str, str, str]]:
    """差戻しの理由 as written: (proposal, matter, section, words), in the order of matters; who wrote them is not read."""
    ids = decided_in_scope(scope).order_by().values("id")
    rows = Opinion.objects.filter(proposal__in=ids, kind=OpinionKind.RETURN).order_by(
        "proposal__matter__order", "proposal__department__order", "written_at"
    )
    return list(rows.values_list("proposal_id", "proposal__matter__name", "proposal__department__name", "text"))


def proposals_behind(scope: Scope, part: str, key: str) -> QuerySet[Proposal]:
    """The proposals behind a figure: all, returned, paper (key: the reason), consulted (key: matter and post)."""
    rows = decided_in_scope(scope).select_related("department", "matter")
    if part == "returned":
        returned = Opinion.objects.filter(kind=OpinionKind.RETURN).values("proposal_id")
        return rows.filter(id__in=returned)
    if part == "paper":
        code = next((reason.value for reason in PaperReason if reason.label == key), None)
        on_paper = rows.exclude(paper_route_reason="")
        if not key:
            return on_paper
        if code == PaperReason.OTHER.value:
            return on_paper.filter(Q(paper_route_code=code) | Q(paper_route_code=""))
        return on_paper.filter(paper_route_code=code or "-")
    if part == "consulted":
        asked = ProposalStep.objects.filter(kind=StepKind.CONSULT.value, post_label=key).values("proposal_id")
        return rows.filter(id__in=asked)
    return rows
