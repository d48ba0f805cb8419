"""The change of the signing key, told in each government's own log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

from kakehashi.journal.adapters.earlier_keys import read_earlier_keys, write_earlier_keys
from kakehashi.journal.adapters.signing_key import load_key_history
from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.key_history import HandOver, KeyHistory
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.journal.models import Event
from kakehashi.journal.services.record import record_event
from kakehashi.kernel import clock
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


def history_of(government_id: UUID) -> KeyHistory:
    """Every key that may have signed this government's log, those from before it was moved here included."""
    history = load_key_history(settings.JOURNAL_KEY)
    return replace(history, moved=read_earlier_keys(settings.JOURNAL_OUTSIDE, government_id))


def journal_keys(government_id: UUID) -> list[tuple[bytes, datetime]]:
    """The keys of `history_of` with the moment until which each counts; the present one's is now. For moving the log out."""
    known = history_of(government_id).keys()
    return [(public, retired_at or clock.now()) for public, retired_at in known]


def trust_earlier_keys(government_id: UUID, keys: Sequence[tuple[bytes, datetime]]) -> None:
    """Believe these keys for what they signed of this government's log before it was moved here."""
    write_earlier_keys(settings.JOURNAL_OUTSIDE, government_id, keys)
