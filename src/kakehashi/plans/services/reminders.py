"""Reminders of the indicators room as notices: the two rooms are neighbours and are joined here."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.actor import Actor
from kakehashi.notices.services import Recipient, send_notice

LATE_VALUE = "indicators.late"


def tell_late(actor: Actor, person_id: UUID, name: str, subject: str, text: str, url: str, key: UUID) -> None:
    """A notice of a late value, as the person chose to get such notices."""
    send_notice(
        actor=actor,
        kind=LATE_VALUE,
        to=Recipient(person_id=person_id, name=name),
        subject=subject,
        body_text=text,
        url=url,
        idempotency_key=key,
    )
