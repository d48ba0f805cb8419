"""Open, move, assign and close a case.

The room that owns the work checks its own permission before it calls `open_case`, `move_case` or `close_case`: a resident who
answers a correction moves the case too. Only `assign_case` is an act of this room's own pages and checks for itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from kakehashi.cases import hooks
from kakehashi.cases.domain.phases import Phase, sort_date
from kakehashi.cases.models import Case, Inquiry
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.services.following import tell_followers
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.rows import new_row
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person

SUBJECT_KIND = "cases.case"
_CLOSED = "この案件は完了しています。"
_FOLLOWED = {
    "cases.case.moved": "「{state}」になりました。",
    "cases.case.closed": "完了しました（{state}）。",
    "cases.case.reopened": "再開しました。",
    "cases.case.assigned": "担当が変わりました。",
    "cases.case.transferred": "担当課が変わりました。",
}


def build_case(
    *,
    actor: Actor,
    kind: str,
    subject: str,
    source_id: UUID,
    department: Department,
    requester_name: str,
    due_on: date | None = None,
    state_label: str = "新着",
) -> Case:
    """Return an unsaved case for `insert_together`; the caller's own event tells of it. Asks the database nothing.

    `department` is the one in charge; `due_on` a calendar date (None: no term). Raises UnknownKey for an unregistered kind.
    """
    hooks.case_kind(kind)
    return new_row(
        Case,
        kind=kind,
        source_id=source_id,
        fiscal_year=fiscal_year(clock.today()),
        subject=subject[:200],
        requester_name=requester_name[:100],
        department=department,
        phase=Phase.NEW.value,
        state_label=state_label,
        due_on=due_on,
        sort_on=sort_date(due_on),
        opened_at=clock.now(),
    )


@service
def open_case(
    *,
    actor: Actor,
    kind: str,
    subject: str,
    source_id: UUID,
    department: Department,
    requester_name: str,
    due_on: date | None = None,
    state_label: str = "新着",
    act_id: UUID | None = None,
) -> Case:
    """Open a case for a thing of an upper room and return it; a second call for the same thing returns the first case.

    The number comes later, from the worker. Raises UnknownKey for an unregistered kind.
    """
    case = build_case(
        actor=actor,
        kind=kind,
        subject=subject,
        source_id=source_id,
        department=department,
        requester_name=requester_name,
        due_on=due_on,
        state_label=state_label,
    )
    Case.objects.bulk_create([case], ignore_conflicts=True)
    kept: Case = Case.objects.select_related("department").get(kind=kind, source_id=source_id)
    if kept.id == case.id:
        _record(actor, "cases.case.opened", kept, act_id, kind=kind, source_id=str(source_id))
    return kept


@service
def move_case(
    *,
    actor: Actor,
    case: Case,
    phase: str,
    state_label: str,
    waiting_on: str = "",
    due_on: date | None = None,
    act_id: UUID | None = None,
) -> Case:
    """Move a case to another phase and return it, updated.

    `state_label` is the owning room's word for the state (審査中, 補正待ち …). With phase `waiting`, `waiting_on` says in words
    for whom (申請者, 税務課 …); the time of waiting runs on while it waits for the same. Work that another section has been asked
    about (照会) keeps waiting for that section. `due_on` replaces the due date when given. Phase `done` closes the case. Raises `Stale` when the case is already closed, ValueError for an unknown phase.
    """
    now = clock.now()
    target = Phase(phase)
    if target is Phase.WORKING and (asked := asked_section(case)):
        target, waiting_on = Phase.WAITING, asked
    waits = target is Phase.WAITING
    same = case.phase == Phase.WAITING and case.waiting_on == waiting_on
    changes: dict[str, Any] = {
        "phase": target.value,
        "state_label": state_label[:40],
        "waiting_on": waiting_on[:60] if waits else "",
        "waiting_since": (case.waiting_since if same else now) if waits else None,
        "closed_at": now if target is Phase.DONE else None,
    }
    if due_on is not None:
        changes |= {"due_on": due_on, "sort_on": sort_date(due_on)}
    _change_open(case, changes)
    code = "cases.case.closed" if target is Phase.DONE else "cases.case.moved"
    _record(actor, code, case, act_id, phase=target.value, state=case.state_label, waiting_on=case.waiting_on)
    return case


@service
def close_case(*, actor: Actor, case: Case, state_label: str = "完了", act_id: UUID | None = None) -> Case:
    """Close a case: nobody has to do anything any more. Raises `Stale` when it is closed already."""
    return move_case(actor=actor, case=case, phase=Phase.DONE, state_label=state_label, act_id=act_id)


@service
def reopen_case(*, actor: Actor, case: Case, state_label: str, act_id: UUID | None = None) -> Case:
    """Take a closed case up again, as a new act. Raises `DomainError` when it is open."""
    changes: dict[str, Any] = {"phase": Phase.WORKING.value, "state_label": state_label[:40], "closed_at": None}
    if not Case.objects.filter(id=case.id, closed_at__isnull=False).update(**changes):
        raise DomainError("この案件は完了していません。")
    _apply(case, changes)
    _record(actor, "cases.case.reopened", case, act_id, state=case.state_label)
    return case


@service
def assign_case(*, actor: Actor, case: Case, handler: Person | None, act_id: UUID | None = None) -> Case:
    """Give a case to a person of the government, or to nobody in particular (None), and return it.

    Raises `PermissionRefused`; `Stale` when the case is closed; `DomainError` when the person has left.
    """
    require(actor, CasePermission.HANDLE)
    if handler is not None and not handler.is_active:
        raise DomainError("この職員は在籍していません。", field="handler")
    previous = case.handler_id
    _change_open(case, {"handler_id": handler.id if handler else None})
    case.handler = handler
    _record(
        actor,
        "cases.case.assigned",
        case,
        act_id,
        handler_id=str(handler.id) if handler else None,
        previous_handler_id=str(previous) if previous else None,
    )
    return case


@service
def transfer_case(
    *, actor: Actor, case: Case, department: Department, handler: Person | None, reason: str, act_id: UUID | None = None
) -> Case:
    """Hand a case to another section (担当課を変える), to a person there or to nobody yet; the work itself goes on where it stands.

    `reason` is read by colleagues. The owning room or the view checks the permission: a rule may do it too.
    Raises `Stale` when it is closed, `DomainError` for a section or a person that is not there any more.
    """
    if handler is not None and not handler.is_active:
        raise DomainError("この職員は在籍していません。", field="handler")
    previous = {"department": str(case.department_id), "handler": str(case.handler_id or "")}
    _change_open(case, {"department_id": department.id, "handler_id": handler.id if handler else None})
    case.department, case.handler = department, handler
    _record(
        actor,
        "cases.case.transferred",
        case,
        act_id,
        state=department.name,
        handler_id=str(handler.id) if handler else None,
        reason=reason[:300],
        previous=previous,
    )
    return case


def asked_section(case: Case) -> str:
    """The section whose answer to a 照会 the case waits for, the one due first; empty when nobody was asked."""
    asked = Inquiry.objects.filter(case=case, answered_on__isnull=True).order_by("due_on", "id")
    return next(iter(asked.values_list("department__name", flat=True)[:1]), "")


def _change_open(case: Case, changes: dict[str, Any]) -> None:
    """Compare and set: the row changes only while it is open."""
    if not Case.objects.filter(id=case.id, closed_at__isnull=True).update(**changes):
        raise Stale(_CLOSED)
    _apply(case, changes)


def _apply(case: Case, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(case, name, value)


def _record(actor: Actor, code: str, case: Case, act_id: UUID | None, **payload: Any) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT_KIND, subject_id=case.id, payload=payload, act_id=act_id)
    if code in _FOLLOWED:
        tell_followers(actor, case, _FOLLOWED[code].format(state=case.state_label))
