"""Absences: recorded by the person or by 庶務, taken back by either. They are what a 代決 rests on, so each is an act."""

from __future__ import annotations

from datetime import datetime

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Absence, Person
from kakehashi.people.permissions import PeoplePermission


def _may_speak_for(actor: Actor, person: Person) -> None:
    if actor.id != person.id:
        require(actor, PeoplePermission.RECORD_ABSENCE)


@service
def record_absence(
    *, actor: Actor, person: Person, starts_at: datetime, ends_at: datetime, reason: str = ""
) -> Absence:
    """Say that a person cannot decide from one instant (included) to another (not included).

    Oneself needs no permission. A span that another one of the person covers entirely is answered with that one, so a second
    tap records nothing twice. Raises DomainError for reversed or past times, PermissionRefused for somebody else's absence.
    """
    _may_speak_for(actor, person)
    if ends_at <= starts_at:
        raise DomainError("終わりは始まりより後にしてください。", field="ends_at")
    if ends_at <= clock.now():
        raise DomainError("もう過ぎた時間は登録できません。", field="ends_at")
    # The person's row is the lock: two taps at once leave one absence.
    Person.objects.select_for_update().get(id=person.id)
    covering = Absence.objects.filter(
        person=person, cancelled_at__isnull=True, starts_at__lte=starts_at, ends_at__gte=ends_at
    ).first()
    if covering is not None:
        return covering
    absence = Absence.objects.create(
        person=person, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:100], recorded_by_id=actor.id
    )
    record_event(
        actor=actor,
        code="people.absence.recorded",
        subject_kind="people.person",
        subject_id=person.id,
        payload={
            "absence": str(absence.id),
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "reason": absence.reason,
        },
    )
    return absence


@service
def cancel_absence(*, actor: Actor, absence: Absence) -> Absence:
    """Take an absence back from now on. What was done on its strength before this instant stays right.

    An absence that has begun ends now; one that has not begun is struck out. Raises Stale when it is over or struck out already.
    """
    _may_speak_for(actor, absence.person)
    now = clock.now()
    current = Absence.objects.select_for_update().get(id=absence.id)
    if current.cancelled_at is not None or current.ends_at <= now:
        raise Stale("この不在は、すでに終わっているか取りやめられています。")
    if current.starts_at < now:
        current.ends_at = now
    else:
        current.cancelled_at = now
    current.save(update_fields=["ends_at", "cancelled_at"])
    record_event(
        actor=actor,
        code="people.absence.cancelled",
        subject_kind="people.person",
        subject_id=current.person_id,
        payload={"absence": str(current.id), "at": now.isoformat()},
    )
    return current
