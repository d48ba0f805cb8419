"""Writing down who read whose data, and forgetting it by rule."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection

from kakehashi.journal.hooks import sections_of
from kakehashi.journal.models import AccessAct, AccessRule
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors.accesses import access_rule
from kakehashi.journal.services.record import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.trace import current_request

__all__ = ["forget_accesses", "record_access", "set_access_rule"]

# One statement whatever the number of subjects: a page of fifty costs a page of one.
_INSERT = """
    WITH entry AS (
        INSERT INTO journal_accessentry (id, government_id, accessed_at, actor_kind, actor_id, actor_label, section_label,
            post_id, act, page, purpose, reason, request_id, subject_count)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    )
    INSERT INTO journal_accesssubject (id, government_id, entry_id, kind, subject_id)
    SELECT new.id, %s, %s, new.kind, new.subject_id
    FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS new (id, kind, subject_id)
"""


def record_access(
    *,
    actor: Actor,
    subjects: Collection[tuple[str, UUID]],
    purpose: str,
    page: str,
    act: AccessAct = AccessAct.VIEW,
    reason: str = "",
) -> UUID:
    """Write one access with everybody whose data it showed, in one statement of the caller's transaction; gives its id.

    `subjects` are (kind, id). `page` is the name of the page, or of the command for the program itself.
    """
    entry_id, government_id = uuid7(), current_government_id()
    rows = sorted(set(subjects))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                entry_id, government_id, clock.now(), actor.kind.value, actor.id, actor.label[:200],
                sections_of(actor).label[:200], actor.post_id, act.value, page[:80], purpose[:80], reason[:300],
                current_request(), len(rows), government_id, entry_id,
                [uuid7() for _ in rows], [kind for kind, _ in rows], [subject_id for _, subject_id in rows],
            ],
        )  # fmt: skip
    return entry_id


@service
def set_access_rule(*, actor: Actor, asks_reason: bool, shown_to_subject: str) -> AccessRule:
    """Decide whether other sections are asked for a reason, and what applicants see. Writes `journal.access_rule.changed`."""
    require(actor, JournalPermission.SET_RULES)
    rule = access_rule()
    rule.asks_reason, rule.shown_to_subject = asks_reason, shown_to_subject
    rule.save()
    record_event(
        actor=actor,
        code="journal.access_rule.changed",
        subject_kind="journal.access_rule",
        subject_id=rule.id,
        payload={"asks_reason": asks_reason, "shown_to_subject": shown_to_subject},
    )
    return rule


def forget_accesses(before: date, limit: int) -> int:
    """Forget accesses of days before `before`; gives the number.

    The web's role may not delete here: a function of the owner does, in the open scope only, and never anything younger
    than a year, so that whoever takes over the program cannot wipe what they just read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_forget_accesses(%s)", [datetime.combine(before, time(), clock.JST)])
        (count,) = cursor.fetchone() or (0,)
    return int(count)
