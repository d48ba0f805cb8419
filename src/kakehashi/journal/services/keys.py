"""The change of the signing key, told in each government's own log."""

from __future__ import annotations

from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.key_history import HandOver
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.journal.models import Event
from kakehashi.journal.services.record import record_event
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id


@service
def record_key_change(*, hand_over: HandOver, reason: str) -> Event:
    """Write into the open government's log that its signing key was changed, and why.

    The command line does it, so the actor is the system; `reason` names the people (担当者の交代：山田→鈴木).
    """
    government_id = current_government_id()
    origin = origin_of(government_id)
    return record_event(
        actor=system_actor(government_id, "コマンド"),
        code="journal.key.changed",
        subject_kind="journal.log",
        subject_id=government_id,
        payload={
            "old": str(VerifierKey(origin, hand_over.old)),
            "new": str(VerifierKey(origin, hand_over.new)),
            "reason": reason[:200],
        },
    )
