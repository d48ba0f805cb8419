"""Many reported values at once: handed in, approved or returned, each as if alone; what cannot go on is named and left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from kakehashi.indicators.domain.reports import ReportStage
from kakehashi.indicators.models import ValueReport
from kakehashi.indicators.permissions import IndicatorsPermission
from kakehashi.indicators.services.reports import approve_report, return_report, submit_report
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

MOST = 500


@dataclass
class Handled:
    """What became of the chosen reports: how many went on, and why the others stayed."""

    done: int = 0
    left: list[tuple[ValueReport, str]] = field(default_factory=list)


@service
def handle_reports(*, actor: Actor, report_ids: Collection[UUID], to: ReportStage, answer: str = "") -> Handled:
    """Bring reports to 提出済み, 承認済み or 差し戻し, in the order they were written, each with its own entry in the journal.

    One's own, one in another stage, or one that another person took on meanwhile is left with the reason. Raises PermissionRefused,
    and DomainError for another stage, too many, or a return without a reason.
    """
    require(actor, IndicatorsPermission.RECORD if to is ReportStage.SUBMITTED else IndicatorsPermission.APPROVE)
    if to not in {ReportStage.SUBMITTED, ReportStage.APPROVED, ReportStage.RETURNED}:
        raise DomainError("提出・承認・差し戻しから選んでください。", field="to")
    if len(report_ids) > MOST:
        raise DomainError(f"一度に{MOST}件までです。", field="reports")
    if to is ReportStage.RETURNED and not answer.strip():
        raise DomainError("差し戻す理由を書いてください。", field="answer", code="required")
    found = Handled()
    rows = ValueReport.objects.filter(id__in=list(report_ids)).select_related("measure")
    for report in rows.order_by("created_at", "id"):
        try:
            with transaction.atomic():
                _bring(actor, report, to, answer)
        except DomainError as problem:
            found.left.append((report, problem.message))
        else:
            found.done += 1
    return found


def _bring(actor: Actor, report: ValueReport, to: ReportStage, answer: str) -> None:
    if to is ReportStage.SUBMITTED:
        submit_report(actor=actor, report=report)
    elif to is ReportStage.APPROVED:
        approve_report(actor=actor, report=report)
    else:
        return_report(actor=actor, report=report, answer=answer)
