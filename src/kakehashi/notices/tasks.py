"""Background work of notices: look for due mails, deliver each in a transaction of its own."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep, task
from kakehashi.notices.services import claim_due_notices
from kakehashi.notices.services import deliver_notice as deliver_notice_service


@sweep(
    name="notices.claim_due_notices",
    seconds=5,
    patience=15,
    waiting=who_has("notices_notice", "mail_state = 'waiting' AND next_attempt_at <= now()"),
)
def claim_due(government_id: UUID) -> None:
    """Queue the mails of one government that are due."""
    claim_due_notices()


@task("notices.deliver_notice")
def deliver_notice(government_id: UUID, notice_id: str) -> None:
    """Mail one notice."""
    deliver_notice_service(notice_id=UUID(notice_id))
