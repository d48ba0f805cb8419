"""Background work of notices: look for due mails, deliver each in a transaction of its own."""

from __future__ import annotations

import logging
from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import sweep, task
from kakehashi.kernel.shared_reads import shared_reads
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.services import claim_due_notices
from kakehashi.notices.services import deliver_notice as deliver_notice_service

_log = logging.getLogger("kakehashi.notices")


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
    """Mail one notice, queued before notices were queued by the handful."""
    deliver_notice_service(notice_id=UUID(notice_id))


@task("notices.deliver_notices", in_parts=True)
def deliver_notices(government_id: UUID, notice_ids: str) -> None:
    """Mail a handful of notices, each in a transaction of its own: what one meets takes nothing back that has left.

    `notice_ids`: with a comma between. One that fails unforeseen does not keep the others; it is tried again with the task, which
    passes over those that have left.
    """
    failed: Exception | None = None
    # All of them are signed by the same government, which need not be read twice for each.
    with shared_reads():
        for notice_id in notice_ids.split(","):
            try:
                with tenant_scope(government_id):
                    deliver_notice_service(notice_id=UUID(notice_id))
            except Exception as error:  # noqa: BLE001 - raised below, when the others have left
                _log.warning("notice %s could not be delivered: %s", notice_id, type(error).__name__)
                failed = error
    if failed is not None:
        raise failed
