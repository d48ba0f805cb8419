"""審査の決まり: what a procedure's clock leaves out, and how one objects to its decisions; and counting what is late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.standard_period import read_closings
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.domain.teaching import Review
from kakehashi.procedures.models import AppealRule, Application, LateCount, PeriodRule, Procedure
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["count_late", "set_appeal_rule", "set_period_rule"]

_ENDED = (State.COMPLETED.value, State.WITHDRAWN.value)


@service
def set_period_rule(
    *,
    actor: Actor,
    procedure: Procedure,
    leaves_out_corrections: bool,
    leaves_out_inquiries: bool,
    closings: Sequence[str] = (),
) -> PeriodRule:
    """Say what the 標準処理期間 leaves out. `closings` are spans of every year, `08-13/08-16`; raises DomainError beside them."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    spans = [one.strip() for one in closings if one.strip()]
    try:
        read_closings(spans)
    except ValueError:
        raise DomainError("休みの日は「08-13/08-16」のように、1行に1つ書いてください。", field="closings") from None
    values: dict[str, Any] = {
        "leaves_out_corrections": leaves_out_corrections, "leaves_out_inquiries": leaves_out_inquiries, "closings": spans,
    }  # fmt: skip
    rule: PeriodRule = PeriodRule.objects.update_or_create(procedure=procedure, defaults=values)[0]
    _record(actor, procedure, {"period": values})
    return rule


@service
def set_appeal_rule(
    *, actor: Actor, procedure: Procedure, review: str, office: str = "", months: int = 3, comes_first: bool = False
) -> AppealRule:
    """Say how one objects to a decision of the procedure. Raises DomainError for another office without its name, or no term."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    kind = Review(review)
    if kind is Review.OTHER and not office.strip():
        raise DomainError("審査請求先の行政庁を書いてください。", field="office", code="required")
    if not 1 <= months <= 12:
        raise DomainError("期間は1か月から12か月までです。", field="months")
    values: dict[str, Any] = {
        "review": kind.value,
        "review_office": office.strip()[:100] if kind is Review.OTHER else "",
        "review_months": months,
        "review_comes_first": comes_first and kind is not Review.NONE,
    }
    rule: AppealRule = AppealRule.objects.update_or_create(procedure=procedure, defaults=values)[0]
    _record(actor, procedure, {"appeal": values})
    return rule


@service
def count_late() -> int:
    """Count anew how many open applications of each procedure are past their due date; give how many procedures have any open.

    標準処理期間 ends with the decision: what was decided in time and still waits for its delivery is not late.
    """
    today, now = clock.today(), clock.now()
    undecided = Q(decided_at__isnull=True) | Q(decided_at__date__gt=F("case__due_on"))
    is_late = Q(case__due_on__lt=today) & undecided & ~Q(state=State.CORRECTING.value)
    rows = (
        Application.objects.exclude(state__in=_ENDED)
        .filter(procedure__standard_processing_days__isnull=False)
        .order_by()
        .values("procedure_id")
        .annotate(open=Count("id"), late=Count("id", filter=is_late))
    )
    found = [
        LateCount(procedure_id=row["procedure_id"], open=row["open"], late=row["late"], counted_at=now) for row in rows
    ]
    LateCount.objects.exclude(procedure_id__in=[each.procedure_id for each in found]).delete()
    LateCount.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["government_id", "procedure"],
        update_fields=["open", "late", "counted_at"],
        batch_size=1000,
    )
    return len(found)


def _record(actor: Actor, procedure: Procedure, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code="procedures.handling.changed", subject_kind=PROCEDURE, subject_id=procedure.id, payload=payload
    )  # fmt: skip
