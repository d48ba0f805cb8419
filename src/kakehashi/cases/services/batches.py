"""Several cases at once: one act, whose events share its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from kakehashi.cases.models import Case
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import InboxFilter, export_rows
from kakehashi.cases.services.cases import assign_case
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Person

MOST = 500


@dataclass(frozen=True)
class Assigned:
    """One case of a batch: who had it before and who has it now."""

    case_id: UUID
    before: UUID | None
    after: UUID | None


@service
def assign_cases(*, actor: Actor, case_ids: Sequence[UUID], handler: Person | None) -> list[Assigned]:
    """Give several open cases to one person; cases closed meanwhile are passed over. Raises `DomainError` for none or >500."""
    require(actor, CasePermission.HANDLE)
    if not case_ids:
        raise DomainError("案件を選んでください。", code="required")
    if len(case_ids) > MOST:
        raise DomainError(f"一度に変えられるのは{MOST}件までです。")
    act_id = uuid7()
    cases = Case.objects.select_for_update().filter(id__in=case_ids, closed_at__isnull=True).order_by("id")
    done = []
    for case in cases:
        before = case.handler_id
        assign_case(actor=actor, case=case, handler=handler, act_id=act_id)
        done.append(Assigned(case.id, before, handler.id if handler else None))
    digest = sha256("\n".join(str(row.case_id) for row in done).encode()).hexdigest()
    record_event(
        actor=actor,
        code="cases.batch.finished",
        subject_kind="cases.batch",
        subject_id=act_id,
        payload={"act": "cases.assign", "done": len(done), "skipped": len(case_ids) - len(done), "digest": digest},
        act_id=act_id,
    )
    return done


@service
def undo_assignment(*, actor: Actor, rows: Sequence[Assigned]) -> int:
    """Give cases back to whom they belonged before, where nobody changed them since; return how many. A new act."""
    require(actor, CasePermission.HANDLE)
    act_id, count = uuid7(), 0
    for row in rows:
        case = Case.objects.filter(id=row.case_id, handler_id=row.after, closed_at__isnull=True).first()
        if case is None:
            continue
        previous = Person.objects.filter(id=row.before, is_active=True).first() if row.before else None
        assign_case(actor=actor, case=case, handler=previous, act_id=act_id)
        count += 1
    return count


@service
def export_cases(*, actor: Actor, wanted: InboxFilter, case_ids: Sequence[UUID] = ()) -> list[Case]:
    """The rows of an export. The list carries names of persons: the act is written with the number of rows and their digest."""
    require(actor, CasePermission.EXPORT)
    cases = export_rows(actor, wanted, [str(case_id) for case_id in case_ids])
    digest = sha256("\n".join(str(case.id) for case in cases).encode()).hexdigest()
    record_event(
        actor=actor,
        code="cases.list.exported",
        subject_kind="cases.list",
        subject_id=current_government_id(),
        payload={"rows": len(cases), "digest": digest, "tab": wanted.tab},
    )
    return cases
