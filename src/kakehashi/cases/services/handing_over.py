"""引継ぎ: the open cases of whoever leaves a post go to the next holder in one act."""

from __future__ import annotations

from hashlib import sha256

from kakehashi.cases.models import Case
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.services.cases import assign_case
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person

MOST = 2000


@service
def hand_over_cases(*, actor: Actor, leaving: Person, successor: Person, department: Department | None) -> int:
    """Give the open cases of one person (of one section, unless None) to another; return how many. One event, with their digest.

    Raises `DomainError` when there are none, both are the same, the successor has left, or more than 2,000 would move at once.
    """
    require(actor, CasePermission.HANDLE)
    if leaving.id == successor.id:
        raise DomainError("引き継ぐ人を選び直してください。", field="successor")
    if not successor.is_active:
        raise DomainError("この職員は在籍していません。", field="successor")
    rows = Case.objects.select_for_update(of=("self",)).filter(handler=leaving, closed_at__isnull=True)
    if department is not None:
        rows = rows.filter(department=department)
    cases = list(rows.order_by("id")[: MOST + 1])
    if not cases:
        raise DomainError("引き継ぐ案件はありません。")
    if len(cases) > MOST:
        raise DomainError(f"一度に引き継げるのは{MOST:,}件までです。先に一部の担当を変えてください。")
    act_id = uuid7()
    for case in cases:
        assign_case(actor=actor, case=case, handler=successor, act_id=act_id)
    digest = sha256("\n".join(str(case.id) for case in cases).encode()).hexdigest()
    record_event(
        actor=actor,
        code="cases.list.handed_over",
        subject_kind="cases.list",
        subject_id=leaving.id,
        payload={"rows": len(cases), "digest": digest, "from": str(leaving.id), "to": str(successor.id)},
        act_id=act_id,
    )
    return len(cases)
