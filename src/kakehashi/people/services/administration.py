"""Administrator power: opened with a reason, short, ending by itself. Opening, closing and ending are journal events."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import AdministratorSession
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import acting_staff

LONGEST = timedelta(hours=2)
CHOICES = (15, 30, 60, 120)


@service
def open_administrator_session(*, actor: Actor, reason: str, minutes: int = 30) -> AdministratorSession:
    """Open administrator power for a while. Raises DomainError without a reason or for more than two hours."""
    require(actor, PeoplePermission.ADMINISTER)
    reason = reason.strip()
    if len(reason) < 4:
        raise DomainError("何のために管理者の操作をするか、4字以上で書いてください。", field="reason")
    if not 1 <= minutes <= LONGEST.total_seconds() / 60:
        raise DomainError("時間は1分から120分の間で選んでください。", field="minutes")
    now = clock.now()
    session = AdministratorSession.objects.create(
        person=acting_staff(actor),
        reason=reason[:200],
        opened_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    record_event(
        actor=actor,
        code="people.administration.opened",
        subject_kind="people.administrator_session",
        subject_id=session.id,
        payload={"reason": session.reason, "ends_at": session.ends_at.isoformat()},
    )
    return session


@service
def close_administrator_session(*, actor: Actor, session: AdministratorSession) -> AdministratorSession:
    """Give the power back before its end. Closing twice, or after the end, changes nothing."""
    if actor.id != session.person_id:
        require(actor, PeoplePermission.ADMINISTER)
    current = AdministratorSession.objects.select_for_update().get(id=session.id)
    if current.closed_at is None:
        current.closed_at = clock.now()
        current.save(update_fields=["closed_at"])
        record_event(
            actor=actor,
            code="people.administration.closed",
            subject_kind="people.administrator_session",
            subject_id=current.id,
            payload={"by_itself": False},
        )
    return current


@service
def end_overdue_administrator_sessions(*, government_id: UUID) -> int:
    """Write down the end of sessions whose time ran out. The power itself ended at `ends_at`, with or without this."""
    overdue = AdministratorSession.objects.select_for_update(skip_locked=True).filter(
        closed_at__isnull=True, ends_at__lte=clock.now()
    )
    count = 0
    for session in overdue[:200]:
        session.closed_at = session.ends_at
        session.save(update_fields=["closed_at"])
        record_event(
            actor=system_actor(government_id, "時間切れ"),
            code="people.administration.closed",
            subject_kind="people.administrator_session",
            subject_id=session.id,
            payload={"by_itself": True},
        )
        count += 1
    return count
