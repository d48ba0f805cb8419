"""Recording: one official act, one event, in the act's own transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kakehashi.journal.domain.canonical import canonical_json
from kakehashi.journal.hooks import event_label
from kakehashi.journal.models import Event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.rows import new_row
from kakehashi.kernel.services import service
from kakehashi.kernel.trace import note_act


def build_event(
    *,
    actor: Actor,
    code: str,
    subject_kind: str,
    subject_id: UUID,
    payload: dict[str, Any],
    act_id: UUID | None = None,
) -> Event:
    """An unsaved event, for statements that insert several rows at once.

    Raises KeyError for an unknown code, NotCanonicalError for a payload that could never be sealed.
    """
    event_label(code)
    canonical_json(payload)
    act_id = act_id or uuid7()
    note_act(act_id)
    return new_row(
        Event,
        act_id=act_id,
        code=code,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_label=actor.label,
        post_id=actor.post_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        payload=payload,
    )


@service
def record_event(
    *,
    actor: Actor,
    code: str,
    subject_kind: str,
    subject_id: UUID,
    payload: dict[str, Any],
    act_id: UUID | None = None,
) -> Event:
    """Write one official act into the journal, in the caller's transaction.

    `act_id` joins the events of one act; nested verbs pass it on. Raises KeyError for an unknown code.
    """
    event = build_event(
        actor=actor, code=code, subject_kind=subject_kind, subject_id=subject_id, payload=payload, act_id=act_id
    )
    event.save(force_insert=True)
    return event
